"""Each statement of each act fails in turn, and each answer gets lost: all or nothing, once.

T61, T67, T70, T71; trust, section 12: the points are counted and pinned.
"""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from consult import rules
from consult.actions import (
    certifying,
    closing,
    commenting,
    contesting,
    disposing,
    documents,
    drafting,
    extending,
    following,
    mandates,
    opening,
    posting,
    publishing,
    readmitting,
    recording,
    replying,
    revising,
    ruling,
    viewing,
    withdrawing,
)
from consult.actions.change import Desk
from consult.actions.naming import Naming
from consult.actions.withdrawing import NewWithdrawal
from consult.core.answer import NewReply, OnBehalf
from consult.core.extension import NewDeadline
from consult.core.life import Act, Actor, Channel, NotNow, Revising
from consult.core.round import Disposed, NewComment, Remark, content_hash
from consult.core.upload import EVIDENCE
from consult.errors import AlreadyDecided, BadInput, Changed, Waiting
from consult.tables import Consultation, Reply, Request, reading
from tests import build
from tests.durability.acts import Trial
from tests.durability.points import POINTS
from tests.losing import lost
from tests.revising import SLUG, retitled
from tests.stored import faults

SILENCE = rules.load_data("silence-un-74-544")
NOTE = b"%PDF-1.7\na note\n"
WHY = "The dates collide with the Assembly."
CODES = ["ARG", "BHS", "BRA"]
CHAIR = "Chair, letter of 10 July 2020"


@pytest.fixture
def trial(desk: Desk) -> Trial:
    return Trial(desk)


@pytest.fixture
def people(desk: Desk) -> dict[str, Actor]:
    build.council(desk, members=len(CODES))
    return {
        "officer": build.officer(desk),
        "approver": build.approver(desk),
        **{code: build.person(desk, f"Head of {code}", member=code) for code in CODES},
    }


def as_pinned(trial: Trial, path: str) -> None:
    """Refuse points that nobody counted; and whatever the faults left in the ledger."""
    assert faults(trial.desk) == []
    print(f"{path}: {sum(trial.points.values())} points in {len(trial.points)} acts")  # noqa: T201
    here = ["sqlite", "postgresql"].index(trial.desk.engine.dialect.name)
    assert trial.points == {act: points[here] for act, points in POINTS[path].items()}


def confirm(trial: Trial, act: Act, who: Actor) -> None:
    """Let a second person confirm; a second time it is decided already."""
    with reading(trial.desk.engine) as session:
        waits = session.scalars(
            select(Request.id).where(Request.act == act, Request.decided_at.is_(None))
        ).one()
    trial(f"{act.value} confirmed", lambda: build.confirm(trial.desk, waits, who), AlreadyDecided)


def said(desk: Desk, member: str, *choices: str | None, base: int = 0, **more: str) -> NewReply:
    return build.sent(desk, build.answer(member, *choices, base=base, **more))


def opened(desk: Desk, people: dict[str, Actor], **more: Any) -> None:
    build.draft(desk, people["officer"], **more)
    build.open_it(desk, SLUG, people["officer"], people["approver"])


def entry_of(desk: Desk, member: str) -> int:
    with reading(desk.engine) as session:
        return session.scalars(select(Reply.number).where(Reply.member == member)).one()


def closed(desk: Desk) -> None:
    build.set_clock(desk, build.CLOSES_AT + timedelta(seconds=120))


def conclusion() -> certifying.Conclusion:
    return certifying.Conclusion(texts=build.in_all("So decided."), adopted={})


def test_from_the_draft_to_an_open_letter_that_changes(
    trial: Trial, people: dict[str, Actor]
) -> None:
    desk, officer, approver = trial.desk, people["officer"], people["approver"]
    legal = {"legal_basis": build.in_all("Rule 4.")}
    trial("draft", lambda: build.draft(desk, officer), BadInput)
    trial("draft saved", lambda: drafting.save(desk, SLUG, officer, legal, seen=1))
    trial("submitted", lambda: opening.submit(desk, SLUG, officer), NotNow)
    confirm(trial, Act.OPEN, approver)

    alternate = Naming(
        member="ARG",
        head=False,
        name="Al Ternate",
        address="al@example.org",
        language="en",
        telephone=None,
        paper="note verbale 12/2020",
    )
    trial("mandate asked", lambda: mandates.name(desk, officer, alternate))
    confirm(trial, Act.MANDATE, approver)

    to = NewDeadline(build.CLOSES_AT + timedelta(days=3), "BRA", "A holiday.", CHAIR)
    trial("extension asked", lambda: extending.extend(desk, SLUG, officer, to), Waiting)
    confirm(trial, Act.EXTEND, approver)

    kind, changes = Revising.CORRIGENDUM, {**retitled(desk, 1, "Chair"), "reason": "Misprinted."}
    trial("revision begun", lambda: revising.begin(desk, SLUG, officer, kind, None), Changed)
    trial("revision saved", lambda: revising.save(desk, SLUG, officer, changes, seen=0))
    trial("revision asked", lambda: revising.submit(desk, SLUG, officer, seen=1), Waiting)
    confirm(trial, Act.CORRECT, approver)

    trial(
        "withdrawal asked",
        lambda: withdrawing.withdraw(
            desk, SLUG, officer, NewWithdrawal(None, "No more need.", CHAIR)
        ),
        Waiting,
    )
    confirm(trial, Act.WITHDRAW, approver)
    as_pinned(trial, "letter")


