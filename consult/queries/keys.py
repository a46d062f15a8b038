"""The keys of this service, and the heads of ledgers that they signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.core.ledger import instant
from consult.core.signing import (
    KEYS_FORMAT,
    Signer,
    checkpoint,
    key_list,
    sign_record,
    with_checkpoints,
)
from consult.errors import NoSigningKey
from consult.keys import Keyring
from consult.tables import Checkpoint, Consultation, Person, SigningKey, reading


def newest(session: Session) -> SigningKey | None:
    """Return the key in force (one statement)."""
    return session.scalar(
        sa.select(SigningKey)
        .where(SigningKey.place.is_not(None))
        .order_by(SigningKey.place.desc())
        .limit(1)
    )


def keys_of(session: Session) -> list[dict[str, Any]]:
    """Return every key that is or was in force, in their order, as records hold them."""
    stated = session.scalars(
        sa.select(SigningKey.stated).where(SigningKey.place.is_not(None)).order_by(SigningKey.place)
    ).all()
    return key_list([dict(one) for one in stated if one])


def key_file(engine: sa.Engine) -> dict[str, Any]:
    """Return the public list of keys (one statement; T53)."""
    with reading(engine) as session:
        return {"format": KEYS_FORMAT, "keys": keys_of(session)}


def signing_fault(engine: sa.Engine, keys: Keyring) -> str | None:
    """Say why the service could not sign now; None if it could (one statement; T52, T71)."""
    with reading(engine) as session:
        row = newest(session)
    if row is None:
        return None if keys.makes_own else "no key was made; `consult keys new` makes one"
    return keys.fault(row.kid, row.public_key)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A key that somebody asked for and nobody has decided upon."""

    kid: str
    public_key: str
    reason: str
    revokes_from: datetime | None
    asked_by: str
    asked_by_id: int
    asked_at: datetime


def proposed(engine: sa.Engine, since: datetime) -> Proposed | None:
    """Return the change that waits, if it was asked for after *since* (one statement)."""
    with reading(engine) as session:
        row = session.execute(
            sa.select(
                SigningKey.kid,
                SigningKey.public_key,
                SigningKey.reason,
                SigningKey.revokes_from,
                Person.name,
                Person.id,
                SigningKey.asked_at,
            )
            .join(Person, Person.id == SigningKey.asked_by_id)
            .where(
                SigningKey.place.is_(None),
                SigningKey.refused_at.is_(None),
                SigningKey.asked_at > since,
            )
        ).first()
    return Proposed(*row) if row else None


def asked_before(engine: sa.Engine) -> frozenset[str]:
    """Return the kids of all keys that were ever asked for (one statement)."""
    with reading(engine) as session:
        return frozenset(session.scalars(sa.select(SigningKey.kid)))


def checkpoints_of(session: Session, consultation_id: int) -> Sequence[dict[str, Any]]:
    """Return the signed heads of one ledger, in their order (one statement)."""
    return session.scalars(
        sa.select(Checkpoint.said)
        .where(Checkpoint.consultation_id == consultation_id)
        .order_by(Checkpoint.number)
    ).all()


def signed_to_its_end(
    session: Session, keys: Keyring, letter: Consultation, made: dict[str, Any]
) -> dict[str, Any]:
    """Return a record or an export of *letter* that is taken out before it is published.

    Its last head is signed for it, and nothing of that is stored.

    Raises:
        NoSigningKey: There is no key.
    """
    row = newest(session)
    if row is None:
        raise NoSigningKey(kid=None, why="no key was made")
    signer = keys.signer(row.kid)
    listed = list(checkpoints_of(session, letter.id))
    if not listed or listed[-1]["number"] < letter.number:
        listed.append(_head(signer, letter))
    whole = with_checkpoints(made, listed, keys_of(session))
    return sign_record(signer, whole) if "signers" in made else whole


def _head(signer: Signer, letter: Consultation) -> dict[str, Any]:
    assert letter.entered_at is not None  # noqa: S101 - entry 0 is there from the start
    return checkpoint(signer, letter.ledger, letter.number, letter.head, instant(letter.entered_at))
