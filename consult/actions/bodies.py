"""Takes in a body from its file: who decides, where it sits, by which rule, for whom."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import rules
from consult.actions.change import Desk
from consult.actions.given import Faults, Given, read_languages
from consult.core.rule import parse
from consult.errors import BadInput
from consult.tables import Body, Organisation, writing


def import_body(desk: Desk, text: str) -> str:
    """Make the body that *text* (YAML) describes, or bring it up to date; return its slug.

    Letters that are out keep what they said. The organisation is made with the first body.

    Raises:
        BadInput: With every fault of the file; nothing is changed.
    """
    return keep_body(desk, rules.load_yaml(text))


def keep_body(desk: Desk, data: object) -> str:
    """Make or renew the body that *data*, read from a file, describes; return its slug.

    Raises:
        BadInput: With every fault; nothing is changed.
    """
    faults = Faults()
    file = Given(data, "", faults)
    given = file.inner("body", required=True)
    values = _body(given)
    house = _organisation(given, values["languages"])
    given.end()
    file.end()
    faults.end()
    with writing(desk.engine) as session:
        _keep_organisation(session, house)
        slug = values["slug"]
        body = session.scalar(select(Body).where(Body.slug == slug))
        if body is None:
            body = Body()
            session.add(body)
        for name, value in values.items():
            setattr(body, name, value)
    return str(slug)


def _body(given: Given) -> dict[str, Any]:
    languages = read_languages(given)
    zone = given.zone("zone")
    presiding = given.inner("presiding")
    values = {
        "slug": given.code("id"),
        "name": given.texts("name", languages, required=True),
        "zone": zone,
        "seat": given.texts("seat", languages) or {"en": zone.rsplit("/", 1)[-1].replace("_", " ")},
        "languages": languages,
        "working_language": _working_language(given, languages),
        "groups": _groups(given, languages),
        "rule": read_rule(given, "default_rule", required=True),
        "presiding_name": presiding.text("name", longest=200),
        "presiding_title": presiding.texts("title", languages),
        "least_days": given.whole("least_days", 1, 1000),
        "most_extensions": given.whole("most_extensions", 0, 100),
        "most_extension_days": given.whole("most_extension_days", 1, 1000),
        "holidays": given.text("holidays", longest=16),
        "seats": given.whole("seats", 1, 100_000),
        "remarks": _remarks(given),
    }
    presiding.end()
    return values


def _remarks(given: Given) -> dict[str, Any]:
    """The term is the default of the seats; the file of members is imported by its own command."""
    kept = given.remarks("members", "illustrative", "provenance", "note")
    if "term" in given:
        term = given.inner("term")
        kept["term"] = {"from": term.day("from", required=True), "to": term.day("to")}
        kept |= term.remarks("source")
        term.end()
    return kept


def _working_language(given: Given, languages: list[str]) -> str:
    found = given.text("working_language") or (languages or ["en"])[0]
    if languages and found not in languages:
        given.fault("working_language", f"must be one of {', '.join(languages)}")
    return found


def _groups(given: Given, languages: list[str]) -> list[dict[str, Any]]:
    found = []
    for group in given.rows("groups"):
        one: dict[str, Any] = {
            "id": group.code("id"),
            "name": group.texts("name", languages, required=True),
        }
        if (seats := group.whole("seats", 0, 100_000)) is not None:
            one["seats"] = seats
        found.append(one)
    return found


def read_rule(given: Given, name: str, *, required: bool = False) -> Any:
    """Read a decision rule: its data, or the name of a shipped one."""
    value = given.raw(name, required=required)
    if value is None:
        return None
    if isinstance(value, str):
        if value not in rules.all_ids():
            given.fault(name, f"must be a rule, or one of {', '.join(rules.all_ids())}")
            return None
        return rules.load_data(value)
    try:
        parse(value, given.place(name))
    except BadInput as refused:
        given.faults.found |= refused.faults
    return value


def _organisation(given: Given, languages: list[str]) -> dict[str, Any]:
    """Read the organisation: its names alone, or all that letters say of it."""
    raw = given.raw("organisation", required=True)
    if not isinstance(raw, dict) or "name" not in raw:
        return {"name": given.texts("organisation", languages, required=True)}
    house = given.inner("organisation")
    values = {
        "name": house.texts("name", languages, required=True),
        "short_name": house.texts("short_name", languages),
        "place": house.texts("place", languages),
        "address": house.text("address", longest=254),
        "telephone": house.text("telephone", longest=40),
    }
    house.end()
    return values


def _keep_organisation(session: Session, values: dict[str, Any]) -> None:
    house = session.get(Organisation, 1)
    if house is None:
        house = Organisation(id=1, short_name={}, place={})
        session.add(house)
    for name, value in values.items():
        setattr(house, name, value)
