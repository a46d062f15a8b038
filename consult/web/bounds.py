"""How much of a form is read: so many fields, and a length that is said before it comes (T96)."""

from typing import Any

from flask import Flask, request
from werkzeug.exceptions import LengthRequired, RequestEntityTooLarge

FORM_BYTES = 2 * 1024 * 1024
MOST_FIELDS = 10_000  # a paper reply has five for each item, and a letter has hundreds of items
_URLENCODED = "application/x-www-form-urlencoded"


def guard(app: Flask) -> None:
    """Refuse what is out of bounds before anything reads the form."""
    app.url_value_preprocessor(_refuse_floods)


def _refuse_floods(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Refuse a form without a length, or with more fields than any of ours.

    The library cuts a chunked body at the limit without a word, and takes as many fields of a
    form without files as come: each costs a hundred times its bytes.
    """
    if request.headers.get("Transfer-Encoding"):
        raise LengthRequired
    if request.mimetype != _URLENCODED:
        return
    most = request.max_form_memory_size
    if most is not None and (request.content_length or 0) > most:
        raise RequestEntityTooLarge
    if request.get_data().count(b"&") >= MOST_FIELDS:
        raise RequestEntityTooLarge
