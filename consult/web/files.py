"""A stored file goes out as an attachment, and nothing in it may run (T93)."""

from typing import Protocol

from flask import Response, send_file

from consult.actions.change import Desk
from consult.actions.documents import path_of
from consult.errors import NotFound
from consult.web import security


class Stored(Protocol):
    """A document with its file: a row, or a query's own line."""

    @property
    def sha256(self) -> str | None: ...

    @property
    def filename(self) -> str | None: ...

    @property
    def media_type(self) -> str | None: ...


def send_stored(desk: Desk, document: Stored) -> Response:
    """Return the file of *document* for saving, under the name it came with.

    Raises:
        NotFound: No file was given with it, or it is not on this machine.
    """
    path = path_of(desk, document.sha256) if document.sha256 else None
    if path is None or not path.is_file():
        raise NotFound(document=document.filename)
    security.happened("file sent", sha256=document.sha256)
    response = send_file(
        path.resolve(),
        mimetype=document.media_type or "application/octet-stream",
        as_attachment=True,
        download_name=document.filename or str(document.sha256),
        max_age=0,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store"
    return response
