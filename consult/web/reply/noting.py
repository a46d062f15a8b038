"""The PDF that goes with a reply: taken in with the form, given back to the member's people."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from consult.actions import noting
from consult.core.upload import LARGEST
from consult.errors import BadInput, NotFound, Unscanned
from consult.queries import notes
from consult.queries.reply import Page
from consult.web import security
from consult.web.files import send_stored
from consult.web.frame import desk
from consult.web.policy import allow, focal_point, me
from consult.web.reply.blueprint import pages
from consult.web.reply.typed import FILE, NOTE, Fault
from consult.wording.faults import fault
from consult.wording.refusals import sentence

MOST = LARGEST + 1024 * 1024  # bytes of a form with its note


def take(page: Page) -> tuple[str | None, Fault | None]:
    """Keep the file that was chosen and return its SHA-256, or what is wrong with it.

    It is kept before anything else is judged: nothing that happens to the form loses it.
    """
    sent = request.files.get(FILE)
    if not page.note_asked or not isinstance(sent, FileStorage) or not sent.filename:
        return None, None
    given = sent.read(), sent.filename, sent.mimetype or ""
    try:
        with security.judging_a_file():
            return noting.add_note(desk(), page.slug, me().actor, page.member, given), None
    except Unscanned as refused:
        return None, Fault(NOTE, FILE, sentence(refused))
    except BadInput as refused:
        code = next(iter(refused.faults.values()))
        words = _("Choose a PDF") if code == "file-kind" else fault(code)
        return None, Fault(NOTE, FILE, words)


@pages.get("/c/<slug>/<member>/notes/<sha256>")
@allow(focal_point)
def note(slug: str, member: str, sha256: str) -> ResponseReturnValue:
    """Send the member's people the PDF that they gave."""
    found = notes.note(desk().engine, slug, member, sha256)
    if found is None:
        raise NotFound(slug=slug)
    return send_stored(desk(), found)
