"""The mark in every form of ours: bound to the session, signed with SHA-256 (T20, T109, T110).

Flask-WTF signs its own with SHA-1 and lets nobody choose. Its rule is kept: the session holds a
random value, a form carries it signed, and no unsafe request is heard without it.
"""

import secrets
from hashlib import sha256
from typing import Any

from flask import Flask, current_app, g, request, session
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms.csrf.core import CSRF

from consult.core.tokens import same

_FIELD = "csrf_token"
_PURPOSE = "consult/form/1"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Mark(CSRF):
    """Puts the mark into a form; whether it holds was judged before the view is called."""

    def generate_csrf_token(self, csrf_token_field: Any) -> str:
        return mark()

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        """See `_refuse_forged`."""


def set_up(app: Flask) -> None:
    """Let every form of *app* carry the mark, and refuse what comes without."""
    FlaskForm.Meta.csrf_class = Mark
    app.jinja_env.globals["csrf_token"] = mark
    app.before_request(_refuse_forged)


def mark() -> str:
    """Return the mark for the forms of this page; its time only makes it differ from others."""
    if _FIELD not in g:
        if not isinstance(session.get(_FIELD), str):
            session[_FIELD] = secrets.token_urlsafe(24)
        g.csrf_token = _signer().dumps(session[_FIELD])
    made: str = g.csrf_token
    return made


def renew() -> None:
    """Forget the mark of the session before: the next form is of the one that begins."""
    g.pop(_FIELD, None)


def _refuse_forged() -> None:
    """Refuse an unsafe request that no form of this session sent.

    Raises:
        CSRFError: With the reason.
    """
    if request.endpoint is None or request.method in _SAFE:
        return
    given, held = _given(), session.get(_FIELD)
    if not given:
        raise CSRFError("the form has no mark")
    if not isinstance(held, str):
        raise CSRFError("the session has no mark")
    try:
        said = _signer().loads(given)
    except BadData as forged:
        raise CSRFError("the mark is not ours") from forged
    if not isinstance(said, str) or not same(said, held):
        raise CSRFError("the mark is of another session")


def _given() -> str:
    """Return the mark that came; a form with a prefix has it under that prefix."""
    names = (name for name in request.form if name == _FIELD or name.endswith(f"-{_FIELD}"))
    return next((request.form[name] for name in names if request.form[name]), "")


def _signer() -> URLSafeTimedSerializer:
    """Sign with the secret of today; a mark made with a former one still holds (T99)."""
    former: list[str] = current_app.config["SECRET_KEY_FALLBACKS"]
    return URLSafeTimedSerializer(
        [*former, str(current_app.secret_key)],  # the last one signs
        salt=_PURPOSE,
        signer_kwargs={"key_derivation": "hmac", "digest_method": sha256},
    )
