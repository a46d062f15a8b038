"""The key in force, and the heads of ledgers that it signs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.ledger import instant
from consult.core.life import State
from consult.core.signing import FIRST, Signer, checkpoint, state_key
from consult.errors import Changed, NoSigningKey
from consult.keys import Keyring
from consult.queries.keys import newest
from consult.tables import Checkpoint, Consultation, SigningKey, lay

# Ledgers that are told of a new key only when something is entered in them again; all others go
# by the key in force, for whoever changes it locks them and says so.
AT_REST = frozenset({State.PUBLISHED, State.DISCARDED, State.BROKEN, State.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class InForce:
    """The key with which the service signs now, and why it came into force."""

    signer: Signer
    reason: str


def in_force(session: Session, keys: Keyring, now: datetime, *, alone: bool = False) -> InForce:
    """Return the key in force; the demo makes its first one here.

    Args:
        alone: Let nobody change it before the transaction ends: for a ledger at rest, which
            whoever changes the key does not lock.

    Raises:
        NoSigningKey: There is none, or its file cannot be used.
        Changed: It came into force while one waited for it.
    """
    if alone:
        hold(session, read=True)
    row = newest(session)
    if alone and row is not None and row.valid_from is not None and row.valid_from > now:
        raise Changed(what="key")
    if row is None:
        if not keys.makes_own:
            raise NoSigningKey(kid=None, why="no key was made; `consult keys new` makes one")
        return begin(session, keys.make(), now)
    return InForce(keys.signer(row.kid), row.reason)


def hold(session: Session, *, read: bool = False) -> None:
    """Lock the key in force to the end of the transaction; *read* with others that only read it."""
    session.execute(
        select(SigningKey.id)
        .where(SigningKey.place.is_not(None))
        .order_by(SigningKey.place.desc())
        .limit(1)
        .with_for_update(read=read)
    )


def begin(session: Session, signer: Signer, now: datetime) -> InForce:
    """Put the first key of this service into force: nothing was signed before it."""
    session.add(
        SigningKey(
            kid=signer.kid,
            public_key=signer.public_key,
            reason=FIRST,
            asked_at=now,
            place=0,
            valid_from=now,
            stated=state_key(signer, instant(now)),
        )
    )
    return InForce(signer, FIRST)


def signed_at(session: Session, letter: Consultation) -> dict[str, Any] | None:
    """Return the checkpoint of the head as it stands, if it was signed before."""
    found: dict[str, Any] | None = session.scalar(
        select(Checkpoint.said).where(
            Checkpoint.consultation_id == letter.id, Checkpoint.number == letter.number
        )
    )
    return found


def keep(session: Session, letter: Consultation, signer: Signer, at: datetime) -> dict[str, Any]:
    """Sign the head of *letter* as it stands, and keep that."""
    said = checkpoint(signer, letter.ledger, letter.number, letter.head, instant(at))
    lay(session, Checkpoint, consultation_id=letter.id, number=letter.number, at=at, said=said)
    return said
