"""The keys of the service: shown to everybody, changed by two persons."""

import io
import json
import re
from importlib import resources

import pytest
from flask import Flask

from consult.actions.change import Desk
from consult.app import create_app
from consult.core.life import Role
from consult.core.signing import fingerprint_of
from consult.core.verify import verify
from consult.queries.keys import key_file
from consult.settings import SettingsError, load
from consult.web import checkpage
from tests import build, office, replies
from tests.forms import form_with, send
from tests.statements import statements

CHANGE = "/en/keys/change"


@pytest.fixture
def bureau(app: Flask, desk: Desk) -> office.Office:
    made = office.office_of(app, desk, members=3)
    made.people["administrator"] = build.person(desk, "C. Administrator", Role.ADMINISTRATOR)
    made.draft()
    return made


def fingerprints(bureau: office.Office) -> list[str]:
    return [fingerprint_of(key["public_key"]) for key in key_file(bureau.desk.engine)["keys"]]


def test_everybody_reads_the_keys_and_fetches_their_list(bureau: office.Office) -> None:  # T53
    client = bureau.app.test_client()
    page = client.get("/en/keys").text
    replies.valid(page)
    (ours,) = fingerprints(bureau)
    assert ours[:4] in page
    answer = client.get("/keys.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert verify(answer.data).faults == []
    assert json.loads(answer.data) == key_file(bureau.desk.engine)
    with statements(bureau.desk.engine) as seen:
        client.get("/keys.json")
    assert len(seen) == 1


def test_the_page_of_keys_is_there_before_there_is_a_key(app: Flask, desk: Desk) -> None:
    build.council(desk, 3)
    client = app.test_client()
    replies.valid(client.get("/ar/keys").text)
    assert json.loads(client.get("/keys.json").data)["keys"] == []


@pytest.mark.parametrize("language", build.LANGUAGES)
def test_the_checking_page_is_one_small_file_that_reaches_nobody(  # T56
    app: Flask, desk: Desk, language: str
) -> None:
    answer = app.test_client().get(f"/{language}/check.html")
    replies.valid(answer.text)
    assert len(answer.data) <= 100 * 1024
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "default-src 'none'; script-src 'sha256-" in answer.text
    assert not [word for word in ("http://", "https://", "fetch(", "src=") if word in answer.text]


def test_the_checking_page_has_a_sentence_for_each_fault_and_none_too_many(app: Flask) -> None:
    script = (resources.files("consult") / "data" / "check.js").read_text(encoding="utf-8")
    places = (
        r'(?:say|Unreadable|Misfit)\("([a-z-]+)"',
        r'(?:found = |return (?:\["[a-z._]*", )?)"([a-z-]+)"\]?;',
        r'(?:fault\([^;\n]*, |unreadable\(name, )"([a-z-]+)"\);',
    )
    named = {name for place in places for name in re.findall(place, script)}
    with app.test_request_context("/en/check.html"):
        faults = checkpage.words()["faults"].keys()
    assert len(named) > 50
    assert named <= faults
    assert faults <= set(re.findall(r'"([a-z0-9-]+)"', script))


def test_only_those_who_keep_the_keys_come_to_the_change(bureau: office.Office) -> None:
    assert bureau.app.test_client().get(CHANGE).status_code == 303
    assert bureau.browser("ARG").get(CHANGE).status_code == 403
    assert bureau.browser("auditor").get(CHANGE).status_code == 403
    assert bureau.browser("approver").get(CHANGE).status_code == 200


def test_one_asks_for_a_key_and_another_confirms_it(bureau: office.Office) -> None:  # T35, T54
    officer, approver = bureau.browser("officer"), bureau.browser("approver")
    page = officer.get(CHANGE).text
    replies.valid(page)
    assert "consult keys new" in page
    made = bureau.desk.keys.make()
    form = form_with(officer.get(CHANGE).text, "kid")
    answer = send(officer, CHANGE, form, button="ask", kid=made.kid, reason="planned")
    assert answer.status_code == 303, answer.text
    waits = officer.get(CHANGE).text
    assert made.kid in waits
    assert 'value="confirm"' not in waits
    form = form_with(approver.get(CHANGE).text, "waits")
    own = officer.post(CHANGE, data={**form.fields, "do": "confirm"})
    assert own.status_code in {400, 403}
    assert len(fingerprints(bureau)) == 1
    answer = send(approver, CHANGE, form, button="confirm")
    assert answer.status_code == 303, answer.text
    assert fingerprints(bureau)[-1] == fingerprint_of(made.public_key)
    replies.valid(approver.get(CHANGE).text)


def test_a_change_is_left_as_it_is(bureau: office.Office) -> None:
    officer, administrator = bureau.browser("officer"), bureau.browser("administrator")
    made = bureau.desk.keys.make()
    form = form_with(officer.get(CHANGE).text, "kid")
    send(officer, CHANGE, form, button="ask", kid=made.kid, reason="planned")
    form = form_with(administrator.get(CHANGE).text, "waits")
    assert send(administrator, CHANGE, form, button="refuse").status_code == 303
    assert len(fingerprints(bureau)) == 1
    assert send(administrator, CHANGE, form, button="refuse").status_code == 409


def test_a_lost_key_is_revoked_from_the_instant_that_is_written(bureau: office.Office) -> None:
    officer, approver = bureau.browser("officer"), bureau.browser("approver")
    made = bureau.desk.keys.make()
    form = form_with(officer.get(CHANGE).text, "kid")
    since = {"since-day": "19", "since-month": "6", "since-year": "2020", "since-time": "10:00"}
    typed = {"kid": made.kid, "reason": "compromised"}
    send(officer, CHANGE, form, button="ask", **typed, **since)
    form = form_with(approver.get(CHANGE).text, "waits")
    send(approver, CHANGE, form, button="confirm")
    first, second = key_file(bureau.desk.engine)["keys"]
    assert first["revoked_at"] == second["revokes_from"] == "2020-06-19T10:00:00.000000Z"
    replies.valid(officer.get("/en/keys").text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kid": ""}, "Choose a key whose file is there"),
        ({"reason": ""}, "Fill this in"),
        ({"reason": "compromised"}, "Fill this in"),
        ({"reason": "compromised", "since-day": "40"}, "since-day-e"),
        (
            {
                "reason": "compromised",
                "since-day": "1",
                "since-month": "1",
                "since-year": "2030",
                "since-time": "10:00",
            },
            "Must not be later than now",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field_with_what_was_typed(
    bureau: office.Office, typed: dict[str, str], said: str
) -> None:
    officer = bureau.browser("officer")
    made = bureau.desk.keys.make()
    form = form_with(officer.get(CHANGE).text, "kid")
    answer = send(
        officer, CHANGE, form, button="ask", **{"kid": made.kid, "reason": "planned"} | typed
    )
    assert answer.status_code == 422
    assert said in answer.text
    replies.valid(answer.text)
    if typed.get("since-day"):
        assert f'value="{typed["since-day"]}"' in answer.text


def test_the_change_costs_as_much_with_more_keys(bureau: office.Office) -> None:
    officer = bureau.browser("officer")
    officer.get(CHANGE)
    with statements(bureau.desk.engine) as few:
        officer.get(CHANGE)
    for _ in range(3):
        bureau.desk.keys.make()
    with statements(bureau.desk.engine) as many:
        officer.get(CHANGE)
    assert len(few) == len(many)


def test_a_record_of_another_service_is_told_as_that(bureau: office.Office) -> None:
    from consult.core.record import record_bytes  # noqa: PLC0415
    from tests.ledgers import certified, record_of  # noqa: PLC0415

    client = bureau.app.test_client()
    form = form_with(client.get("/en/verify").text, "line")
    file = (io.BytesIO(record_bytes(record_of(certified()))), "record.json")
    answer = client.post("/en/verify", data={**form.fields, "file": file})
    assert "not in the list of keys" in answer.text


def test_production_does_not_start_without_a_key(bureau: office.Office, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings = load(
        {
            "CONSULT_ENV": "production",
            "CONSULT_DATABASE_URL": "sqlite:///x.db",
            "CONSULT_PUBLIC_URL": "https://consult.example.org",
            "CONSULT_MAIL_SENDER": "a@consult.example.org",
            "CONSULT_SECRET_KEY": "x" * 40,
            "CONSULT_INSTANCE": str(tmp_path / "there"),
        }
    )
    with pytest.raises(SettingsError, match="consult keys new"):
        create_app(settings, bureau.desk.clock, bureau.desk.engine)
