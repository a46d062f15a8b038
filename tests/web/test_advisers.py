"""The pages of an adviser: letter, draft, who else writes; no button that sends, nor a way to."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.actions.change import Desk
from consult.core.life import Actor
from tests import build, replies
from tests.forms import form_with, send
from tests.replies import ALL_APPROVE, LETTER, stored, write


@pytest.fixture
def ana(app: Flask, desk: Desk) -> Actor:
    build.open_consultation(desk, members=3)
    return build.person(desk, "Ana", member="ARG")


@pytest.fixture
def ada(app: Flask, desk: Desk, ana: Actor) -> FlaskClient:
    client = app.test_client()
    build.sign_in(client, desk, build.person(desk, "Ada", member="ARG", adviser=True))
    return client


def save(client: FlaskClient, **typed: str) -> int:
    page = client.get(LETTER).text
    return send(client, LETTER, form_with(page, "base"), "save", **typed).status_code


def test_an_adviser_writes_the_draft_that_a_focal_point_sends(
    desk: Desk, client: FlaskClient, ana: Actor, ada: FlaskClient
) -> None:
    assert save(ada, **ALL_APPROVE) == 303
    page = ada.get(LETTER).text
    assert "You are an adviser of Argentina" in page
    assert 'value="review"' not in page
    assert 'value="save"' in page
    replies.valid(page)
    build.sign_in(client, desk, ana)
    replies.valid(client.get(LETTER).text)
    assert replies.confirm(client).status_code == 303
    (sent,) = stored(desk)
    assert sent.person_id == ana.person_id


def test_an_adviser_who_tries_to_send_is_refused(
    desk: Desk, client: FlaskClient, ana: Actor, ada: FlaskClient
) -> None:
    save(ada, **ALL_APPROVE)
    assert ada.get(f"{LETTER}/check").status_code == 403
    fields = form_with(ada.get(LETTER).text, "base").fields
    assert ada.post(f"{LETTER}/check", data=fields).status_code == 403
    assert ada.post(f"{LETTER}/draft", data={**fields, "do": "review"}).status_code == 403
    build.sign_in(client, desk, ana)
    shown = form_with(client.get(f"{LETTER}/check").text, "key").fields
    forged = {**shown, "csrf_token": fields["csrf_token"]}
    assert ada.post(f"{LETTER}/send", data=forged).status_code == 403
    assert stored(desk) == []


def test_who_saved_of_late_is_said_to_be_writing(
    desk: Desk, client: FlaskClient, ana: Actor, ada: FlaskClient
) -> None:
    save(ada, **ALL_APPROVE)
    build.sign_in(client, desk, ana)
    assert "Ada saved this draft just now and may still be writing." in client.get(LETTER).text
    assert "may still be writing" not in ada.get(LETTER).text
    build.later(desk, minutes=3)
    assert "Ada saved this draft 3 minutes ago" in client.get(LETTER).text
    build.later(desk, minutes=12)
    assert "may still be writing" not in client.get(LETTER).text


def test_two_who_write_at_once_are_shown_both(
    desk: Desk, client: FlaskClient, ana: Actor, ada: FlaskClient
) -> None:
    build.sign_in(client, desk, ana)
    page = form_with(client.get(LETTER).text, "review")
    save(ada, **ALL_APPROVE)
    answer = send(client, LETTER, page, "save", **{**ALL_APPROVE, "p-1": "object"})
    assert answer.status_code == 409
    assert "Ada" in answer.text


def test_the_register_names_advisers_as_such(
    desk: Desk, client: FlaskClient, ana: Actor, ada: FlaskClient
) -> None:
    build.sign_in(client, desk, ana)
    page = client.get("/en/member/ARG").text
    assert "Advisers read and write the draft and cannot send it." in page
    form = form_with(page, "name")
    typed = {"role": "adviser", "name": "Nia New", "address": "nia@mission.example"}
    assert send(client, "/en/member/ARG", form, **typed).status_code == 303
    assert "Nia New is to be an adviser." in client.get("/en/member/ARG").text
    head = send(client, "/en/member/ARG", form, **{**typed, "role": "head"})
    assert head.status_code == 422
    assert "Argentina: adviser" in ada.get(LETTER).text
    assert form_with(ada.get("/en/member/ARG").text, "csrf_token").fields.keys() == {"csrf_token"}


def test_an_adviser_s_write_button_only_saves(ada: FlaskClient) -> None:
    with pytest.raises(AssertionError, match="no form with review"):
        write(ada, "review", LETTER, **ALL_APPROVE)
