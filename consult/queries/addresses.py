"""Which address a person wants, and with whom it may be shared (T5)."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.queries.sessions import in_force
from consult.tables import AddressChange, FocalPoint, Grant, Person, reading


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
    a member for which *person* acts too: a mission's mailbox. Who acts for nobody is in no way.
    """
    own = _acts_for(session, [person.id], now)
    others = [one for one in _holders(session, key, now) if one.person_id != person.id]
    return not others or (not person.staff and _fit(others, own[person.id]))


def may_be_named(
    session: Session, name: str, key: str, now: datetime, member_id: int | None = None
) -> bool:
    """Say whether *name*, who acts for the member from now on, may have the mailbox *key*.

    As `may_share` has it; somebody of this name who has it already is that person. None for the
    member of one who acts for none, such as an observer (two statements).
    """
    found = _holders(session, key, now)
    same = [one for one in found if one.name.casefold() == name.casefold()]
    mine = {member for one in same for member in one.acts_for}
    mine |= set() if member_id is None else {member_id}
    return _fit([one for one in found if one not in same], mine)


@dataclass(frozen=True, slots=True)
class _Holder:
    """Somebody whose mail goes to a mailbox; *busy* whoever may do anything at all."""

    person_id: int
    name: str
    staff: bool
    acts_for: frozenset[int]
    busy: bool


def _fit(others: Sequence[_Holder], mine: Set[int]) -> bool:
    return all(not one.staff and (not one.busy or one.acts_for & mine) for one in others)


def _holders(session: Session, key: str, now: datetime) -> list[_Holder]:
    granted = sa.exists().where(Grant.person_id == Person.id)
    rows = session.execute(
        sa.select(Person.id, Person.name, Person.staff, granted.label("granted")).where(
            Person.address_key == key,
            sa.or_(Person.disabled_at.is_(None), Person.staff),  # a closed account of staff too
        )
    ).all()
    acts_for = _acts_for(session, [row.id for row in rows], now)
    return [
        _Holder(
            row.id, row.name, row.staff, acts_for[row.id], row.granted or bool(acts_for[row.id])
        )
        for row in rows
    ]


def _acts_for(session: Session, people: Sequence[int], now: datetime) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {number: set() for number in people}
    for number, member in session.execute(
        sa.select(FocalPoint.person_id, FocalPoint.member_id).where(
            FocalPoint.person_id.in_(people), *in_force(now)
        )
    ):
        found[number].add(member)
    return {number: frozenset(members) for number, members in found.items()}
