"""A consultation comes in from its file as a draft, with its ledger begun."""

from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from consult.actions import importing
from consult.actions.change import Desk
from consult.actions.drafting import REHEARSAL
from consult.core.letter import OWN_SECTIONS, missing
from consult.core.life import SYSTEM, State
from consult.errors import BadInput
from consult.queries.content import content_of, load_whole
from consult.tables import Body, Consultation, LedgerEntry, reading
from tests import build

FOLDER = Path(__file__).parent.parent.parent / "consult" / "data" / "itu-council-2020"
LEAST = """
consultation:
  reference: X/1
  body: itu-council
  languages: [en]
  subject: {en: A subject}
"""


def text(name: str) -> str:
    return (FOLDER / f"consultation-{name}.yaml").read_text(encoding="utf-8")


def faults(content: str) -> dict[str, str]:
    with pytest.raises(BadInput) as refused:
        importing.content_from_yaml(content)
    return refused.value.faults


@pytest.mark.parametrize(("name", "items"), [("dates", 12), ("chairs", 19)])
def test_the_letters_of_2020_become_drafts_without_a_gap(desk: Desk, name: str, items: int) -> None:
    build.council(desk)
    slug = importing.import_consultation(desk, SYSTEM, text(name))
    with reading(desk.engine) as session:
        letter = session.scalars(select(Consultation).where(Consultation.slug == slug)).one()
        whole = load_whole(session, letter.id)
        content = content_of(whole, session.scalars(select(Body)).one())
        entered = session.scalars(select(LedgerEntry.what).order_by(LedgerEntry.number)).all()
    assert (whole.state, len(whole.items)) == (State.DRAFT, items)
    assert entered == ["ledger-opened", "draft-changed"]
    assert [path for code in content["languages"] for path in missing(content, code)] == []


@pytest.mark.parametrize(
    ("said", "asked", "is_one"),
    [("", False, False), ("", True, True), ("true", False, True), ("false", False, False)],
)
def test_a_file_begins_a_rehearsal_where_it_says_so_or_is_asked_to(
    desk: Desk, said: str, asked: bool, is_one: bool
) -> None:
    build.council(desk, 3)
    file = LEAST + (f"  rehearsal: {said}\n" if said else "")
    importing.import_consultation(desk, SYSTEM, file, rehearsal=asked)
    with reading(desk.engine) as session:
        letter = session.scalars(select(Consultation)).one()
        begun = session.scalars(select(LedgerEntry.entry).order_by(LedgerEntry.number)).first()
    assert letter.rehearsal is is_one
    assert ('"rehearsal":true' in str(begun)) is is_one
    assert (letter.illustrative == REHEARSAL) is is_one


def test_whether_it_is_a_rehearsal_is_said_by_true_or_false() -> None:
    assert faults(LEAST + "  rehearsal: perhaps\n") == {
        "consultation.rehearsal": "must be true or false"
    }


def test_the_products_own_sections_give_way_and_the_others_stay() -> None:
    given = yaml.safe_load(text("dates"))["consultation"]["letter"]["sections"]
    kept = importing.content_from_yaml(text("dates"))["letter"]["sections"]
    assert [s["id"] for s in kept] == [s["id"] for s in given if s["id"] not in OWN_SECTIONS]
    assert all(s["text"]["ar"] for s in kept)


def test_notes_are_kept_as_remarks() -> None:
    content = importing.content_from_yaml(text("dates"))
    assert content["remarks"]["illustrative"] is True
    assert content["illustrative"] == importing.INVENTED
    assert set(content["items"][0]["remarks"]) == {"illustrative", "provenance"}


def test_a_post_may_be_named_once_for_all_items() -> None:
    items = importing.content_from_yaml(text("chairs"))["items"]
    assert items[0]["post"]["fr"] == "Vice-Président"
    assert (items[0]["term_from"], items[0]["term_to"]) == ("2020-07-17", "2022-10-14")


def test_a_comment_round_is_taken_in_without_a_rule() -> None:
    content = importing.content_from_yaml(text("outcome"))
    assert content["kind"] == "comments"
    assert "rule" not in content
    assert [item["id"] for item in content["items"]] == list("1234567")


def test_a_comment_round_with_a_vote_contradicts_itself() -> None:
    assert (
        "no vote"
        in faults(text("outcome").replace("vote: false", "vote: true"))["consultation.vote"]
    )


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ("  colour: red\n", "consultation.colour"),
        ("  closes_at: 2020-07-17T18:00:00\n", "consultation.closes_at"),
        ("  rule: none-such\n", "consultation.rule"),
        ("  reminders: [10, x]\n", "consultation.reminders[1]"),
        ("  disclosure: never\n", "consultation.disclosure"),
        ("  letter: {colour: red}\n", "consultation.letter.colour"),
        ("  letter: {subject: {en: Other}}\n", "consultation.letter.subject"),
        ("  letter: {to: {xx: You}}\n", "consultation.letter.to.xx"),
        ("  items: [{id: '1', title: {en: A}}]\n", "consultation.items[0].kind"),
        ("  items: [{id: g g, kind: text, title: {en: A}}]\n", "consultation.items[0].id"),
        (
            "  items: [{id: '1', kind: text, title: {en: A}, from: 2020-02-30}]\n",
            "consultation.items[0].from",
        ),
        (
            "  items: [{id: '1', kind: text, title: {en: A}, heading: '2'}]\n",
            "consultation.items[0].heading",
        ),
        (
            "  items: [{id: '1', kind: appointment, title: {en: A}, post: king}]\n",
            "consultation.items[0].post",
        ),
    ],
)
def test_a_fault_is_told_with_its_path(more: str, path: str) -> None:
    importing.content_from_yaml(LEAST)
    assert path in faults(LEAST + more)


def test_two_items_of_one_number_are_refused() -> None:
    item = "{id: '1', kind: text, title: {en: A}}"
    assert faults(LEAST + f"  items: [{item}, {item}]\n") == {
        "consultation.items[1]": "number-taken"
    }


def test_what_is_no_yaml_is_told_with_its_line() -> None:
    assert list(faults("a: [1\nb: 2")) == ["line 2"]
    assert list(faults("a: &x 1\nb: *x")) == ["line 2"]


def test_a_letter_of_a_body_that_is_not_there_is_refused(desk: Desk) -> None:
    with pytest.raises(BadInput, match="no such body"):
        importing.import_consultation(desk, SYSTEM, LEAST)


def test_a_reference_that_is_taken_is_refused(desk: Desk) -> None:
    build.council(desk)
    importing.import_consultation(desk, SYSTEM, LEAST)
    with pytest.raises(BadInput, match="reference-taken"):
        importing.import_consultation(desk, SYSTEM, LEAST)
