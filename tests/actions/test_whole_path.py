"""The main job, from the draft to the published record, through the actions."""

import json

import pytest
from sqlalchemy import select

from consult.actions import certifying, closing, opening, posting, publishing, replying
from consult.actions.change import Desk
from consult.core.life import SYSTEM, Act, NotNow, State
from consult.core.schedule import NoticeKind
from consult.core.verify import verify_record
from consult.errors import Incomplete, NotSettled, SamePerson
from consult.tables import Consultation, LedgerEntry, Notice, Record, Reply, RollEntry, reading
from tests import build


@pytest.fixture
def council(desk: Desk) -> dict[str, object]:
    build.council(desk, members=5)
    codes = ["ARG", "BHS", "BRA", "CAN", "CUB"]
    return {
        "officer": build.officer(desk),
        "approver": build.approver(desk),
        **{code: build.person(desk, f"Head of {code}", member=code) for code in codes},
    }


def entries(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        return list(session.scalars(select(LedgerEntry.what).order_by(LedgerEntry.number)))


def test_a_consultation_is_opened_replied_to_counted_certified_and_published(
    desk: Desk, council: dict
) -> None:
    officer, approver = council["officer"], council["approver"]
    slug = build.draft(desk, officer)
    build.open_it(desk, slug, officer, approver)
    for code in ("ARG", "BHS", "BRA"):
        draft = build.answer(code, "approve", "object", "approve", c2="Not this one.")
        assert replying.reply(desk, slug, council[code], build.sent(desk, draft)) == 1
    desk.clock.set(build.CLOSES_AT)
    late = build.answer("CAN", "approve", "approve", "approve")
    assert replying.reply(desk, slug, council["CAN"], build.sent(desk, late)) == 1

    with pytest.raises(NotSettled):
        posting.state_post(desk, slug, officer)
    build.later(desk, seconds=120)
    build.confirm(desk, posting.state_post(desk, slug, officer), approver)

    with reading(desk.engine) as session:
        letter = session.scalars(select(Consultation)).one()
        assert letter.state is State.COUNTED
        outcomes = {code: q["outcome"] for code, q in letter.result["questions"].items()}
    assert outcomes == {"1": "adopted", "2": "not_adopted", "3": "adopted"}

    said = certifying.Conclusion(
        texts=build.in_all("The dates stand."),
        adopted={"3": certifying.Adoption("Decision 620 (C20)", None)},
        authority="Chair, letter of 20 July 2020",
    )
    build.confirm(desk, certifying.conclude(desk, slug, officer, said), approver)
    assert publishing.publish(desk, slug, officer) == "2020/1"

    with reading(desk.engine) as session:
        record = session.scalars(select(Record)).one()
        results = session.scalars(select(Notice).where(Notice.kind == NoticeKind.RESULT)).all()
        assert session.scalars(select(Consultation.state)).one() is State.PUBLISHED
    findings = verify_record(record.content.encode())
    assert findings.faults == []
    assert len(results) == 5
    late_ones = json.loads(record.content)["result"]["questions"]["1"]["not_counted"]
    assert [(row["member"], row["reason"]) for row in late_ones] == [("CAN", "late")]


def test_opening_freezes_the_roll_enters_the_case_and_invites_all(
    desk: Desk, council: dict
) -> None:
    slug = build.draft(desk, council["officer"])
    build.open_it(desk, slug, council["officer"], council["approver"])

    assert entries(desk)[0] == "ledger-opened"
    assert entries(desk)[-3:] == ["countersigned", "opening", "notices-queued"]
    with reading(desk.engine) as session:
        roll = session.scalars(select(RollEntry.member).order_by(RollEntry.place)).all()
        invited = session.scalars(
            select(Notice.member).where(Notice.kind == NoticeKind.INVITATION)
        ).all()
    assert roll == ["ARG", "BHS", "BRA", "CAN", "CUB"]
    assert sorted(invited) == sorted(roll)


def test_who_submits_does_not_open(desk: Desk, council: dict) -> None:
    both = build.person(desk, "C. Both", *council["officer"].roles, *council["approver"].roles)
    slug = build.draft(desk, both)
    with pytest.raises(SamePerson):
        build.open_it(desk, slug, both, both)


def test_closing_is_entered_once_and_only_when_it_has_settled(desk: Desk, council: dict) -> None:
    slug = build.draft(desk, council["officer"])
    build.open_it(desk, slug, council["officer"], council["approver"])
    with pytest.raises(NotNow):
        closing.close(desk, slug)
    desk.clock.set(build.CLOSES_AT)
    with pytest.raises(NotSettled):
        closing.close(desk, slug)
    build.later(desk, seconds=120)
    closing.close(desk, slug)
    closing.close(desk, slug)
    assert entries(desk).count("closing") == 1


def test_every_change_is_chained(desk: Desk, council: dict) -> None:
    slug = build.draft(desk, council["officer"])
    build.open_it(desk, slug, council["officer"], council["approver"])
    with reading(desk.engine) as session:
        rows = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)).all()
        letter = session.scalars(select(Consultation)).one()
    assert [row.number for row in rows] == list(range(len(rows)))
    assert [row.prev for row in rows[1:]] == [row.head for row in rows[:-1]]
    assert (letter.number, letter.head) == (rows[-1].number, rows[-1].head)


def test_the_service_itself_holds_no_role() -> None:
    assert SYSTEM.roles == frozenset()
    assert Act.OPEN.value == "opening"


def test_a_reply_is_kept_with_its_receipt(desk: Desk, council: dict) -> None:
    slug = build.draft(desk, council["officer"])
    build.open_it(desk, slug, council["officer"], council["approver"])
    draft = build.answer("ARG", "approve", None, "abstain", c1="Gladly.")
    replying.reply(desk, slug, council["ARG"], build.sent(desk, draft))
    with reading(desk.engine) as session:
        stored = session.scalars(select(Reply)).one()
        line = session.scalars(select(RollEntry).where(RollEntry.member == "ARG")).one()
    assert json.loads(stored.receipt)["texts"][0]["text"] == "Gladly."
    assert (line.versions, line.complete) == (1, False)


def test_what_lacks_a_language_is_not_submitted(desk: Desk, council: dict) -> None:
    """Design, promise 10: unless the gap is waived."""
    subject = build.in_all("Dates") | {"zh": ""}
    slug = build.draft(desk, council["officer"], subject=subject)
    with pytest.raises(Incomplete) as refusal:
        opening.submit(desk, slug, council["officer"])
    assert ("subject@zh", "text-missing") in refusal.value.facts["missing"]
    waived = build.draft(
        desk,
        council["officer"],
        reference="CONS-2020/2",
        subject=subject,
        waived={"zh": "The translation follows."},
    )
    assert opening.submit(desk, waived, council["officer"])
