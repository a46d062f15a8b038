"""A document that is made for the reader goes out for saving, under its own name (T93)."""

import hashlib

from flask import Response, request
from werkzeug.http import dump_options_header

from consult.web import security

_KEPT = 300  # seconds; a correction must not wait long


def send_made(content: bytes, name: str, media_type: str, *, public: bool = False) -> Response:
    """Return *content* as an attachment.

    Args:
        name: Of the file, with its ending.
        public: Whether everybody may see it, so that it may be kept on the way.
    """
    if not public:
        security.happened("file sent")
    response = Response(content, content_type=media_type)
    headers = response.headers
    headers["Content-Disposition"] = dump_options_header("attachment", {"filename": name})
    if "filename*" not in headers["Content-Disposition"]:
        headers["Content-Disposition"] += f"; filename*=UTF-8''{name}"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    headers["Cache-Control"] = f"public, max-age={_KEPT}" if public else "no-store"
    response.set_etag(hashlib.sha256(content).hexdigest())
    response.make_conditional(request)
    return response
