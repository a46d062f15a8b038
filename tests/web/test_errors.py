"""Refusals and defects as pages: the same frame, words, and what was typed kept."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from consult.actions.change import Desk
from consult.core.life import Actor
from consult.errors import Changed
from consult.tables import reading
from consult.web import member
from consult.web.policy import allow, anyone
from tests.build import council, officer, person, sign_in
from tests.forms import form_with, send
from tests.links import sign_in_code, sign_in_token

TYPED = {"name": "Newton Alternate", "address": "new@example.org", "language": "en"}


@pytest.fixture
def ana(desk: Desk) -> Actor:
    council(desk, 3)
    return person(desk, "Ana Focal", member="ARG")


def naming(client: FlaskClient) -> dict[str, str]:
    form = form_with(client.get("/en/member/ARG").text, "name")
    return {**form.fields, **TYPED}


def test_what_is_absent_and_what_is_another_s_are_the_same_bytes(
    client: FlaskClient, desk: Desk, ana: Actor
):
    """T31."""
    sign_in(client, desk, ana)
    answers = [
        client.get(address)
        for address in ("/en/member/BHS", "/en/member/NOP", "/en/no/such/page", "/en/c/X-1/BHS")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert "There is no such page, or it is not yours to see" in answers[0].text


def test_a_page_that_does_not_exist_is_in_the_language_of_its_address(client: FlaskClient):
    assert '<html lang="ar" dir="rtl">' in client.get("/ar/no-such-page").text


def test_another_role_s_page_says_so(client: FlaskClient, desk: Desk, ana: Actor):
    sign_in(client, desk, ana)
    answer = client.get("/en/office")
    assert answer.status_code == 403
    assert "This page is for another role" in answer.text
    assert "Argentina: head focal point" in answer.text


def test_a_wrong_method_says_how_it_is_done(client: FlaskClient):
    answer = client.get("/en/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "A link shows, a button does." in answer.text


def test_too_much_is_refused(client: FlaskClient):
    answer = client.post("/en/sign-in", data={"address": "x" * 3_000_000})
    assert answer.status_code == 413


def test_a_stale_form_comes_back_with_what_was_typed(client: FlaskClient, desk: Desk, ana: Actor):
    """T20."""
    sign_in(client, desk, ana)
    fields = {**naming(client), "csrf_token": "stale"}
    answer = client.post("/en/member/ARG", data=fields)
    assert answer.status_code == 400
    again = form_with(answer.text, "name")
    assert again.fields["name"] == "Newton Alternate"
    assert again.action == "/en/member/ARG"
    shown = send(client, again.action, again, button="restored")
    assert shown.status_code == 200
    assert "Newton Alternate" in shown.text


def test_what_was_typed_signed_out_is_carried_through_sign_in(
    app: Flask, client: FlaskClient, desk: Desk, ana: Actor
):
    """T17: hidden in the pages on the way; nothing is stored for strangers."""
    sign_in(client, desk, ana)
    fields = naming(client)
    with client.session_transaction() as session:
        session.pop("_user_id")
    refused = client.post("/en/member/ARG", data=fields)
    assert refused.status_code == 400
    assert "You were signed out while you were writing" in refused.text
    asking = form_with(refused.text, "address")
    sent = send(client, asking.action, asking, address="ana.focal@example.org")
    assert sent.status_code == 200
    in_the_mail = client.get(f"/en/sign-in/link/{sign_in_token(desk)}").text
    code = sign_in_code(desk)
    assert f"{code[:4]} {code[4:]}" in in_the_mail
    typing = form_with(sent.text, "code")
    entered = send(client, typing.action, typing, code=code)
    assert entered.status_code == 200
    assert "Argentina: head focal point" in entered.text
    back = form_with(entered.text, "name")
    assert back.action == "/en/member/ARG"
    assert {name: back.fields[name] for name in TYPED} == TYPED
    shown = send(client, back.action, back, button="restored")
    assert "Newton Alternate" in shown.text
    with reading(desk.engine) as session_:
        people = session_.scalar(sa.text("SELECT count(*) FROM person"))
    assert people == 1  # nobody was named


def test_what_was_typed_survives_a_wrong_code(client: FlaskClient, desk: Desk, ana: Actor):
    """T17."""
    client.get("/en/sign-in")
    form = form_with(client.get("/en/sign-in").text, "address")
    carried = {**form.fields, "kept-c1": "my reasons", "kept_to": "/en/c/X-1/ARG/check"}
    sent = client.post("/en/sign-in", data={**carried, "address": "ana.focal@example.org"})
    again = send(client, "/en/sign-in/sent", form_with(sent.text, "code"), code="AAAAAAAA")
    assert again.status_code == 422
    assert form_with(again.text, "code").fields["kept-c1"] == "my reasons"


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example", "\\evil"])
def test_what_is_kept_goes_to_a_path_of_ours_alone(client: FlaskClient, path: str):
    """T21."""
    form = form_with(client.get("/en/sign-in").text, "address")
    data = {**form.fields, "kept-c1": "words", "kept_to": path, "address": "ana@example.org"}
    answer = client.post("/en/sign-in", data=data)
    assert answer.status_code == 303


def test_a_refusal_of_an_action_keeps_what_was_typed(
    client: FlaskClient, desk: Desk, ana: Actor, monkeypatch: pytest.MonkeyPatch
):
    sign_in(client, desk, ana)
    fields = naming(client)

    def changed(*_given: object) -> None:
        raise Changed(what="draft")

    monkeypatch.setattr(member.mandates, "name", changed)
    answer = client.post("/en/member/ARG", data=fields)
    assert answer.status_code == 409
    assert "Somebody changed it since you saw it" in answer.text
    assert form_with(answer.text, "name").fields["name"] == "Newton Alternate"


def test_a_failing_database_says_so_and_keeps_what_was_typed(
    client: FlaskClient, desk: Desk, ana: Actor, caplog: pytest.LogCaptureFixture
):
    """T71."""
    sign_in(client, desk, ana)
    fields = naming(client)
    with_fault = sa.event.listens_for(desk.engine, "before_cursor_execute")

    @with_fault
    def fail(*_given: object) -> None:
        raise sa.exc.OperationalError("disk full", None, Exception("disk full"))

    try:
        answer = client.post("/en/member/ARG", data=fields)
    finally:
        sa.event.remove(desk.engine, "before_cursor_execute", fail)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert form_with(answer.text, "name").fields["name"] == "Newton Alternate"
    assert "disk full" not in answer.text
    record = next(each for each in caplog.records if each.message == "unavailable")
    assert record.reference in answer.text  # type: ignore[attr-defined]
    assert client.post("/en/member/ARG", data=fields).status_code == 303


def test_a_defect_says_a_reference_and_no_more(
    settings,
    clock,
    engine,
    caplog: pytest.LogCaptureFixture,  # type: ignore[no-untyped-def]
):
    """T102."""
    from consult import app as application  # noqa: PLC0415

    @allow(anyone)
    def defective(lang: str) -> str:
        raise KeyError("secret value in the trace")

    real = application.frame.fallback

    def with_defect(app: Flask) -> None:
        app.add_url_rule("/<lang>/defect/<token>", "defect", lambda **_: defective("en"))
        allow(anyone)(app.view_functions["defect"])
        real(app)

    application.frame.fallback = with_defect  # type: ignore[assignment]
    try:
        app = application.create_app(settings, clock, engine=engine)
    finally:
        application.frame.fallback = real
    answer = app.test_client().get("/en/defect/a-token-of-somebody")
    assert answer.status_code == 500
    assert "secret value" not in answer.text
    assert "Traceback" not in answer.text
    (record,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert record.reference in answer.text  # type: ignore[attr-defined]
    assert record.exc_info
    assert "a-token-of-somebody" not in caplog.text.split("Traceback")[0]


def test_a_restored_form_never_acts(client: FlaskClient, desk: Desk):
    """T20: what comes back is shown, wherever it came from."""
    council(desk, 3)
    sign_in(client, desk, officer(desk))
    fields = {**naming(client), "role": "alternate", "do": "restored"}
    answer = client.post("/en/member/ARG", data=fields)
    assert answer.status_code == 200
    assert "Nothing of it was sent" in answer.text
    with reading(desk.engine) as session:
        assert session.scalar(sa.text("SELECT count(*) FROM focal_point")) == 0
