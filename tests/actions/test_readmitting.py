"""Replies that were acknowledged outlive the database: receipts bring them back (T98)."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from consult import rules
from consult.actions import (
    certifying,
    documents,
    posting,
    publishing,
    recording,
    replying,
    requests,
    withdrawing,
)
from consult.actions.acknowledging import confirm_reply
from consult.actions.change import Desk
from consult.actions.readmitting import Became, readmit
from consult.core.answer import OnBehalf
from consult.core.canonical import canonical
from consult.core.life import Actor, Channel
from consult.core.reading import read
from consult.core.schedule import NoticeKind
from consult.core.signing import checkpoint_bytes, sign_receipt
from consult.core.upload import EVIDENCE
from consult.core.verify import Book, verify_receipt
from consult.core.verify_record import links_in
from consult.errors import Changed, NotAllowed, NotReadmitted, SamePerson, Waiting
from consult.keys import Keyring
from consult.queries.record import export_of
from consult.tables import Consultation, Notice, Record, Reply, RollEntry, reading
from tests import build
from tests.losing import lost, unguarded
from tests.stored import faults, kinds, letter

SLUG = "CONS-2020-1"
CODES = ["ARG", "BHS", "BRA"]
People = dict[str, Actor]


@pytest.fixture
def people(desk: Desk) -> People:
    build.council(desk, members=len(CODES))
    made = {
        "officer": build.officer(desk),
        "approver": build.approver(desk),
        **{code: build.person(desk, f"Head of {code}", member=code) for code in CODES},
    }
    build.draft(desk, made["officer"])
    build.open_it(desk, SLUG, made["officer"], made["approver"])
    return made


def reply(
    desk: Desk, people: People, member: str, *choices: str, base: int = 0, **said: str
) -> bytes:
    """Reply, and return the receipt as the member keeps it."""
    draft = build.answer(member, *(choices or ("approve",) * 3), base=base, **said)
    version = replying.reply(desk, SLUG, people[member], build.sent(desk, draft))
    return receipt(desk, member, version)


def receipt(desk: Desk, member: str, version: int = 1) -> bytes:
    with reading(desk.engine) as session:
        return (
            session.scalars(
                select(Reply.receipt).where(Reply.member == member, Reply.version == version)
            )
            .one()
            .encode()
        )


def replies(desk: Desk) -> list[Reply]:
    with reading(desk.engine) as session:
        return list(session.scalars(select(Reply).order_by(Reply.member, Reply.version)))


def confirm(desk: Desk, people: People, raw: bytes) -> None:
    """Ask as an officer, and confirm as another person what was shown."""
    found = readmit(desk, people["officer"], raw)
    assert found.became is Became.ASKED
    build.confirm(desk, found.number, people["approver"])


def why(desk: Desk, actor: Actor, raw: bytes, slug: str | None = None) -> str:
    with pytest.raises(NotReadmitted) as refused:
        readmit(desk, actor, raw, slug)
    return str(refused.value.facts["why"])


def fate(desk: Desk, raw: bytes) -> dict[str, Any]:
    """Look a receipt up in the ledger as it stands."""
    with reading(desk.engine) as session:
        export = export_of(session, session.scalars(select(Consultation)).one())
    found = verify_receipt(raw, Book(links_in(read(canonical(export)))))
    assert found.faults == []
    return dict(found.facts)


def close(desk: Desk) -> None:
    build.set_clock(desk, build.CLOSES_AT + timedelta(seconds=120))


def count(desk: Desk, people: People) -> None:
    close(desk)
    build.confirm(desk, posting.state_post(desk, SLUG, people["officer"]), people["approver"])


def certify(desk: Desk, people: People) -> None:
    said = certifying.Conclusion(texts=build.in_all("So decided."), adopted={})
    asked = certifying.conclude(desk, SLUG, people["officer"], said)
    build.confirm(desk, asked, people["approver"])


def question(desk: Desk, item: str = "1") -> dict[str, Any]:
    with reading(desk.engine) as session:
        result = session.scalars(select(Consultation.result)).one()
    assert result is not None
    return dict(result["questions"][item])


def outcome(desk: Desk, item: str = "1") -> str:
    return str(question(desk, item)["outcome"])


def test_what_was_lost_stands_again_as_it_was(desk: Desk, people: People) -> None:
    """T57, T98: its time, version, words and mandate; its receipt byte for byte."""
    with lost(desk.engine):
        raw = reply(desk, people, "ARG", "approve", "object", "abstain", c2="Pourquoi ?")
        was = replies(desk)[0]
    assert replies(desk) == []
    build.later(desk, hours=5)
    confirm(desk, people, raw)
    (row,) = replies(desk)
    assert row.receipt.encode() == raw
    for name in ("public", "version", "base", "received_at", "recorded_at", "choices", "comments",
                 "complete", "late", "person_id", "mandate_id", "channel", "language"):  # fmt: skip
        assert getattr(row, name) == getattr(was, name), name
    with reading(desk.engine) as session:
        line = session.scalars(select(RollEntry).where(RollEntry.member == "ARG")).one()
    assert (line.versions, line.replied_at, line.complete) == (1, was.received_at, True)
    assert faults(desk) == []
    assert fate(desk, raw)["verdict"] == "counted"
    with reading(desk.engine) as session:
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.READMITTED)).all()
    assert {notice.member for notice in told} == {"ARG"}
    assert told[0].data["asked_by"] == "A. Officer"


def test_it_is_asked_for_once_and_never_where_nothing_was_lost(desk: Desk, people: People) -> None:
    here = reply(desk, people, "BHS")
    with lost(desk.engine):
        raw = reply(desk, people, "ARG")
    first = readmit(desk, people["officer"], raw)
    again = readmit(desk, people["officer"], raw)
    assert (again.became, again.number) == (Became.WAITING, first.number)
    assert readmit(desk, people["officer"], here).became is Became.HERE
    build.confirm(desk, first.number, people["approver"])
    assert readmit(desk, people["officer"], raw).became is Became.HERE
    assert kinds(desk).count("reply-restored") == 1


def test_who_asked_does_not_confirm_and_who_may_not_does_not_ask(
    desk: Desk, people: People
) -> None:
    """T35, T98: four eyes; a member cannot readmit its own reply."""
    with lost(desk.engine):
        raw = reply(desk, people, "ARG")
    both = build.approver(desk, "C. Both")
    asked = readmit(desk, both, raw)
    with pytest.raises(SamePerson):
        build.confirm(desk, asked.number, both)
    with pytest.raises(NotAllowed):
        readmit(desk, people["ARG"], raw)
    assert replies(desk) == []


def test_a_request_that_lapsed_is_asked_for_anew(desk: Desk, people: People) -> None:
    with lost(desk.engine):
        raw = reply(desk, people, "ARG")
    readmit(desk, people["officer"], raw)
    build.later(desk, days=7)
    assert readmit(desk, people["officer"], raw).became is Became.ASKED
    requests.lapse(desk)
    assert faults(desk) == []


def test_a_number_that_another_reply_took_leaves_both(desk: Desk, people: People) -> None:
    """T98: the member replied again after the loss; what it sent last counts."""
    with lost(desk.engine):
        raw = reply(desk, people, "ARG", "object", "object", "object")
    build.later(desk, hours=1)
    reply(desk, people, "ARG")
    asked = readmit(desk, people["officer"], raw)
    assert (asked.version, asked.kept_as) == (1, 2)
    build.confirm(desk, asked.number, people["approver"])
    assert [(row.version, row.choices["1"]) for row in replies(desk)] == [
        (1, "approve"), (2, "object"),
    ]  # fmt: skip
    assert fate(desk, raw)["verdict"] == "superseded"
    assert faults(desk) == []
    assert reply(desk, people, "ARG", base=2)
    assert replies(desk)[-1].version == 3
    assert faults(desk) == []


def test_versions_come_back_in_any_order(desk: Desk, people: People) -> None:
    with lost(desk.engine):
        first = reply(desk, people, "ARG", "object", "object", "object")
        build.later(desk, hours=1)
        second = reply(desk, people, "ARG", base=1)
    confirm(desk, people, second)
    confirm(desk, people, first)
    assert [row.version for row in replies(desk)] == [1, 2]
    assert fate(desk, second)["verdict"] == "counted"
    assert fate(desk, first)["superseded_by"] == 2
    with reading(desk.engine) as session:
        line = session.scalars(select(RollEntry).where(RollEntry.member == "ARG")).one()
    assert (line.versions, line.reached_at) == (2, replies(desk)[1].received_at)
    assert faults(desk) == []


def test_what_was_shown_has_changed_if_the_number_was_taken(desk: Desk, people: People) -> None:
    """T35: the second person confirms under which number it is kept."""
    with lost(desk.engine):
        raw = reply(desk, people, "ARG")
    asked = readmit(desk, people["officer"], raw)
    reply(desk, people, "ARG", "object", "object", "object")
    with pytest.raises(Changed):
        build.confirm(desk, asked.number, people["approver"])
    requests.send_back(desk, people["approver"], asked.number, "Ask anew.")
    confirm(desk, people, raw)
    assert len(replies(desk)) == 2


def test_a_late_reply_is_late_again_and_a_timely_one_counts_after_the_deadline(
    desk: Desk, people: People
) -> None:
    """T74, T98: allowed until certification; the statement of the post waits for it."""
    with lost(desk.engine):
        timely = reply(desk, people, "ARG")
        build.set_clock(desk, build.CLOSES_AT)
        late = reply(desk, people, "BRA")
    close(desk)
    asked = readmit(desk, people["officer"], timely)
    with pytest.raises(Waiting):
        posting.state_post(desk, SLUG, people["officer"])
    build.confirm(desk, asked.number, people["approver"])
    confirm(desk, people, late)
    count(desk, people)
    found = question(desk)
    assert found["positions"]["ARG"] == "approve"
    assert [(one["member"], one["reason"]) for one in found["not_counted"]] == [("BRA", "late")]
    assert faults(desk) == []


def test_after_the_certification_the_record_is_corrected(desk: Desk, people: People) -> None:
    """T60, T76, T98: as after a ruling; every member is told, where the count changes."""
    with lost(desk.engine):
        raw = reply(desk, people, "BHS")
    reply(desk, people, "ARG")
    count(desk, people)
    assert outcome(desk) == "not_adopted"
    certify(desk, people)
    publishing.publish(desk, SLUG, people["officer"])
    confirm(desk, people, raw)
    assert outcome(desk) == "adopted"
    assert letter(desk).state.value == "counted"
    with reading(desk.engine) as session:
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.READMITTED)).all()
    assert {(notice.member, notice.data["overtook"]) for notice in told} == {
        (code, "published") for code in CODES
    }
    certify(desk, people)
    publishing.publish(desk, SLUG, people["officer"])
    with reading(desk.engine) as session:
        records = session.scalars(select(Record).order_by(Record.id))
        assert [row.revision for row in records] == [0, 1]
    assert faults(desk) == []


def test_a_superseded_reply_leaves_a_published_record_certified(desk: Desk, people: People) -> None:
    """T60, T98: nothing decided changes, and the record may still say what was readmitted."""
    with lost(desk.engine):
        raw = reply(desk, people, "ARG", "object", "object", "object")
    build.later(desk, hours=1)
    reply(desk, people, "ARG")
    count(desk, people)
    certify(desk, people)
    publishing.publish(desk, SLUG, people["officer"])
    confirm(desk, people, raw)
    assert letter(desk).state.value == "published"
    publishing.publish(desk, SLUG, people["officer"])
    assert faults(desk) == []


def test_certification_waits_for_a_reply_that_is_asked_for(desk: Desk, people: People) -> None:
    """T35: also one that was asked for while the certification waited."""
    with lost(desk.engine):
        raw = reply(desk, people, "ARG")
    count(desk, people)
    said = certifying.Conclusion(texts=build.in_all("So decided."), adopted={})
    certification = certifying.conclude(desk, SLUG, people["officer"], said)
    asked = readmit(desk, people["officer"], raw)
    with pytest.raises(Waiting):
        build.confirm(desk, certification, people["approver"])
    build.confirm(desk, asked.number, people["approver"])
    assert outcome(desk) == "not_adopted"
    assert faults(desk) == []


def test_a_reply_on_behalf_comes_back_with_its_paper(desk: Desk, people: People) -> None:
    """T69, T98: received and recorded when it was; the member may still confirm it."""
    with lost(desk.engine):
        kept = documents.keep(desk, b"%PDF-1.7\nnote\n", "n.pdf", "application/pdf", EVIDENCE)
        paper = OnBehalf(
            draft=build.answer("BHS", "object", "object", "object"),
            key="paper",
            channel=Channel.LETTER,
            received_at=desk.clock(),
            scan=kept.sha256,
            reason="It came by post.",
            language="en",
        )
        request = recording.record(desk, SLUG, people["officer"], paper, kept)
        build.confirm(desk, request, people["approver"])
        raw = receipt(desk, "BHS")
        was = replies(desk)[0]
    build.later(desk, hours=1)
    confirm(desk, people, raw)
    (row,) = replies(desk)
    assert (row.received_at, row.recorded_at) == (was.received_at, was.recorded_at)
    confirm_reply(desk, SLUG, people["BHS"], "BHS", 1)
    assert faults(desk) == []


def test_a_restored_objection_breaks_the_silence(desk: Desk) -> None:  # T33, T98
    build.council(desk, members=3)
    people = {
        "officer": build.officer(desk),
        "approver": build.approver(desk),
        "ARG": build.person(desk, "Head of ARG", member="ARG"),
    }
    silence = rules.load_data("silence-un-74-544")
    build.draft(desk, people["officer"], rule=silence, reminders=[])
    build.open_it(desk, SLUG, people["officer"], people["approver"])
    draft = build.answer("ARG", None, "object", None, c2="The dates collide.")
    with lost(desk.engine):
        replying.reply(desk, SLUG, people["ARG"], build.sent(desk, draft))
        raw = receipt(desk, "ARG")
    confirm(desk, people, raw)
    assert "broken" in kinds(desk)
    assert faults(desk) == []


def test_a_focal_point_whom_the_database_lost_too_is_no_hindrance(
    desk: Desk, people: People
) -> None:
    """T98: who sent it stands in the receipt; the register need not know."""
    with lost(desk.engine):
        people["new"] = build.person(desk, "New alternate", member="ARG", head=False)
        draft = build.answer("ARG", "approve", "approve", "approve")
        replying.reply(desk, SLUG, people["new"], build.sent(desk, draft))
        raw = receipt(desk, "ARG")
    confirm(desk, people, raw)
    (row,) = replies(desk)
    assert (row.person_id, row.mandate_id) == (None, None)
    assert faults(desk) == []


def test_what_proves_nothing_here_is_refused_in_a_word(desk: Desk, people: People) -> None:
    """T98: foreign, altered, of another consultation, of words that were lost too."""
    with lost(desk.engine):
        raw = reply(desk, people, "ARG")
    officer = people["officer"]
    made = json.loads(raw)
    assert why(desk, officer, canonical({**made, "version": 2})) == "altered"
    thief = Keyring(desk.files / "other", makes_own=True).make()
    forged = sign_receipt(thief, made, made["checkpoint"])
    assert why(desk, officer, canonical(forged)) == "foreign-key"
    assert why(desk, officer, raw, "ANOTHER") == "other-letter"

    ours = desk.keys.signer(made["kid"])

    def signed(**changed: Any) -> bytes:
        """Sign what our key would never have signed here: a letter that went another way."""
        entry = json.loads(raw)["entry"]
        entry = {**entry, **{k: v for k, v in changed.items() if k == "ledger"}}
        facts = {k: v for k, v in changed.items() if k in entry["facts"]}
        entry["facts"] = {**entry["facts"], **facts}
        whole = {**made, **facts, "entry": entry}
        whole["consultation"] = {**made["consultation"], **changed.get("consultation", {})}
        stated = {**made["checkpoint"], "ledger": entry["ledger"]}
        stated["signature"] = ours.sign(checkpoint_bytes(stated))
        return canonical(sign_receipt(ours, whole, stated))

    other = "00000000-0000-4000-8000-000000000000"
    assert why(desk, officer, signed(ledger=other, consultation={"id": other})) == "not-here"
    renamed = {"reference": "CONS-2020/9"}
    assert why(desk, officer, signed(consultation=renamed)) == "other-letter"
    assert why(desk, officer, signed(consultation={"rehearsal": True})) == "other-letter"
    assert why(desk, officer, signed(member="XXX")) == "not-on-roll"
    answered = {**made["answered"], "revision": 1}
    assert why(desk, officer, signed(answered=answered)) == "other-words"
    answered = {**made["answered"], "texts": "ab" * 32}
    assert why(desk, officer, signed(answered=answered)) == "other-words"
    assert kinds(desk).count("approval-asked") == 1
    assert faults(desk) == []


def test_nothing_is_readmitted_to_a_letter_that_was_withdrawn(desk: Desk, people: People) -> None:
    with lost(desk.engine):
        raw = reply(desk, people, "ARG")
    asked = withdrawing.withdraw(
        desk, SLUG, people["officer"], withdrawing.NewWithdrawal(None, "No need.", "Chair, 10 July")
    )
    build.confirm(desk, asked, people["approver"])
    assert why(desk, people["officer"], raw) == "state"


def test_a_restored_reply_that_was_changed_in_the_tables_is_found(
    desk: Desk, people: People
) -> None:
    """T47, T48, T98: the receipt proves it, and `verify --db` holds entry and row against it."""
    with lost(desk.engine):
        raw = reply(desk, people, "ARG")
        other = reply(desk, people, "ARG", "object", "object", "object", base=1)
    confirm(desk, people, raw)
    (row,) = replies(desk)
    for changed, found in (
        ({"receipt": other.decode()}, "the receipt holds another entry"),
        ({"choices": {"1": "object", "2": None, "3": None}}, "the stored reply is not what"),
        ({"receipt": json.dumps({**json.loads(raw), "signature": None})}, "it is not signed"),
    ):
        with unguarded(desk.engine) as connection:
            connection.execute(sa.update(Reply).values(**changed))
        assert any(found in fault for fault in faults(desk)), found
        with unguarded(desk.engine) as connection:
            connection.execute(sa.update(Reply).values(receipt=row.receipt, choices=row.choices))
    assert faults(desk) == []
