"""The authenticator app (RFC 6238) and the ten recovery codes that stand in for it (T10)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import pyotp
import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions import factors, sealing
from consult.actions.change import Desk
from consult.core.factors import Factor, FactorChanged
from consult.core.ledger import sha256_hex
from consult.core.tokens import recovery_code, same, typed
from consult.errors import BadInput, NotFound
from consult.tables import Authenticator, Person, RecoveryCode, writing

CODES = 10
_PERIOD = 30  # seconds
_SKEW = (0, -1, 1)  # steps: the clock of a telephone is not ours
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A code that fits, not yet spent.

    Args:
        step: Of the app's code; None for a recovery code.
    """

    person_id: int
    factor: Factor
    code_hash: str
    step: int | None


def begin(desk: Desk, person_id: int) -> None:
    """Make a seed that waits for its first code; one that waits already is made anew.

    Raises:
        NotFound: The person has an app already.
    """
    seed = pyotp.random_base32()
    with writing(desk.engine) as session:
        row = session.get(Authenticator, person_id, with_for_update=True)
        if row is not None and row.confirmed_at is not None:
            raise NotFound
        row = row or Authenticator(person_id=person_id)
        row.seed = sealing.seal(desk, _purpose(person_id), seed.encode())
        row.last_step, row.made_at, row.confirmed_at = 0, desk.clock(), None
        session.add(row)


def seed_of(desk: Desk, person_id: int, sealed: str) -> str:
    """Return the seed in clear, to be shown once and to compute codes."""
    return sealing.unseal(desk, _purpose(person_id), sealed).decode()


def address_of(seed: str, name: str, issuer: str) -> str:
    """Return the address that a QR code hands to the app."""
    return pyotp.TOTP(seed).provisioning_uri(name=name, issuer_name=issuer)


def confirm(desk: Desk, person_id: int, code: str) -> tuple[str, ...]:
    """Take the app into use by its first code; return the ten recovery codes, shown once.

    Raises:
        BadInput: The code is not the one that the app shows now.
        NotFound: No app waits for its first code.
    """
    now = desk.clock()
    with writing(desk.engine) as session:
        row = session.get(Authenticator, person_id, with_for_update=True)
        if row is None or row.confirmed_at is not None:
            raise NotFound
        step = _step_of(seed_of(desk, person_id, row.seed), code, row.last_step, now)
        if step is None:
            raise BadInput({"code": "code-wrong"})
        row.last_step, row.confirmed_at = step, now
        factors.changed(session, session.get_one(Person, person_id), FactorChanged.APP_ADDED, now)
        return _make_codes(session, person_id, now)


def remove(desk: Desk, person_id: int) -> None:
    """Take the app and its recovery codes away.

    Raises:
        NotFound: There is none.
        LastFactor: See `factors.still_enough`.
    """
    now = desk.clock()
    with writing(desk.engine) as session:
        row = session.get(Authenticator, person_id, with_for_update=True)
        if row is None:
            raise NotFound
        was_used = row.confirmed_at is not None
        session.delete(row)
        session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
        if was_used:
            person = session.get_one(Person, person_id)
            factors.still_enough(desk, session, person)
            factors.changed(session, person, FactorChanged.APP_REMOVED, now)


def renew_codes(desk: Desk, person_id: int) -> tuple[str, ...]:
    """Make ten new recovery codes; the former ones are worth nothing.

    Raises:
        NotFound: There is no app that they could stand in for.
    """
    now = desk.clock()
    with writing(desk.engine) as session:
        row = session.get(Authenticator, person_id, with_for_update=True)
        if row is None or row.confirmed_at is None:
            raise NotFound
        factors.changed(
            session, session.get_one(Person, person_id), FactorChanged.CODES_RENEWED, now
        )
        return _make_codes(session, person_id, now)


def find(
    desk: Desk, session: Session, people: Collection[int], code: str, now: datetime
) -> Found | None:
    """Return whose code this is, of these people; a used one is nobody's (two statements)."""
    code_hash = sha256_hex(typed(code).encode())
    kept = session.scalars(
        sa.select(Authenticator).where(
            Authenticator.person_id.in_(people), Authenticator.confirmed_at.is_not(None)
        )
    ).all()
    for row in kept:
        step = _step_of(seed_of(desk, row.person_id, row.seed), code, row.last_step, now)
        if step is not None:
            return Found(row.person_id, Factor.APP, code_hash, step)
    owner = session.scalar(
        sa.select(RecoveryCode.person_id).where(
            RecoveryCode.code_hash == code_hash,
            RecoveryCode.person_id.in_(people),
            RecoveryCode.used_at.is_(None),
        )
    )
    return Found(owner, Factor.RECOVERY, code_hash, None) if owner is not None else None


def spend(session: Session, found: Found, now: datetime) -> bool:
    """Use the code up; say whether nobody was faster."""
    if found.step is None:
        spent = session.execute(
            sa.update(RecoveryCode)
            .where(RecoveryCode.code_hash == found.code_hash, RecoveryCode.used_at.is_(None))
            .values(used_at=now)
            .returning(RecoveryCode.person_id)
        ).first()
        if spent is not None:
            person = session.get_one(Person, found.person_id)
            factors.changed(session, person, FactorChanged.RECOVERY_USED, now)
        return spent is not None
    spent = session.execute(
        sa.update(Authenticator)
        .where(Authenticator.person_id == found.person_id, Authenticator.last_step < found.step)
        .values(last_step=found.step)
        .returning(Authenticator.person_id)
    ).first()
    return spent is not None


def _step_of(seed: str, code: str, last: int, now: datetime) -> int | None:
    """Return the step whose code this is: near now, and after the last one used."""
    digits = typed(code)
    if len(digits) != _DIGITS:
        return None
    present, app, found = int(now.timestamp()) // _PERIOD, pyotp.TOTP(seed), None
    for skew in _SKEW:
        if same(app.generate_otp(present + skew), digits) and present + skew > last:
            found = found if found is not None else present + skew
    return found


def _make_codes(session: Session, person_id: int, now: datetime) -> tuple[str, ...]:
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = tuple(recovery_code() for _ in range(CODES))
    session.add_all(
        RecoveryCode(code_hash=sha256_hex(typed(code).encode()), person_id=person_id, made_at=now)
        for code in codes
    )
    return codes


def _purpose(person_id: int) -> str:
    return f"authenticator/{person_id}"
