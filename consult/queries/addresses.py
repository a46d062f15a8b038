"""Which address a person wants, and with whom it may be shared (T5)."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.queries.sessions import in_force
from consult.tables import AddressChange, FocalPoint, Person, reading


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address that waits to be confirmed."""

    person_id: int
    address: str


def wanted(
    engine: sa.Engine,
    now: datetime,
    *,
    person_id: int | None = None,
    token_hash: str | None = None,
) -> Wanted | None:
    """Return what a person, or a link, waits to confirm; None for nothing (one statement)."""
    whose = (
        AddressChange.token_hash == token_hash
        if token_hash is not None
        else AddressChange.person_id == person_id
    )
    with reading(engine) as session:
        row = session.execute(
            sa.select(AddressChange.person_id, AddressChange.address).where(
                whose, AddressChange.used_at.is_(None), AddressChange.expires_at > now
            )
        ).first()
    return Wanted(row.person_id, row.address) if row else None


def may_share(session: Session, person: Person, key: str, now: datetime) -> bool:
    """Say whether mail for *person* may go to *key* (two statements).

    Nobody else has it; or, where nobody concerned is of the secretariat, all who have it act for
    a member for which *person* acts too: a mission's mailbox.
    """
    others = session.execute(
        sa.select(Person.id, Person.staff).where(
            Person.address_key == key,
            Person.id != person.id,
            sa.or_(Person.disabled_at.is_(None), Person.staff),  # a closed account of staff too
        )
    ).all()
    if not others:
        return True
    if person.staff or any(other.staff for other in others):
        return False
    concerned = [person.id, *(other.id for other in others)]
    acts_for: dict[int, set[int]] = {number: set() for number in concerned}
    for number, member in session.execute(
        sa.select(FocalPoint.person_id, FocalPoint.member_id).where(
            FocalPoint.person_id.in_(concerned), *in_force(now)
        )
    ):
        acts_for[number].add(member)
    return all(acts_for[person.id] & acts_for[other.id] for other in others)
