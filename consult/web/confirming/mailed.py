"""The e-mail on which something recorded on behalf rests, as text."""

from consult.actions.documents import path_of
from consult.core.mailed import Mailed, mailed
from consult.queries.requests import Asked
from consult.web.frame import desk


def mail_of(found: Asked) -> Mailed | None:
    """Return the e-mail on which the reply rests, as text; None where it is another paper."""
    scan = found.scan
    if scan is None or scan.media_type != "message/rfc822" or scan.sha256 is None:
        return None
    path = path_of(desk(), scan.sha256)
    return mailed(path.read_bytes()) if path.is_file() else None
