"""Whether the service is alive and ready, for those who run it."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from consult.errors import Unavailable
from consult.queries.health import Health, health
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
    """Say of the database, the migrations, the outbox and the clock whether they hold."""
    try:
        found = health(desk().engine, desk().clock())
    except Unavailable:
        return jsonify(ready=False, database=False), 503
    return jsonify(_said(found)), 200 if found.ready else 503


def _said(found: Health) -> dict[str, object]:
    return {
        "ready": found.ready,
        "database": True,
        "migrations": found.at_head,
        "outbox": found.outbox_moves,
        "outbox_age_seconds": found.outbox_age,
        "clock": found.one_time,
        "clock_apart_seconds": found.apart,
    }