def test_from_a_reply_to_the_record(trial: Trial, people: dict[str, Actor]) -> None:
    desk, officer, approver = trial.desk, people["officer"], people["approver"]
    opened(desk, people)
    drafted = build.answer("ARG", "approve", None, None)
    trial(
        "reply drafted",
        lambda: replying.save_draft(desk, SLUG, people["ARG"], drafted, expected_hash=None),
    )
    first = said(desk, "ARG", "approve", None, None)
    assert trial("reply", lambda: replying.reply(desk, SLUG, people["ARG"], first)) == 1
    second = said(desk, "ARG", "approve", "object", "abstain", base=1, c2="Why not.")
    assert trial("reply again", lambda: replying.reply(desk, SLUG, people["ARG"], second)) == 2

    build.set_clock(desk, build.CLOSES_AT)
    late = said(desk, "BRA", "approve", "approve", "approve")
    assert trial("late reply", lambda: replying.reply(desk, SLUG, people["BRA"], late)) == 1

    kept = documents.keep(desk, NOTE, "note.pdf", "application/pdf", EVIDENCE)
    paper = OnBehalf(
        draft=build.answer("BHS", "object", "object", "object"),
        key="paper",
        channel=Channel.LETTER,
        received_at=build.CLOSES_AT - timedelta(hours=1),
        scan=kept.sha256,
        reason="It came by post.",
        language="en",
    )
    trial("paper asked", lambda: recording.record(desk, SLUG, officer, paper, kept))
    confirm(trial, Act.RECORD, approver)

    closed(desk)
    trial("closing", lambda: closing.close(desk, SLUG))
    trial("statement asked", lambda: posting.state_post(desk, SLUG, officer), Waiting)
    confirm(trial, Act.STATE_POST, approver)

    grounds = contesting.Contention("BRA", 1, "It was sent before, see the log.")
    trial("contest", lambda: contesting.contest(desk, SLUG, people["BRA"], grounds))
    ruled = ruling.Ruling(entry_of(desk, "BRA"), counts=True, reasons="It was.", authority=CHAIR)
    trial("ruling asked", lambda: ruling.rule(desk, SLUG, officer, ruled), Waiting)
    confirm(trial, Act.RULE, approver)

    trial("concluded", lambda: certifying.conclude(desk, SLUG, officer, conclusion()), Waiting)
    confirm(trial, Act.CERTIFY, approver)
    trial("publication", lambda: publishing.publish(desk, SLUG, officer), NotNow)

    again = following.Following("CONS-2020/2", frozenset({"2"}), None)
    trial("second round", lambda: following.follow(desk, SLUG, officer, again), BadInput)
    as_pinned(trial, "reply")


def test_a_lost_reply_is_readmitted(trial: Trial, people: dict[str, Actor]) -> None:
    """T35, T98: nothing or all of it, whatever fails while it is taken in again."""
    desk = trial.desk
    opened(desk, people)
    with lost(desk.engine):
        new = said(desk, "ARG", "approve", None, None, c1="Why not.")
        replying.reply(desk, SLUG, people["ARG"], new)
        with reading(desk.engine) as session:
            raw = session.scalars(select(Reply.receipt)).one().encode()
    trial("readmission asked", lambda: readmitting.readmit(desk, people["officer"], raw))
    confirm(trial, Act.READMIT, people["approver"])
    as_pinned(trial, "readmission")


def test_an_objection_to_silence(trial: Trial, people: dict[str, Actor]) -> None:
    desk = trial.desk
    opened(desk, people, rule=SILENCE, reminders=[])
    objects = said(desk, "ARG", None, "object", None, c2=WHY)
    assert trial("objection", lambda: replying.reply(desk, SLUG, people["ARG"], objects)) == 1
    lifts = said(desk, "ARG", None, None, None, base=1)
    assert trial("lifted", lambda: replying.reply(desk, SLUG, people["ARG"], lifts)) == 2
    as_pinned(trial, "silence")


def test_comments_and_what_becomes_of_them(trial: Trial, people: dict[str, Actor]) -> None:
    desk, officer, approver = trial.desk, people["officer"], people["approver"]
    text = build.item("1", "Dates", kind="text", text=build.in_all("One.\n\nTwo."))
    build.draft(desk, officer, kind="comments", rule=None, items=[text])
    trial("submitted", lambda: opening.submit(desk, SLUG, officer), NotNow)
    confirm(trial, Act.OPEN, approver)
    remarks = (Remark("1", "2", "Say which hall.", "", "en"),)
    trial(
        "comments drafted",
        lambda: commenting.save_draft(desk, SLUG, people["ARG"], "ARG", remarks, 0, None),
    )
    new = NewComment("ARG", remarks, 0, "k" * 32, desk.clock(), "en", content_hash(remarks))
    assert trial("comment", lambda: commenting.comment(desk, SLUG, people["ARG"], new)) == 1
    closed(desk)
    trial("statement asked", lambda: posting.state_post(desk, SLUG, officer), Waiting)
    confirm(trial, Act.STATE_POST, approver)
    with reading(desk.engine) as session:
        table = session.scalars(select(Consultation.result)).one()
    remark = table["rows"][0]["remark"]
    trial(
        "disposition",
        lambda: disposing.dispose(desk, SLUG, officer, remark, Disposed.ACCEPTED, {}),
    )
    as_pinned(trial, "round")


def test_an_exchange_of_views(trial: Trial, people: dict[str, Actor]) -> None:
    desk, officer = trial.desk, people["officer"]
    build.draft(desk, officer)
    wanted = viewing.Exchange("Argentina asks for it.", "ARG")
    trial("views asked", lambda: viewing.ask_views(desk, SLUG, officer, wanted), Waiting)
    confirm(trial, Act.VIEWS, people["approver"])
    trial(
        "view",
        lambda: viewing.state_view(desk, SLUG, people["ARG"], "ARG", "In May.", "en", "k" * 32),
    )
    as_pinned(trial, "views")
