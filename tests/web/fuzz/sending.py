"""How forms are sent in any shape: byte for byte, filled as far as one can without thought."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote_from_bytes

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factors import PASSWORD
from tests.office import PDF
from tests.web.fuzz.sheets import TOKEN, Field, Sheet

Pair = tuple[str, str | bytes]
URLENCODED = "application/x-www-form-urlencoded"
_BOUNDARY = b"----a boundary of ours"
_WORDS = {
    "address": "new@example.org",
    "again": PASSWORD,
    "day": "10",
    "password": PASSWORD,
    "before-3": "1",
    "month": "8",
    "received-day": "17",
    "received-month": "7",
    "received-time": "16:04",
    "reference": "CONS-2020/99",
    "time": "09:40",
    "value": "1",
    "year": "2020",
}
# Empty is one of the answers to these, and goes well with the others.
_LEFT = re.compile(r"u[wq]-|opens-|outage-|members$|weights$|second$")


def filled(sheet: Sheet) -> list[Pair]:
    """Return a form with something in each of its fields."""
    return [(field.name, value) for field in sheet.fields for value in _filled(field)]


def _filled(field: Field) -> tuple[str, ...]:
    if any(field.values) or _LEFT.match(field.name):
        return field.values
    words = _WORDS.get(field.name) or _WORDS.get(re.split(r"[-_]", field.name)[-1])
    if field.typed:
        return (words or "Some words",)
    if field.kind in {"select", "radio"}:
        offered = [choice for choice in field.choices if choice]
        return (words,) if words in offered else tuple(offered[:1]) or field.values
    return field.values


def with_value(
    pairs: Iterable[Pair], field: Field, value: str | bytes, press: str | None
) -> list[Pair]:
    """Return a form with another value in one of its fields, and another button pressed."""
    kept = [(name, said) for name, said in pairs if name != field.name]
    if press is not None and field.kind != "button":
        kept = [(name, press if name == "do" else said) for name, said in kept]
    return [*kept, (field.name, value)]


def post(
    client: FlaskClient, sheet: Sheet, pairs: Sequence[Pair], *, files: bool = True
) -> TestResponse:
    """Send a form from the browser in which it was found."""
    if sheet.several_parts:
        names = [field.name for field in sheet.fields if field.kind == "file" and files]
        names = [] if "paste" in dict(pairs) else names  # a file is taken in its place
        body, kind = parts(pairs, [name for name in names if name not in dict(pairs)])
    else:
        body, kind = urlencoded(pairs), URLENCODED
    headers = {"Cookie": sheet.cookie}
    return client.post(sheet.action, data=body, content_type=kind, headers=headers)


def urlencoded(pairs: Iterable[Pair]) -> bytes:
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs).encode()


def parts(pairs: Iterable[Pair], files: Iterable[str] = ()) -> tuple[bytes, str]:
    """Return the body of a form in several parts and its type; each file is the same PDF."""
    made = [_part(f'name="{name}"', _bytes(value)) for name, value in pairs]
    for name in files:
        said = f'name="{name}"; filename="a.pdf"\r\nContent-Type: application/pdf'
        made.append(_part(said, PDF))
    kind = f"multipart/form-data; boundary={_BOUNDARY.decode()!r}".replace("'", '"')
    return b"".join(made) + b"--" + _BOUNDARY + b"--\r\n", kind


def foreign(pairs: Iterable[Pair], token: str | None) -> list[Pair]:
    """Return a form with another token, or without any."""
    kept = [(name, value) for name, value in pairs if not name.endswith(TOKEN)]
    return kept if token is None else [*kept, (TOKEN, token)]


def _part(said: str, content: bytes) -> bytes:
    head = f"Content-Disposition: form-data; {said}\r\n\r\n".encode()
    return b"--" + _BOUNDARY + b"\r\n" + head + content + b"\r\n"


def _quoted(value: str | bytes) -> str:
    return quote_from_bytes(_bytes(value), safe="")


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
