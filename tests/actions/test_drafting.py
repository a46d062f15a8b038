"""A draft is begun, copied, saved, numbered and discarded; its ledger begins with it."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from consult.actions import drafting
from consult.actions.change import Desk
from consult.core.ledger import hash_of, instant
from consult.core.life import SYSTEM, Actor, NotNow, State
from consult.errors import BadInput, Changed, NotAllowed, NotFound
from consult.queries.content import content_of, load_whole
from consult.queries.drafting import draft_of
from consult.tables import Body, Consultation, LedgerEntry, reading
from tests import build


@pytest.fixture
def officer(desk: Desk) -> Actor:
    build.council(desk, 3)
    return build.officer(desk)


def entries(desk: Desk, slug: str) -> list[tuple[str, dict[str, Any]]]:
    with reading(desk.engine) as session:
        rows = session.scalars(
            select(LedgerEntry.entry)
            .join(Consultation, Consultation.id == LedgerEntry.consultation_id)
            .where(Consultation.slug == slug)
            .order_by(LedgerEntry.number)
        )
        read = [json.loads(row) for row in rows]
    return [(entry["what"], entry["facts"]) for entry in read]


def content(desk: Desk, slug: str) -> dict[str, Any]:
    with reading(desk.engine) as session:
        letter = session.scalars(select(Consultation).where(Consultation.slug == slug)).one()
        return content_of(load_whole(session, letter.id), session.get_one(Body, letter.body_id))


def state(desk: Desk, slug: str) -> State:
    with reading(desk.engine) as session:
        return session.scalars(select(Consultation.state).where(Consultation.slug == slug)).one()


def test_the_ledger_begins_with_the_draft(desk: Desk, officer: Actor) -> None:
    slug = build.draft(desk, officer)
    assert slug == "CONS-2020-1"
    (opened, facts), (changed, fields) = entries(desk, slug)
    assert (opened, changed) == ("ledger-opened", "draft-changed")
    (kid,) = desk.keys.kids()
    assert facts == {"service": "Consult", "reference": "CONS-2020/1", "kid": kid}
    whole = content(desk, slug)
    assert fields["fields"]["items"] == hash_of(whole["items"])
    assert set(fields["fields"]) >= {"subject", "letter", "rule", "closes_at", "languages"}


def test_a_draft_from_nothing_is_as_the_body_has_it(desk: Desk, officer: Actor) -> None:
    slug = drafting.create(desk, officer, build.BODY, {"reference": "DM-20/1021"})
    whole = content(desk, slug)
    assert slug == "DM-20-1021"
    assert whole["rule"]["id"] == "itu-council"
    assert whole["languages"] == build.LANGUAGES
    assert whole["reminders"] == [10080, 2880, 240]
    assert whole["items"] == []
    assert whole["letter"]["place"]["en"] == "Geneva"
    assert whole["letter"]["signature"]["title"]["en"] == "Chair of the Council"


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("", "missing"),
        ("CONS-2020/1", "reference-taken"),
        ("CONS-2020-1", "reference-taken"),
        ("a b", "reference-shape"),
        ("../up", "reference-shape"),
        ("x" * 65, "reference-shape"),
    ],
)
def test_a_reference_must_be_free_also_as_an_address(
    desk: Desk, officer: Actor, reference: str, code: str
) -> None:
    build.draft(desk, officer)
    with pytest.raises(BadInput) as refused:
        drafting.create(desk, officer, build.BODY, {"reference": reference})
    assert refused.value.faults == {"reference": code}


def test_only_officers_and_the_service_itself_begin_drafts(desk: Desk, officer: Actor) -> None:
    with pytest.raises(NotAllowed):
        drafting.create(desk, build.approver(desk), build.BODY, {"reference": "A/1"})
    with pytest.raises(NotFound):
        drafting.create(desk, officer, "no-such-body", {"reference": "A/1"})
    with pytest.raises(BadInput):
        drafting.create(desk, officer, build.BODY, {"reference": "A/1", "colour": "red"})
    assert drafting.create(desk, SYSTEM, build.BODY, {"reference": "A/1"}) == "A-1"


def test_a_save_enters_the_parts_that_changed_and_no_other(desk: Desk, officer: Actor) -> None:
    slug = build.draft(desk, officer)
    whole = content(desk, slug)
    changes = {**whole, "subject": {"en": "Dates"}, "closes_at": "2020-08-04T14:00:00.000000Z"}
    assert drafting.save(desk, slug, officer, changes, seen=1) == 2
    what, facts = entries(desk, slug)[-1]
    assert what == "draft-changed"
    assert facts["fields"] == {
        "subject": hash_of({"en": "Dates"}),
        "closes_at": hash_of("2020-08-04T14:00:00.000000Z"),
    }
    assert content(desk, slug)["subject"] == {"en": "Dates"}


def test_saving_what_is_there_is_no_change(desk: Desk, officer: Actor) -> None:
    slug = build.draft(desk, officer)
    before = entries(desk, slug)
    assert drafting.save(desk, slug, officer, content(desk, slug), seen=0) == 1
    assert entries(desk, slug) == before


def test_what_a_colleague_saved_meanwhile_is_not_lost(desk: Desk, officer: Actor) -> None:
    slug = build.draft(desk, officer)
    drafting.save(desk, slug, officer, {"subject": {"en": "Theirs"}}, seen=1)
    with pytest.raises(Changed) as refused:
        drafting.save(desk, slug, officer, {"subject": {"en": "Mine"}}, seen=1)
    assert refused.value.facts["version"] == 2
    assert content(desk, slug)["subject"] == {"en": "Theirs"}
    assert drafting.save(desk, slug, officer, {"subject": {"en": "Mine"}}, seen=2) == 3


def test_a_draft_is_saved_in_any_state_of_completeness(desk: Desk, officer: Actor) -> None:
    slug = build.draft(desk, officer)
    nothing = {
        "languages": ["en"],
        "subject": {},
        "legal_basis": {},
        "letter": {},
        "items": [],
        "rule": None,
        "closes_at": None,
        "reminders": [],
    }
    drafting.save(desk, slug, officer, nothing, seen=1)
    assert {name: content(desk, slug)[name] for name in nothing} == nothing


def test_items_are_added_changed_moved_and_taken_away(desk: Desk, officer: Actor) -> None:
    slug = build.draft(desk, officer)
    first, second, third = content(desk, slug)["items"]
    fourth = build.item("4", "Any other question")
    wanted = [fourth, third, {**first, "to": "2021-06-20"}]
    drafting.save(desk, slug, officer, {"items": wanted}, seen=1)
    assert content(desk, slug)["items"] == wanted
    assert second not in wanted


def test_two_items_never_bear_one_number(desk: Desk, officer: Actor) -> None:
    slug = build.draft(desk, officer)
    twice = [build.item("1", "One"), build.item("1", "Another")]
    with pytest.raises(BadInput) as refused:
        drafting.save(desk, slug, officer, {"items": twice}, seen=1)
    assert refused.value.faults == {"items[1]": "number-taken"}
    with pytest.raises(BadInput) as refused:
        drafting.number(desk, slug, officer, {"1": "2"}, seen=1)
    assert refused.value.faults == {"items[2]": "number-taken"}


@pytest.mark.parametrize("number", ["general", "a b", "", "1/2"])
def test_a_number_must_fit_into_the_ledger(desk: Desk, officer: Actor, number: str) -> None:
    slug = build.draft(desk, officer)
    with pytest.raises(BadInput) as refused:
        drafting.number(desk, slug, officer, {"1": number}, seen=1)
    assert refused.value.faults == {f"items[{number}]": "number-shape"}


def test_items_swap_their_numbers_and_what_names_them_follows(desk: Desk, officer: Actor) -> None:
    annexes = [{"id": "1", "title": build.in_all("Draft Decision"), "item": "3"}]
    documents = [{"item": "3", "symbol": "C20/2", "title": build.in_all("A report")}]
    letter = {**build.content()["letter"], "annexes": annexes}
    slug = build.draft(desk, officer, letter=letter, documents=documents)
    assert drafting.number(desk, slug, officer, {"1": "3", "3": "1"}, seen=1) == 2
    whole = content(desk, slug)
    assert [item["id"] for item in whole["items"]] == ["3", "2", "1"]
    assert whole["items"][2]["title"]["en"] == "Draft Decision"
    assert whole["documents"][0]["item"] == "1"
    assert whole["letter"]["annexes"][0]["item"] == "1"
    assert set(entries(desk, slug)[-1][1]["fields"]) == {"items", "letter", "documents"}
    assert drafting.number(desk, slug, officer, {"1": "1"}, seen=0) == 2
    with pytest.raises(Changed):
        drafting.number(desk, slug, officer, {"1": "9"}, seen=1)


def test_a_copy_says_the_same_but_for_its_days_and_files(desk: Desk, officer: Actor) -> None:
    slug = build.draft(desk, officer, opens_at=instant(desk.clock()))
    copy = drafting.copy_of(desk, officer, slug, "CONS-2020/2")
    old, new = content(desk, slug), content(desk, copy)
    same = {"subject", "legal_basis", "letter", "items", "headings", "rule", "languages"}
    assert {name: new[name] for name in same} == {name: old[name] for name in same}
    assert new["reference"] == "CONS-2020/2"
    assert new["closes_at"] is None
    assert new["opens_at"] is None
    with pytest.raises(NotFound):
        drafting.copy_of(desk, officer, "no-such", "CONS-2020/3")


def test_a_discarded_draft_is_gone_and_its_ledger_stays(desk: Desk, officer: Actor) -> None:
    slug = build.draft(desk, officer)
    drafting.discard(desk, slug, officer)
    assert state(desk, slug) is State.DISCARDED
    assert entries(desk, slug)[-1] == ("draft-discarded", {})
    with pytest.raises(NotNow):
        drafting.save(desk, slug, officer, {"subject": {}}, seen=1)
    with pytest.raises(NotFound):
        draft_of(desk.engine, slug)


def test_only_a_draft_is_changed_and_only_by_an_officer(desk: Desk, officer: Actor) -> None:
    slug = build.draft(desk, officer)
    approver = build.approver(desk)
    with pytest.raises(NotAllowed):
        drafting.save(desk, slug, approver, {"subject": {}}, seen=1)
    with pytest.raises(NotAllowed):
        drafting.discard(desk, slug, approver)
    build.open_it(desk, slug, officer, approver)
    for act in (
        lambda: drafting.save(desk, slug, officer, {"subject": {}}, seen=1),
        lambda: drafting.number(desk, slug, officer, {"1": "9"}, seen=1),
        lambda: drafting.discard(desk, slug, officer),
    ):
        with pytest.raises(NotNow):
            act()
