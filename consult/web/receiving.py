"""A file that somebody sends is judged and kept, or refused and noted (T93, T100)."""

from werkzeug.datastructures import FileStorage

from consult.actions import documents
from consult.actions.documents import Kept
from consult.core.upload import DOCUMENTS
from consult.web import security
from consult.web.frame import desk


def keep(sent: FileStorage, kinds: frozenset[str] = DOCUMENTS) -> Kept:
    """Keep what was sent.

    Raises:
        BadInput: At ``file``; see `upload.sniff`.
    """
    with security.judging_a_file():
        return documents.keep(desk(), sent.read(), sent.filename or "", sent.mimetype or "", kinds)
