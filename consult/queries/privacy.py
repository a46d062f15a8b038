"""All that is kept of one person, for that person (T104)."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.tables import (
    AddressChange,
    Consultation,
    FocalPoint,
    Grant,
    LoginSession,
    Member,
    Notice,
    Person,
    Reply,
    reading,
)

FORMAT = "consult-person/1"
_MOST = 10_000  # lines of each list: more than anybody has


def kept_of(engine: sa.Engine, person_id: int) -> dict[str, Any]:
    """Return it as data to be read by people and programs (eight statements)."""
    with reading(engine) as session:
        person = session.get_one(Person, person_id)
        roles = session.scalars(sa.select(Grant.role).where(Grant.person_id == person_id)).all()
        mandates = session.execute(
            sa.select(FocalPoint, Member.code)
            .join(Member, Member.id == FocalPoint.member_id)
            .where(FocalPoint.person_id == person_id)
            .order_by(FocalPoint.id)
        ).all()
        sessions = session.scalars(
            sa.select(LoginSession)
            .where(LoginSession.person_id == person_id)
            .order_by(LoginSession.made_at)
            .limit(_MOST)
        ).all()
        addresses = session.scalars(
            sa.select(AddressChange)
            .where(AddressChange.person_id == person_id)
            .order_by(AddressChange.id)
            .limit(_MOST)
        ).all()
        notices = session.execute(
            sa.select(
                Notice.kind, Notice.member, Notice.queued_at, Notice.state, Consultation.reference
            )
            .outerjoin(Consultation, Consultation.id == Notice.consultation_id)
            .where(Notice.person_id == person_id)
            .order_by(Notice.id)
            .limit(_MOST)
        ).all()
        replies = session.execute(
            sa.select(Reply.member, Reply.version, Reply.received_at, Consultation.reference)
            .join(Consultation, Consultation.id == Reply.consultation_id)
            .where(Reply.person_id == person_id)
            .order_by(Reply.id)
            .limit(_MOST)
        ).all()
    return {
        "format": FORMAT,
        "person": {
            "number": person.opaque,
            "name": person.name,
            "address": person.address,
            "telephone": person.telephone,
            "language": person.language,
            "zone": person.zone,
            "made_at": _at(person.made_at),
            "set_up_at": _at(person.set_up_at),
            "signed_in_at": _at(person.signed_in_at),
            "has_password": person.password_hash is not None,
        },
        "roles": sorted(role.value for role in roles),
        "mandates": [
            {
                "number": line.id,
                "member": code,
                "head": line.head,
                "adviser": line.adviser,
                "from": _at(line.from_at),
                "until": _at(line.until_at),
                "paper": line.paper,
            }
            for line, code in mandates
        ],
        "sessions": [
            {
                "made_at": _at(one.made_at),
                "seen_at": _at(one.seen_at),
                "ended_at": _at(one.ended_at),
                "factors": one.factors,
                "browser": one.browser,
            }
            for one in sessions
        ],
        "addresses_asked_for": [
            {
                "address": one.address,
                "before": one.before,
                "made_at": _at(one.made_at),
                "ended_at": _at(one.used_at),
            }
            for one in addresses
        ],
        "notices": [
            {
                "kind": row.kind.value,
                "consultation": row.reference,
                "member": row.member,
                "queued_at": _at(row.queued_at),
                "state": row.state.value,
            }
            for row in notices
        ],
        "replies": [
            {
                "consultation": row.reference,
                "member": row.member,
                "version": row.version,
                "received_at": _at(row.received_at),
            }
            for row in replies
        ],
    }


def _at(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
