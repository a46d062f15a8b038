"""A page's forms as a browser without script sends them: every field as it stands, one button."""

from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_NOT_SENT = {"submit", "button", "file", "image", "reset"}


@dataclass
class Form:
    """One form of a page; fields in the order of the page, repeated names as lists."""

    action: str
    fields: dict[str, Any] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


def forms_of(html: str) -> list[Form]:
    """Return the forms of a page."""
    document = html5lib.parse(html, namespaceHTMLElements=False)
    return [_form(element) for element in document.iter("form")]


def form_with(html: str, name: str) -> Form:
    """Return the first form that has a field, or else a button's value, of that name."""
    for form in forms_of(html):
        if name in form.fields or name in {value for _name, value in form.buttons}:
            return form
    raise AssertionError(f"no form with {name}")


def send(
    client: FlaskClient, address: str, form: Form, /, button: str = "", **typed: Any
) -> TestResponse:
    """Send a form with what was *typed* in its fields (``_`` stands for ``-``)."""
    known = {name.replace("-", "_"): name for name in form.fields}
    fields = {**form.fields, **{known.get(name, name): value for name, value in typed.items()}}
    if button:
        fields["do"] = button
    return client.post(form.action or address, data=fields)


def _form(element: ET.Element) -> Form:
    form = Form(element.get("action") or "")
    for control in element.iter():
        name, tag = control.get("name"), control.tag
        if tag == "button":
            form.buttons.append((name or "", control.get("value") or ""))
        elif name and tag == "textarea":
            form.fields[name] = (control.text or "").removeprefix("\n")
        elif name and tag == "select":
            form.fields[name] = _chosen(control)
        elif name and tag == "input" and _is_sent(control):
            value = control.get("value") or ""
            ticked = control.get("type") == "checkbox" and name in form.fields
            form.fields[name] = [*_listed(form.fields[name]), value] if ticked else value
    return form


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _is_sent(control: ET.Element) -> bool:
    kind = control.get("type", "text")
    if kind in {"radio", "checkbox"}:
        return control.get("checked") is not None
    return kind not in _NOT_SENT


def _chosen(select: ET.Element) -> str:
    options = list(select.iter("option"))
    chosen = [one for one in options if one.get("selected") is not None] or options[:1]
    return (chosen[0].get("value") or "") if chosen else ""
