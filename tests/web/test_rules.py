"""An officer copies a rule, changes it in a form, tries it on numbers and saves it to a body."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from consult.actions.change import Desk
from consult.queries.bodyrules import Book, Written, book_of
from consult.queries.drafting import draft_of
from consult.tables import Body, Seat, writing
from tests import build
from tests.forms import Form, form_with, forms_of, send
from tests.statements import statements

_STATEMENTS = 7


def copy_of(rule: str) -> str:
    return f"/en/office/rules/new?body={build.BODY}&from={rule}"


NEW = copy_of("itu-council")
MINE = f"/en/office/rules/{build.BODY}/two-thirds"


@pytest.fixture
def who(desk: Desk, client: FlaskClient) -> FlaskClient:
    build.council(desk, 48)
    build.sign_in(client, desk, build.officer(desk))
    return client


def opened(client: FlaskClient, address: str = NEW) -> Form:
    return form_with(client.get(address).text, "seen")


def book(desk: Desk) -> Book:
    return book_of(desk.engine, build.BODY, "en")


def two_thirds(client: FlaskClient, **more: str) -> None:
    typed = {"title_en": "Two thirds of members", "source": "Rule 99", "slug": "two-thirds"}
    answer = send(client, NEW, opened(client), "save", **typed, line_0_value="2/3", **more)
    assert answer.status_code == 303, answer.text


def saved(desk: Desk, slug: str = "two-thirds") -> Written:
    return book(desk).find(slug)


def test_the_list_says_of_each_rule_what_it_takes(who: FlaskClient) -> None:
    html = who.get("/en/office/rules").text
    assert "25 of 48 must approve." in html
    assert "It cannot be used on this roll" in html
    assert "None yet." in html


def test_a_copy_is_shown_in_words_and_saves_nothing(desk: Desk, who: FlaskClient) -> None:
    answer = send(who, NEW, opened(who), "show", line_0_value="66.66 %", line_0_compare="at_least")
    assert answer.status_code == 200
    assert "32 of 48 must approve." in answer.text
    assert "at least 66.66% of all Member States entitled to vote" in answer.text
    assert not book(desk).written


def test_a_rule_is_saved_with_its_source_and_stands_in_the_list(
    desk: Desk, who: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="consult.security"):
        two_thirds(who, line_0_compare="at_least", name_object_en="Reject")
    kept = saved(desk)
    assert kept.data["adopted_if"] == {"count": "approve", "at_least": "2/3", "over": "entitled"}
    assert kept.data["id"] == "two-thirds"
    assert kept.data["source"] == "Rule 99"
    assert kept.data["names"] == {"object": {"en": "Reject"}}
    said = [one.getMessage() for one in caplog.records if one.name == "consult.security"]
    assert said == ["body rule saved"]
    html = who.get("/en/office/rules").text
    assert "Two thirds of members" in html
    assert "32 of 48 must approve." in html
    assert "Written by A. Officer." in html


def test_lines_are_added_and_removed_and_what_was_typed_is_kept(
    desk: Desk, who: FlaskClient
) -> None:
    answer = send(who, NEW, opened(who), "add", title_en="Mine", line_0_value="3/5")
    more = form_with(answer.text, "seen")
    assert (more.fields["title-en"], more.fields["line-0-value"]) == ("Mine", "3/5")
    assert more.fields["line-1-value"] == "1/2"
    answer = send(
        who,
        NEW,
        more,
        "show",
        join="any",
        line_1_count="object",
        line_1_compare="at_most",
        line_1_over="",
        line_1_value="0",
    )
    assert "one of these: Approvals: more than 60% of all Member States entitled" in answer.text
    assert "An item can be adopted though no Member State approves it." in answer.text
    less = form_with(send(who, NEW, form_with(answer.text, "seen"), "remove:0").text, "seen")
    assert less.fields["line-0-count"] == "object"
    assert "line-1-count" not in less.fields
    assert not book(desk).written


def test_a_quorum_is_asked_for(desk: Desk, who: FlaskClient) -> None:
    two_thirds(who, quorum="one", quorum_compare="at_least", quorum_value="3/4")
    quorum = saved(desk).data["quorum"]
    assert quorum == {"count": "replied", "at_least": "3/4", "over": "entitled"}


def test_tests_within_tests_are_shown_in_words_and_kept(desk: Desk, who: FlaskClient) -> None:
    with writing(desk.engine) as session:
        session.execute(update(Seat).values(weights={"population": "1"}))
    address = copy_of("eu-qualified-majority")
    form = opened(who, address)
    assert "This part came with the copy and is kept as it is." in who.get(address).text
    answer = send(who, address, form, "save", title_en="Ours", source="Ours", slug="ours")
    assert answer.status_code == 303
    first = saved(desk, "ours").data["adopted_if"]["any"][0]
    assert [one["count"] for one in first["all"]] == ["approve", "approve", "approve"]


def test_it_is_tried_on_numbers(who: FlaskClient) -> None:
    """If 30 approve and 5 object?"""
    typed = {"try_0_approve": "30", "try_0_object": "5"}
    html = send(who, NEW, opened(who), "try", **typed).text
    assert "30 of 48 Member States entitled to vote approved." in html
    assert 'class="outcome a"' in html
    typed["try_0_approve"] = "24"
    html = send(who, NEW, opened(who), "try", **typed).text
    assert "1 fewer than needed" in html
    assert "5 objected, 0 abstained, 19 did not reply" in html


def test_more_than_there_are_cannot_reply(who: FlaskClient) -> None:
    answer = send(who, NEW, opened(who), "try", try_0_approve="44", try_0_object="5")
    assert "Write smaller numbers: there are only 48 such Member States." in answer.text
    assert 'href="#try-0-approve"' in answer.text


def test_numbers_are_asked_for_each_group_that_the_rule_names(who: FlaskClient) -> None:
    shown = send(who, NEW, opened(who), "show", line_0_among="A")
    assert "In group A" in shown.text
    typed = {"try_0_approve": "5", "try_1_approve": "30"}
    html = send(who, NEW, form_with(shown.text, "seen"), "try", **typed).text
    assert "Counted: 5 of 9. Met." in html


def test_members_are_named_where_the_rule_weighs_them(desk: Desk, who: FlaskClient) -> None:
    with writing(desk.engine) as session:
        session.execute(update(Seat).values(weights={"units": "2"}))
    form = form_with(send(who, NEW, opened(who), "show", line_0_by="units").text, "seen")
    typed = {"try_codes_approve": "KEN, BRA", "try_codes_object": "XXX"}
    html = send(who, NEW, form, "try", **typed).text
    assert "Not entitled on the present roll: XXX." in html
    html = send(who, NEW, form, "try", **{**typed, "try_codes_object": "JPN"}).text
    assert "4 of 96" in html


@pytest.mark.parametrize(
    ("typed", "words", "at"),
    [
        ({"line_0_value": "half"}, "Write a fraction such as 2/3", "line-0-value"),
        ({"line_0_over": "", "line_0_value": "2/3"}, "Write a whole number", "line-0-value"),
        ({"title_en": ""}, "Write what the rule is called", "title-en"),
        ({"source": ""}, "Write the text that the rule follows", "source"),
        ({"slug": "Ours!"}, "Use up to 40 small letters", "slug"),
        ({"line_0_value": "1/1"}, "no item could ever be adopted", "main"),
        ({"line_0_among": "Z"}, "Not a valid choice", "line-0-among"),
    ],
)
def test_what_cannot_be_saved_is_refused_beside_its_field(
    desk: Desk, who: FlaskClient, typed: dict[str, str], words: str, at: str
) -> None:
    form = opened(who)
    given = {"title_en": "Mine", "source": "Rule 1", "slug": "mine", **typed}
    answer = send(who, NEW, form, "save", **given)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'href="#{at}"' in answer.text
    assert not book(desk).written


def test_a_position_that_nobody_can_take_is_refused_at_its_line(who: FlaskClient) -> None:
    form = opened(who)
    del form.fields["offer-approve"]
    answer = send(who, NEW, form, "show")
    assert answer.status_code == 422
    assert "nobody can take it: Approvals" in answer.text
    assert 'href="#line-0-count"' in answer.text


def test_a_group_and_a_weight_that_the_roll_has_not_are_refused(who: FlaskClient) -> None:
    address = copy_of("iso-enquiry")
    typed = {"title_en": "Mine", "source": "Rule 1", "slug": "mine"}
    answer = send(who, address, opened(who, address), "save", **typed)
    assert answer.status_code == 422
    assert "nobody on the present roll is in group P." in answer.text
    assert 'href="#line-0-count"' in answer.text


def test_a_name_is_given_once(who: FlaskClient) -> None:
    two_thirds(who)
    typed = {"title_en": "Again", "source": "Rule 1", "slug": "two-thirds"}
    answer = send(who, NEW, opened(who), "save", **typed)
    assert answer.status_code == 422
    assert "the body has a rule of this name" in answer.text


def test_a_change_holds_for_later_letters_alone(desk: Desk, who: FlaskClient) -> None:
    two_thirds(who)
    slug = build.draft(desk, build.officer(desk, "C. Officer"))
    step = f"/en/office/{slug}/draft/4"
    assert send(who, step, opened(who, step), rule="written-two-thirds").status_code == 303
    taken = draft_of(desk.engine, slug).content["rule"]
    answer = send(who, MINE, opened(who, MINE), "save", line_0_value="3/4")
    assert answer.status_code == 303
    assert saved(desk).version == 2
    assert draft_of(desk.engine, slug).content["rule"] == taken
    assert 'value="as-it-stands"' in who.get(step).text


def test_two_who_change_it_at_once_are_told(desk: Desk, who: FlaskClient) -> None:
    two_thirds(who)
    first, second = opened(who, MINE), opened(who, MINE)
    assert send(who, MINE, first, "save", line_0_value="3/4").status_code == 303
    answer = send(who, MINE, second, "save", line_0_value="4/5")
    assert answer.status_code == 409
    assert "Somebody saved this rule meanwhile." in answer.text
    assert send(who, MINE, form_with(answer.text, "seen"), "save").status_code == 303
    assert saved(desk).data["adopted_if"]["more_than"] == "4/5"


def test_a_retired_rule_is_offered_to_no_letter(desk: Desk, who: FlaskClient) -> None:
    two_thirds(who)
    page = who.get("/en/office/rules").text
    form = next(one for one in forms_of(page) if one.action.endswith("/two-thirds/retire"))
    assert send(who, "", form).status_code == 303
    slug = build.draft(desk, build.officer(desk, "C. Officer"))
    assert "written-two-thirds" not in who.get(f"/en/office/{slug}/draft/4").text
    assert who.get(MINE).status_code == 404
    assert "Retired (1)" in who.get("/en/office/rules").text


def test_an_item_may_have_a_rule_of_its_own(desk: Desk, who: FlaskClient) -> None:
    two_thirds(who)
    slug = build.draft(desk, build.officer(desk, "C. Officer"))
    address = f"/en/office/{slug}/draft/2/items/2"
    form = form_with(who.get(address).text, "rule")
    assert form.fields["rule"] == ""
    assert send(who, address, form, "save", rule="written-two-thirds").status_code == 303
    item = draft_of(desk.engine, slug).item("2")
    assert item["rule"]["id"] == "two-thirds"
    form = form_with(who.get(address).text, "rule")
    assert form.fields["rule"] == "written-two-thirds"
    assert send(who, address, form, "save", rule="").status_code == 303
    assert draft_of(desk.engine, slug).item("2")["rule"] is None


def test_step_four_warns_of_what_is_odd_and_a_letter_is_not_opened_under_what_cannot_be(
    desk: Desk, who: FlaskClient
) -> None:
    never = {
        "title": {"en": "All and one more"},
        "choices": ["approve", "object"],
        "silence": "absent",
        "adopted_if": {"count": "approve", "more_than": "1/1", "over": "entitled"},
    }
    slug = build.draft(desk, build.officer(desk, "C. Officer"), rule=never)
    assert (
        "on the present roll no item could ever be adopted"
        in who.get(f"/en/office/{slug}/draft/4").text
    )
    assert "on this roll it can never be met" in who.get(f"/en/office/{slug}/draft/7").text


def test_the_rule_that_came_with_a_body_is_shown_and_copied(desk: Desk, who: FlaskClient) -> None:
    own = {
        "title": {"en": "Three must approve"},
        "choices": ["approve", "object"],
        "silence": "absent",
        "adopted_if": {"count": "approve", "at_least": 3},
    }
    assert "Three must approve" not in who.get("/en/office/rules").text
    with writing(desk.engine) as session:
        session.execute(update(Body).values(rule=own))
    assert "Three must approve" in who.get("/en/office/rules").text
    form = opened(who, copy_of("own"))
    assert form.fields["line-0-value"] == "3"
    assert form.fields["title-en"] == ""


def test_it_is_for_officers(app: Flask, desk: Desk, who: FlaskClient) -> None:
    two_thirds(who)
    other = app.test_client()
    build.sign_in(other, desk, build.approver(desk))
    for address in ("/en/office/rules", NEW, MINE):
        assert other.get(address).status_code == 403
    assert who.get("/en/office/rules?body=nothing").status_code == 404
    assert who.get("/en/office/rules/new?from=nothing").status_code == 404
    assert who.get(f"/en/office/rules/{build.BODY}/nothing").status_code == 404


@pytest.mark.parametrize("members", [3, 48])
def test_the_list_costs_as_many_statements_for_any_roll(
    desk: Desk, client: FlaskClient, members: int
) -> None:
    build.council(desk, members)
    build.sign_in(client, desk, build.officer(desk))
    client.get("/en/office/rules")
    with statements(desk.engine) as seen:
        assert client.get("/en/office/rules").status_code == 200
    assert len(seen) == _STATEMENTS
