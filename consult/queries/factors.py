"""By what a person can sign in, and what changed in it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.factors import FactorChanged
from consult.tables import (
    Authenticator,
    FactorChange,
    Passkey,
    Person,
    ProviderAccount,
    RecoveryCode,
    reading,
)

_CHANGES = 20


@dataclass(frozen=True, slots=True)
class Key:
    """A passkey as its owner knows it."""

    number: int
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """A linked account of the identity provider."""

    number: int
    issuer: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed, and by whom if it was not the person."""

    what: FactorChanged
    at: datetime
    by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Ways:
    """By what a person can sign in beside the mailed link.

    Args:
        app: Whether an authenticator app is in use.
        waiting: The sealed seed of one that waits for its first code.
        codes: How many recovery codes are left.
    """

    password: bool
    app: bool
    waiting: str | None
    codes: int
    keys: tuple[Key, ...]
    accounts: tuple[Account, ...]
    changes: tuple[Changed, ...]

    @property
    def second(self) -> bool:
        """Whether there is anything that counts beside the mailed link."""
        return self.password or self.app or bool(self.keys)


def ways(engine: sa.Engine, person_id: int) -> Ways:
    """Return by what a person can sign in (six statements)."""
    with reading(engine) as session:
        return ways_of(session, person_id)


def ways_of(session: Session, person_id: int) -> Ways:
    """Return the same in a snapshot that is open (six statements)."""
    password = session.scalar(sa.select(Person.password_hash).where(Person.id == person_id))
    app = session.scalar(sa.select(Authenticator).where(Authenticator.person_id == person_id))
    codes = session.scalar(
        sa.select(sa.func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    )
    keys = session.scalars(
        sa.select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)
    ).all()
    accounts = session.scalars(
        sa.select(ProviderAccount)
        .where(ProviderAccount.person_id == person_id)
        .order_by(ProviderAccount.id)
    ).all()
    changes = session.execute(
        sa.select(FactorChange, Person.name)
        .outerjoin(Person, Person.id == FactorChange.by_id)
        .where(FactorChange.person_id == person_id)
        .order_by(FactorChange.id.desc())
        .limit(_CHANGES)
    ).all()
    confirmed = app is not None and app.confirmed_at is not None
    return Ways(
        password=password is not None,
        app=confirmed,
        waiting=app.seed if app is not None and not confirmed else None,
        codes=codes or 0,
        keys=tuple(Key(key.id, key.name, key.made_at, key.used_at) for key in keys),
        accounts=tuple(Account(one.id, one.issuer, one.linked_at) for one in accounts),
        changes=tuple(
            Changed(FactorChanged(row.what), row.at, by, row.reason) for row, by in changes
        ),
    )
