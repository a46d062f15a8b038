"""What is wrong with a reply stands beside its field, with what was typed; late is said."""

import pytest
from flask.testing import FlaskClient

from consult.actions.change import Desk
from consult.core.life import Actor
from tests import build
from tests.forms import form_with, send
from tests.published import office, publish
from tests.replies import ALL_APPROVE, LETTER, confirm, draft, reply, stored, valid, write


def signed_in(client: FlaskClient, desk: Desk, **content: object) -> Actor:
    build.open_consultation(desk, members=3, **content)
    who = build.person(desk, "Ana Alvarez", member="ARG")
    build.sign_in(client, desk, who)
    return who


def test_reasons_are_asked_for_where_the_letter_requires_them(
    client: FlaskClient, desk: Desk
) -> None:
    signed_in(client, desk, comments="required_to_object")
    refused = write(client, "review", **{"p-1": "approve", "p-2": "object", "c-1": "Kept words"})
    assert refused.status_code == 422
    page = refused.text
    assert page.index("Your reply is not sent: 1 thing needs you") < page.index("<h1")
    assert '<a href="#c-2">Item 2: Give your reasons for objecting</a>' in page
    assert 'aria-invalid="true" aria-describedby="e-2 h-2"' in page
    assert "Kept words" in page
    fields = form_with(page, "review").fields
    assert (fields["p-1"], fields["p-2"]) == ("approve", "object")
    valid(page)
    assert draft(desk) is None
    again = send(client, LETTER, form_with(page, "review"), "review", **{"c-2": "Because"})
    assert again.headers["Location"] == f"{LETTER}/check"


def test_a_draft_may_lack_what_a_reply_may_not(client: FlaskClient, desk: Desk) -> None:
    signed_in(client, desk, comments="required_to_object")
    assert write(client, "save", **{"p-2": "object"}).status_code == 303
    assert client.get(f"{LETTER}/check").headers["Location"] == f"{LETTER}#reply"


def test_a_comment_that_is_required_stands_open(client: FlaskClient, desk: Desk) -> None:
    signed_in(client, desk, comments="required")
    assert "Comment on item 1" in client.get(LETTER).text
    refused = write(client, "review", **{"p-1": "approve"})
    assert "Item 1: Write a comment: the letter requires it" in refused.text


def test_no_comments_are_asked_where_the_letter_wants_none(client: FlaskClient, desk: Desk) -> None:
    signed_in(client, desk, comments="none")
    page = client.get(LETTER).text
    assert "<textarea" not in page
    refused = write(client, "review", **{"p-1": "approve", "c-1": "All the same"})
    assert refused.status_code == 422
    assert "The letter does not ask for comments here" in refused.text


@pytest.mark.parametrize("button", ["save", "review", "fill"])
@pytest.mark.parametrize("place", ["c-1", "c-general"])
def test_a_text_too_long_is_kept_whole(
    client: FlaskClient, desk: Desk, button: str, place: str
) -> None:
    signed_in(client, desk)
    words = "x" * 10_001
    refused = write(client, button, **{"p-1": "approve", "fill": "approve", place: words})
    if button == "fill":
        assert 'name="fill"' not in client.get(LETTER).text
    assert refused.status_code == 422
    assert "Shorten it to 10,000 characters; it has 10,001" in refused.text
    assert form_with(refused.text, "review").fields[place] == words
    valid(refused.text)
    assert draft(desk) is None


def test_a_text_just_short_enough_is_taken(client: FlaskClient, desk: Desk) -> None:
    signed_in(client, desk)
    sent = reply(client, **ALL_APPROVE, **{"c-1": "x" * 10_000})
    assert sent.status_code == 303


def test_signs_that_cannot_be_kept_are_refused(client: FlaskClient, desk: Desk) -> None:
    signed_in(client, desk)
    refused = write(client, "review", **ALL_APPROVE, **{"c-1": "one\0two"})
    assert refused.status_code == 422
    assert "signs that cannot be seen" in refused.text


