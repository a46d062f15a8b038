"""Items are added, written, moved, numbered and removed without script; so are their headings."""

import pytest
from flask.testing import FlaskClient

from consult.actions import drafting
from consult.actions.change import Desk
from consult.core.life import Actor
from consult.queries.drafting import Draft, draft_of
from tests import build
from tests.forms import Form, form_with, send


@pytest.fixture
def slug(desk: Desk, client: FlaskClient) -> str:
    build.council(desk, 3)
    who = build.officer(desk)
    build.sign_in(client, desk, who)
    return build.draft(desk, who)


def address(slug: str, code: str = "", query: str = "") -> str:
    return f"/en/office/{slug}/draft/2{f'/items/{code}' if code else ''}{query}"


def form(client: FlaskClient, where: str, name: str = "seen") -> Form:
    return form_with(client.get(where).get_data(as_text=True), name)


def press(client: FlaskClient, slug: str, button: str, **typed: str) -> str:
    """Press a button of the list; return where it leads."""
    response = send(client, address(slug), form(client, address(slug)), button, **typed)
    assert response.status_code == 303, response.get_data(as_text=True)
    return str(response.location)


def draft(desk: Desk, slug: str) -> Draft:
    return draft_of(desk.engine, slug)


def order(desk: Desk, slug: str) -> list[tuple[str, str | None]]:
    return [(item["id"], item["heading"]) for item in draft(desk, slug).content["items"]]


@pytest.mark.parametrize("kind", ["text", "dates", "appointment", "question"])
def test_an_item_of_each_kind_is_added_and_its_page_asks_for_the_rest(
    desk: Desk, slug: str, client: FlaskClient, kind: str
) -> None:
    assert press(client, slug, f"add:{kind}") == address(slug, "4")
    assert draft(desk, slug).item("4")["kind"] == kind
    assert client.get(address(slug, "4")).status_code == 200


def test_items_are_moved_between_headings(desk: Desk, slug: str, client: FlaskClient) -> None:
    press(client, slug, "heading-add")
    assert order(desk, slug) == [("1", None), ("2", None), ("3", None)]
    assert press(client, slug, "down:3") == address(slug, query="?saved=1#item-3")
    assert order(desk, slug) == [("1", None), ("2", None), ("3", "1")]
    press(client, slug, "up:2")
    assert order(desk, slug) == [("2", None), ("1", None), ("3", "1")]


