"""Whether the service is alive and ready, for those who run it."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from consult.errors import Unavailable
from consult.queries.health import Health, health
from consult.queries.keys import signing_fault
from consult.web.frame import desk
from consult.web.policy import allow, anyone

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@allow(anyone)
def healthz() -> ResponseReturnValue:
    """Answer: the process is alive."""
    return jsonify(alive=True)


@pages.get("/readyz")
@allow(anyone)
def readyz() -> ResponseReturnValue:
    """Say of the database, the migrations, the key, the outbox and the clock whether they hold."""
    try:
        found = health(desk().engine, desk().clock())
        signs = found.at_head and signing_fault(desk().engine, desk().keys) is None
    except Unavailable:
        return jsonify(ready=False, database=False), 503
    ready = found.ready and signs
    return jsonify(_said(found, ready=ready, signs=signs)), 200 if ready else 503


def _said(found: Health, *, ready: bool, signs: bool) -> dict[str, object]:
    return {
        "ready": ready,
        "database": True,
        "migrations": found.at_head,
        "key": signs,
        "outbox": found.outbox_moves,
        "outbox_age_seconds": found.outbox_age,
        "clock": found.one_time,
        "clock_apart_seconds": found.apart,
    }
