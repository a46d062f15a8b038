"""The forms of a page with what a browser knows of each field: its kind and what it offers."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
from flask import Flask
from werkzeug.exceptions import HTTPException

# What a button, or the page itself, says; it is nobody's to type.
TOKEN = "csrf_token"  # noqa: S105
# Every form that is tried, one on a line.
FORMS = Path(__file__).with_name("forms.txt")
# What stands for one of many in a name: a language, a part of an instant, a number, a letter.
_VARIES = (
    (re.compile(r"-(ar|en|es|fr|ru|zh)$"), "-<language>"),
    (re.compile(r"-(day|month|year|time)$"), "-<part>"),
    (re.compile(r"-(general|\d+):\d*$"), "-<text>"),
    (re.compile(r"^(p|c|k|uq|uw)-(\d+|general)$"), r"\1-<item>"),
    (re.compile(r"-\d+(?=-|$)"), "-<n>"),
    (re.compile(r"-[A-E]$"), "-<group>"),
    (re.compile(r"^section-\w+-"), "section-<name>-"),
    (re.compile(r"^(name|offer)-(abstain|approve|object)"), r"\1-<position>"),
)


@dataclass(frozen=True)
class Field:
    """One name of a form.

    Args:
        kind: ``textarea``, ``select``, ``radio``, ``checkbox``, ``button`` or the type of an input.
        values: What is sent of it as the page stands.
        choices: What it offers, where it offers something.
    """

    name: str
    kind: str
    values: tuple[str, ...]
    choices: tuple[str, ...] = ()

    @property
    def typed(self) -> bool:
        """Whether a person writes in it."""
        return self.kind in {"textarea", "text", "email", "search", "tel", "number", "password"}

    @property
    def chosen(self) -> bool:
        return self.kind in {"select", "radio", "checkbox"}


@dataclass(frozen=True)
class Sheet:
    """One form of a page, as one of its buttons sends it.

    Args:
        who: In whose browser it was found.
        page: Where it was found.
        action: To where it goes, with its query.
        endpoint: Of which view that is.
        cookie: Of the browser.
    """

    who: str
    page: str
    action: str
    endpoint: str
    cookie: str
    several_parts: bool
    fields: tuple[Field, ...]

    @property
    def shape(self) -> tuple[str, tuple[str, ...]]:
        """What tells it from other forms: where it goes, and the names in it."""
        return self.endpoint, tuple(sorted(field.name for field in self.fields))

    @property
    def line(self) -> str:
        """Return how `forms.txt` writes it."""
        endpoint, names = self.shape
        return f"{endpoint}: {' '.join(names)}"


def sheets_of(app: Flask, html: str, page: str, who: str, cookie: str) -> Iterator[Sheet]:
    """Return the forms of a page that are posted, once for each view to which a button leads."""
    document = html5lib.parse(html, namespaceHTMLElements=False)
    outside = [one for one in document.iter() if one.get("form")]
    for form in document.iter("form"):
        if form.get("method") != "post":
            continue
        controls = [*form.iter(), *(one for one in outside if one.get("form") == form.get("id"))]
        fields = tuple(_fields(controls))
        several = form.get("enctype") == "multipart/form-data"
        for action, pressed in _buttons(controls, form.get("action") or page):
            yield Sheet(
                who, page, action, _endpoint(app, action), cookie, several, fields + pressed
            )


def written(sheets: Iterable[Sheet]) -> str:
    """Return the forms with the names in them, one on a line."""
    lines = sorted(sheet.line for sheet in sheets)
    fields = sum(len(line.partition(": ")[2].split()) for line in lines)
    return "\n".join([f"{len(lines)} forms, {fields} fields", "", *lines, ""])


def named(sheets: Iterable[Sheet]) -> str:
    """Return each view that takes a form with its names, as `consult routes` shows them."""
    found: dict[str, set[str]] = {}
    for sheet in sheets:
        found.setdefault(sheet.endpoint, set()).update(field.name for field in sheet.fields)
    lines = [
        f"{endpoint}: {' '.join(sorted({_family(name) for name in names}))}"
        for endpoint, names in sorted(found.items())
    ]
    return "\n".join([*lines, ""])


def _family(name: str) -> str:
    for varies, said in _VARIES:
        name = varies.sub(said, name)
    return name


def _endpoint(app: Flask, action: str) -> str:
    adapter = app.url_map.bind("127.0.0.1")
    try:
        return str(adapter.match(action.partition("?")[0], "POST")[0])
    except HTTPException as missing:
        raise AssertionError(f"a form goes to {action}, where nothing takes it") from missing


def _buttons(controls: list[ET.Element], action: str) -> Iterator[tuple[str, tuple[Field, ...]]]:
    """Return where the buttons lead, with the names of those that have one.

    A form without any, of a page that shows somebody what another role may send, leads nowhere.
    """
    leads: dict[str, dict[str, list[str]]] = {}
    for control in controls:
        if control.tag == "button" and control.get("type") != "button":
            names = leads.setdefault(control.get("formaction") or action, {})
            if name := control.get("name"):
                names.setdefault(name, []).append(control.get("value") or "")
    for to, names in leads.items():
        yield (
            to,
            tuple(
                Field(name, "button", (said[0],), tuple(dict.fromkeys(said)))
                for name, said in names.items()
            ),
        )


def _fields(controls: list[ET.Element]) -> Iterator[Field]:
    found: dict[str, Field] = {}
    for control in controls:
        name = control.get("name")
        if name and control.tag in {"textarea", "select", "input"}:
            one = _field(control, name)
            found[name] = _joined(found[name], one) if name in found else one
    yield from found.values()


def _joined(one: Field, other: Field) -> Field:
    values, choices = one.values + other.values, one.choices + other.choices
    return replace(one, values=values, choices=tuple(dict.fromkeys(choices)))


def _field(control: ET.Element, name: str) -> Field:
    if control.tag == "textarea":
        return Field(name, "textarea", ((control.text or "").removeprefix("\n"),))
    if control.tag == "select":
        options = [
            (one.get("value") or "", one.get("selected") is not None)
            for one in control.iter("option")
        ]
        chosen = [value for value, selected in options if selected]
        if control.get("multiple") is None:
            chosen = chosen[:1] or [value for value, _selected in options[:1]]
        return Field(name, "select", tuple(chosen), tuple(value for value, _ in options))
    kind, value = control.get("type", "text"), control.get("value") or ""
    if kind in {"radio", "checkbox"}:
        ticked = (value,) if control.get("checked") is not None else ()
        return Field(name, kind, ticked, (value,))
    return Field(name, kind, () if kind == "file" else (value,))
