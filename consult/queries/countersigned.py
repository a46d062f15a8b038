"""Which published records a newer key stands for, and which it has still to stand for (T54)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from consult.core.findings import Findings
from consult.core.ledger import instant, sha256_hex
from consult.core.signing import COMPROMISED
from consult.core.verify import Trust, verify_countersignature
from consult.errors import BadInput
from consult.queries.keys import keys_of
from consult.tables import (
    Consultation,
    Countersignature,
    HeadSent,
    LedgerEntry,
    Record,
    SigningKey,
    reading,
)


@dataclass(frozen=True, slots=True)
class Lost:
    """A key that may be in other hands.

    Args:
        kid: Its name.
        successor: The row of the key that took its place.
        place: Of the successor, in the order of the keys.
    """

    kid: str
    successor: int
    place: int


def lost_keys(session: Session, *, to_do: bool = False) -> list[Lost]:
    """Return the keys that were lost, in their order (one statement).

    Args:
        to_do: Only those of which not all was countersigned yet.
    """
    before = aliased(SigningKey)
    wanted = (
        sa.select(before.kid, SigningKey.id, SigningKey.place)
        .join(before, before.place == SigningKey.place - 1)
        .where(SigningKey.reason == COMPROMISED)
        .order_by(SigningKey.place)
    )
    if to_do:
        wanted = wanted.where(SigningKey.countersigned_at.is_(None))
    return [
        Lost(kid, successor, place)
        for kid, successor, place in session.execute(wanted)
        if place is not None
    ]


def not_countersigned(session: Session, lost: Lost) -> Sequence[int]:
    """Return the records that rest on *lost* and for which no newer key stands (one statement).

    They rest on it if it signed them, or if it stood for them itself.
    """
    by_it, newer = aliased(Countersignature), aliased(Countersignature)
    # The content is canonical: so the name stands in it, and as text it could not.
    signed = Record.content.contains(f'"signers":["{lost.kid}"]', autoescape=True)
    stands = sa.select(SigningKey.kid).where(SigningKey.place >= lost.place)
    return session.scalars(
        sa.select(Record.id)
        .where(
            sa.or_(
                signed,
                sa.exists().where(by_it.record_id == Record.id, by_it.kid == lost.kid),
            ),
            ~sa.exists().where(newer.record_id == Record.id, newer.kid.in_(stands)),
        )
        .order_by(Record.id)
    ).all()


def uncountersigned(engine: sa.Engine) -> list[str]:
    """Return the reference of each record that a lost key signed and no newer one stands for.

    Those that wait for a worker are not among them.
    """
    with reading(engine) as session:
        waits = {lost.successor for lost in lost_keys(session, to_do=True)}
        found: list[int] = []
        for lost in lost_keys(session):
            if lost.successor not in waits:
                found += not_countersigned(session, lost)
        return list(
            session.scalars(
                sa.select(Consultation.reference)
                .join(Record, Record.consultation_id == Consultation.id)
                .where(Record.id.in_(found))
                .order_by(Consultation.reference)
                .distinct()
            )
        )


def heads_sent(session: Session, consultation_id: int) -> list[dict[str, Any]]:
    """Return each head that notices carried, with the instant of its entry (one statement)."""
    rows = session.execute(
        sa.select(HeadSent.number, HeadSent.head, LedgerEntry.at)
        .join(
            LedgerEntry,
            sa.and_(
                LedgerEntry.consultation_id == HeadSent.consultation_id,
                LedgerEntry.number == HeadSent.number,
            ),
        )
        .where(HeadSent.consultation_id == consultation_id)
        .order_by(HeadSent.number)
    )
    return [{"number": row.number, "head": row.head, "at": instant(row.at)} for row in rows]


def check_countersignatures(findings: Findings, session: Session, whole: Consultation) -> None:
    """Check each countersignature of the records of *whole* against its record and the keys."""
    rows = session.execute(
        sa.select(Countersignature, Record.content)
        .join(Record, Record.id == Countersignature.record_id)
        .where(Record.consultation_id == whole.id)
        .order_by(Countersignature.id)
    ).all()
    if not rows:
        return
    trust = Trust(keys=tuple(keys_of(session)))
    for row, record in rows:
        where = f"countersignature {row.id}"
        raw = record.encode()
        try:
            found = verify_countersignature(row.content.encode(), [raw], trust)
        except BadInput as unreadable:
            findings.fault(where, f"cannot be read: {unreadable}")
            continue
        for fault in found.faults:
            findings.fault(where, str(fault))
        if found.holds and (found.facts["at"], found.facts["record"]) != (
            instant(row.at),
            sha256_hex(raw),
        ):
            findings.fault(where, "its columns are not what it says")
