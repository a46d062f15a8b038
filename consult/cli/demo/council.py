"""The organisation, the Council and its 48 members, as they stood in 2020."""

from importlib.resources import files
from typing import Any

from consult import rules
from consult.actions import bodies, calendars, members
from consult.actions.change import Desk
from consult.core.life import SYSTEM

BODY = "itu-council"
DATA = files("consult.data")

_HOUSE = {
    "short_name": {
        "en": "ITU",
        "fr": "UIT",
        "es": "UIT",
        "ru": "МСЭ",
        "zh": "国际电联",
        "ar": "الاتحاد",
    },
    "place": {
        "en": "Geneva",
        "fr": "Genève",
        "es": "Ginebra",
        "ru": "Женева",
        "zh": "日内瓦",
        "ar": "جنيف",
    },
    "address": "council-secretariat@consult.example",
    "telephone": "+41 22 000 00 00",
}
_CHAIR = {
    "en": "Chair of the Council",
    "fr": "Président du Conseil",
    "es": "Presidente del Consejo",
    "ru": "Председатель Совета",
    "zh": "理事会主席",
    "ar": "رئيس المجلس",
}
_SHORTEST = 20  # days for replies, as the demonstration's body has it


def load(desk: Desk) -> None:
    """Load the body and its members; their seats stay, so that letters can be opened today."""
    bodies.keep_body(desk, _body())
    table = (DATA / "council-2019-2022.csv").read_text(encoding="utf-8")
    members.import_members(desk, table, BODY)
    events = (DATA / "itu-council-2020/events.yaml").read_bytes()
    calendars.import_calendar(desk, SYSTEM, events, "events.yaml")


def _body() -> dict[str, Any]:
    """Return what the file of the Council says, with what a service needs besides."""
    file = read("itu-council-2020/body.yaml")
    body = file["body"]
    body["organisation"] = {"name": body["organisation"], **_HOUSE}
    body["seat"] = _HOUSE["place"]
    body["presiding"] = {"title": _CHAIR}
    body["least_days"] = _SHORTEST
    body["holidays"] = "CH-GE"
    del body["term"]["to"]
    return file


def read(name: str) -> dict[str, Any]:
    """Read one of the shipped YAML files."""
    found = rules.load_yaml((DATA / name).read_text(encoding="utf-8"))
    assert isinstance(found, dict)  # noqa: S101 - a shipped file; its test reads it
    return found