@pytest.mark.parametrize(
    "typed",
    [{"base": "x"}, {"base": "-1"}, {"base": "9" * 40}, {"p-1": "yes"}, {"base": ""}],
    ids=["text", "negative", "huge", "unknown position", "none"],
)
def test_what_no_form_of_ours_sends_is_refused(
    client: FlaskClient, desk: Desk, typed: dict[str, str]
) -> None:
    signed_in(client, desk)
    assert write(client, "review", **typed).status_code == 400
    assert draft(desk) is None


@pytest.mark.parametrize(
    "typed", [{"key": ""}, {"revision": "x"}, {"key": "k" * 65}, {"p-1": "yes"}]
)
def test_a_sending_that_no_check_page_made_is_refused(
    client: FlaskClient, desk: Desk, typed: dict[str, str]
) -> None:
    signed_in(client, desk)
    write(client, "review", **ALL_APPROVE)
    form = form_with(client.get(f"{LETTER}/check").text, "key")
    assert send(client, LETTER, form, **typed).status_code == 400
    assert stored(desk) == []


def test_positions_on_items_that_are_not_asked_are_refused(client: FlaskClient, desk: Desk) -> None:
    signed_in(client, desk)
    write(client, "review", **ALL_APPROVE)
    form = form_with(client.get(f"{LETTER}/check").text, "key")
    assert send(client, LETTER, form, **{"p-99": "approve"}).status_code == 422
    assert stored(desk) == []


def test_what_the_check_did_not_show_is_not_sent(client: FlaskClient, desk: Desk) -> None:
    signed_in(client, desk)
    write(client, "review", **ALL_APPROVE)
    form = form_with(client.get(f"{LETTER}/check").text, "key")
    refused = send(client, LETTER, form, **{"p-1": "object"})
    assert refused.status_code == 409
    assert stored(desk) == []


def test_lateness_is_said_before_one_types_and_registered(client: FlaskClient, desk: Desk) -> None:
    """T74."""
    who = signed_in(client, desk)
    reply(client, **ALL_APPROVE)
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    build.sign_in(client, desk, who)
    page = client.get(LETTER).text
    assert page.index("The deadline has passed") < page.index('name="p-1"')
    assert "Friday 17 July 2020, 16:00:00 Geneva (14:00:00 UTC)" in page
    valid(page)
    write(client, "review", **{"p-1": "object"})
    check = client.get(f"{LETTER}/check").text
    assert "The deadline has passed" in check
    sent = confirm(client)
    receipt = client.get(sent.headers["Location"]).text
    for words in (
        "came after the deadline",
        "It is registered as late, shown in the record and not counted.",
        "Version 1, received on:",
        "No: received late",
        "Yes, alone",
    ):
        assert words in receipt
    valid(receipt)
    assert [one.late for one in stored(desk)] == [False, True]


def test_the_last_microsecond_counts(client: FlaskClient, desk: Desk) -> None:
    """T65, T72."""
    who = signed_in(client, desk)
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    build.later(desk, microseconds=-1)
    build.sign_in(client, desk, who)
    reply(client, **ALL_APPROVE)
    assert [one.late for one in stored(desk)] == [False]


def test_once_certified_nothing_is_registered(client: FlaskClient, desk: Desk) -> None:
    of = office(desk, members=3)
    slug = publish(desk, of)
    build.sign_in(client, desk, of.heads["ARG"])
    page = client.get(f"/en/c/{slug}/ARG").text
    assert "no reply is registered any more" in page
    assert f"/en/decisions/{slug}" in page
    assert 'name="p-1"' not in page
    valid(page)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    typed = {"csrf_token": token, "base": "1", "p-1": "object", "c-1": "Too late"}
    for end in ("draft", "check"):
        refused = client.post(f"/en/c/{slug}/ARG/{end}", data=typed)
        assert refused.status_code == 410
        assert "Too late" in refused.text
