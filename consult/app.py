"""Puts the parts together: settings, clock, database, mail, languages and pages."""

import secrets
from datetime import timedelta
from hashlib import sha256
from importlib import resources
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_compress import Compress
from flask_login import LoginManager
from werkzeug.middleware.proxy_fix import ProxyFix

from consult.actions.change import Desk
from consult.actions.counters import Counters, InDatabase
from consult.actions.redis_counters import InRedis
from consult.clock import Clock
from consult.core.ledger import sha256_hex
from consult.keys import Keyring
from consult.queries.sessions import Me, signed_in
from consult.settings import Settings, SettingsError
from consult.tables import make_engine
from consult.web import (
    about,
    account,
    bodies,
    bounds,
    captured,
    comments,
    contesting,
    drafting,
    ending,
    errors,
    forgery,
    frame,
    health,
    keyfiles,
    keys,
    logged,
    member,
    observe,
    observers,
    office,
    paper,
    past,
    people,
    policy,
    receipts,
    register,
    reply,
    requests,
    restoring,
    revising,
    rules,
    templating,
    viewing,
)
from consult.web import desk as focal_desk
from consult.wording import catalogues

_PACKAGE = Path(str(resources.files("consult")))
_PAGES = (
    about,
    account,
    comments,
    bodies,
    contesting,
    drafting,
    ending,
    focal_desk,
    health,
    keyfiles,
    keys,
    member,
    observe,
    observers,
    past,
    office,
    paper,
    people,
    receipts,
    register,
    reply,
    requests,
    revising,
    rules,
    viewing,
)


def data_folder(name: str) -> Path:
    """Return ``templates`` or ``migrations``: inside the package, else beside it (a checkout)."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def secret_of(settings: Settings) -> str:
    """Return the secret; the demo makes its own once, in a file only its owner can read."""
    if settings.secret:
        return settings.secret
    path = settings.instance / "secret"
    settings.instance.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def make_desk(settings: Settings, clock: Clock, engine: sa.Engine | None = None) -> Desk:
    """Return the desk of this deployment: for the pages, the worker and the command line.

    Args:
        engine: One that is there already and is the caller's to dispose of.
    """
    settings.files.mkdir(parents=True, exist_ok=True)
    engine = engine if engine is not None else make_engine(settings.database)
    return Desk(
        engine=engine,
        clock=clock,
        secret=secret_of(settings).encode(),
        files=settings.files,
        keys=Keyring(settings.keys, makes_own=not settings.production),
        settling=settings.settling,
        password_memory=settings.password_memory,
        former_secrets=tuple(secret.encode() for secret in settings.secret_fallbacks),
        limits=settings.limits,
        limit_numbers=settings.limit_numbers,
        counters=make_counters(settings, engine),
        focal_point_factors=settings.focal_point_factors,
        scanner=settings.scanner,
        scanner_seconds=settings.scanner_seconds,
    )


def make_counters(settings: Settings, engine: sa.Engine) -> Counters:
    """Return where it is counted how often somebody asks (T97).

    Raises:
        SettingsError: Redis is named and cannot be used.
    """
    counted = InDatabase(engine)
    if not settings.redis:
        return counted
    try:
        return InRedis(settings.redis, instead=counted)
    except (ImportError, ValueError) as wrong:
        raise SettingsError(
            "CONSULT_REDIS_URL cannot be used: install consult[redis], and write it like"
            " redis://host:6379/0"
        ) from wrong


def _require_key(settings: Settings) -> None:
    """Refuse to serve pages that could store nothing (T52).

    Raises:
        SettingsError: With what to do.
    """
    if settings.production and not Keyring(settings.keys, makes_own=False).kids():
        raise SettingsError(
            f"There is no signing key in {settings.keys}: `consult keys new` makes one, or copy"
            " there the one that this service had"
        )


def create_app(settings: Settings, clock: Clock, engine: sa.Engine | None = None) -> Flask:
    """Return the web service; a route without a policy stops it here.

    Raises:
        SettingsError: It is in production and has no key to sign with.
    """
    _require_key(settings)
    app = Flask("consult", template_folder=str(data_folder("templates")))
    app.config |= _flask_settings(settings)
    app.session_interface = SignedCookie()
    app.extensions["consult"] = make_desk(settings, clock, engine)
    app.extensions["consult_settings"] = settings
    if settings.hops:
        hops = settings.hops
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    logged.set_up(app, behind_proxy=bool(settings.hops))
    forgery.set_up(app)
    Compress(app)
    catalogues.set_up(app, frame.language)
    _sign_in(app)
    frame.set_up(app)
    templating.set_up(app)
    errors.set_up(app)
    for module in _PAGES:
        app.register_blueprint(module.pages)
    app.register_blueprint(account.callback)
    if not settings.production:
        app.register_blueprint(captured.pages)
    frame.fallback(app)
    policy.guard(app)
    bounds.guard(app)
    restoring.set_up(app)
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    hosts = [*settings.hosts, settings.public_url.split("://", 1)[1].rsplit(":", 1)[0]]
    if not settings.production:
        hosts += ["localhost", "127.0.0.1", "[::1]"]
    return {
        "SECRET_KEY": secret_of(settings),
        "SECRET_KEY_FALLBACKS": list(settings.secret_fallbacks),
        "TRUSTED_HOSTS": hosts,
        "SESSION_COOKIE_NAME": "__Host-consult" if settings.secure else "consult",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "MAX_CONTENT_LENGTH": bounds.FORM_BYTES,
        "MAX_FORM_MEMORY_SIZE": bounds.FORM_BYTES,
        "MAX_FORM_PARTS": bounds.MOST_FIELDS,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
        "PREFERRED_URL_SCHEME": settings.public_url.split("://", 1)[0],
    }


class SignedCookie(SecureCookieSessionInterface):
    """The cookie's signature: HMAC with SHA-256, not with the library's SHA-1 (T110)."""

    digest_method = staticmethod(sha256)


def _sign_in(app: Flask) -> None:
    manager = LoginManager(app, add_context_processor=False)  # it asks on every error page too
    manager.session_protection = None  # states sit behind changing proxies

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> Me | None:
        desk: Desk = app.extensions["consult"]
        return signed_in(desk.engine, sha256_hex(token.encode()), desk.clock())