def test_headings_are_named_moved_and_removed_and_their_items_stay(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    press(client, slug, "heading-add")
    press(client, slug, "heading-add", heading_1="To confirm")
    press(client, slug, "down:3", heading_2="To adopt")
    press(client, slug, "heading-up:2")
    content = draft(desk, slug).content
    assert [(one["id"], one["title"]) for one in content["headings"]] == [
        ("2", {"en": "To adopt"}),
        ("1", {"en": "To confirm"}),
    ]
    press(client, slug, "heading-remove:1")
    assert order(desk, slug) == [("1", None), ("2", None), ("3", None)]
    assert len(draft(desk, slug).content["headings"]) == 1


def test_dates_are_written_in_one_language_and_with_days(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    where = address(slug, "1", "?language=fr")
    opened = form(client, where)
    assert (opened.fields["from-day"], opened.fields["from-month"]) == ("8", "6")
    response = send(
        client,
        where,
        opened,
        "save",
        title="Session de 2021 du Conseil",
        where="Genève",
        to_day="21",
        comments="required",
    )
    assert response.location == address(slug, "1", "?saved=1&language=fr")
    item = draft(desk, slug).item("1")
    assert item["title"]["fr"] == "Session de 2021 du Conseil"
    assert item["title"]["en"] == "2021 session of the Council"
    assert (item["from"], item["to"]) == ("2021-06-08", "2021-06-21")
    assert (item["where"]["fr"], item["comments"]) == ("Genève", "required")


def test_an_appointment_names_post_candidate_and_who_nominated(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    where = address(slug, "2")
    typed = {
        "candidate": "Candidate B",
        "nominated_by": "ARG",
        "group": "CWG-FHR",
        "term_from_day": "17",
        "term_from_month": "7",
        "term_from_year": "2020",
    }
    assert send(client, where, form(client, where), **typed).location.endswith("#item-2")
    item = draft(desk, slug).item("2")
    assert item["candidate"]["en"] == "Candidate B"
    assert (item["nominated_by"], item["group"]) == ("ARG", "CWG-FHR")
    assert (item["term_from"], item["term_to"]) == ("2020-07-17", None)


def test_an_item_may_be_left_half_written(desk: Desk, slug: str, client: FlaskClient) -> None:
    where = address(slug, "1")
    empty = dict.fromkeys(("title", "where", "from-day", "from-year", "to-day", "to-year"), "")
    response = send(client, where, form(client, where), "save", **empty)
    assert response.status_code == 303
    item = draft(desk, slug).item("1")
    assert (item["from"], item["to"], "en" in item["title"]) == (None, None, False)


@pytest.mark.parametrize(
    ("typed", "words", "at"),
    [
        ({"from_day": "32"}, "Write the day as a number from 1 to 31.", "from-day"),
        ({"from_day": "31"}, "That month has no such day.", "from-day"),
        ({"to_year": "21"}, "Write the year with four digits.", "to-year"),
        ({"to_day": "1"}, "It must not come before the first day.", "to-day"),
        ({"code": "2"}, "Choose another number: two items would bear it.", "code"),
        ({"code": "a b"}, "Use up to 16 letters, digits, full stops and hyphens.", "code"),
    ],
)
def test_a_fault_stands_beside_its_field_and_what_was_typed_is_kept(
    desk: Desk, slug: str, client: FlaskClient, typed: dict[str, str], words: str, at: str
) -> None:
    where = address(slug, "1")
    response = send(client, where, form(client, where), **typed)
    html = response.get_data(as_text=True)
    assert response.status_code == 422
    assert words in html
    assert f'href="#{at}"' in html
    assert f'value="{next(iter(typed.values()))}"' in html
    assert draft(desk, slug).item("1")["to"] == "2021-06-18"
    assert {item["id"] for item in draft(desk, slug).content["items"]} == {"1", "2", "3"}


def test_what_another_kind_has_no_place_for_is_dropped(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    where = address(slug, "1")
    response = send(client, where, form(client, where), kind="question")
    assert response.location == address(slug, "1", "?saved=1&language=en")
    item = draft(desk, slug).item("1")
    assert (item["kind"], item["from"], item["to"], item["where"]) == ("question", None, None, {})
    assert item["title"]["en"] == "2021 session of the Council"


def test_an_item_gets_another_number_and_all_are_numbered_anew(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    where = address(slug, "3")
    assert send(client, where, form(client, where), code="A.1").location.endswith("#item-A.1")
    assert order(desk, slug)[2] == ("A.1", None)
    press(client, slug, "up:A.1")
    html = client.get(address(slug)).get_data(as_text=True)
    numbers = [one for one in html.split("<form") if "/draft/2/numbers" in one]
    assert len(numbers) == 1
    anew = form_with(f"<form{numbers[0]}", "seen")
    assert send(client, "", anew).status_code == 303
    titles = [item["title"]["en"] for item in draft(desk, slug).content["items"]]
    assert titles == ["2021 session of the Council", "Draft Decision", "Chair of CWG-COP"]
    assert order(desk, slug) == [("1", None), ("2", None), ("3", None)]


def test_an_item_is_removed(desk: Desk, slug: str, client: FlaskClient) -> None:
    where = address(slug, "2")
    assert send(client, where, form(client, where), "remove").status_code == 303
    assert order(desk, slug) == [("1", None), ("3", None)]
    assert client.get(where).status_code == 404


def test_an_item_that_a_colleague_changed_is_shown_with_both(
    desk: Desk, slug: str, client: FlaskClient
) -> None:
    where = address(slug, "1")
    opened = form(client, where)
    items = draft(desk, slug).content["items"]
    theirs = [{**items[0], "title": build.in_all("Theirs")}, *items[1:]]
    drafting.save(desk, slug, _officer(desk), {"items": theirs}, seen=1)
    response = send(client, where, opened, title="Mine")
    html = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "Theirs" in html
    assert 'value="Mine"' in html
    assert draft(desk, slug).item("1")["title"]["en"] == "Theirs"
    assert send(client, where, form_with(html, "title")).status_code == 303
    assert draft(desk, slug).item("1")["title"]["en"] == "Mine"


def _officer(desk: Desk) -> Actor:
    return build.officer(desk, "C. Officer")
