"""The key with which the service signs is changed: one person asks, another confirms (T54)."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.actions import signing
from consult.actions.change import Change, Desk
from consult.actions.mailing import post
from consult.core.ledger import instant
from consult.core.life import Actor, Role
from consult.core.schedule import NoticeKind
from consult.core.signing import COMPROMISED, PLANNED, Signer, fingerprint_of, state_key
from consult.errors import AlreadyDecided, BadInput, NotAllowed, NotFound, SamePerson
from consult.queries.keys import newest
from consult.queries.recipients import staff
from consult.tables import Consultation, Person, SigningKey, writing

LAPSES_AFTER = timedelta(days=7)
MAY_ASK = frozenset({Role.OFFICER, Role.ADMINISTRATOR})
MAY_CONFIRM = frozenset({Role.APPROVER, Role.ADMINISTRATOR})


def begin(desk: Desk) -> str | None:
    """Make the first key and put it into force; return its kid, None if there is one already."""
    with writing(desk.engine) as session:
        if newest(session) is not None:
            return None
        return signing.begin(session, desk.keys.make(), desk.clock()).signer.kid


def ask(
    desk: Desk, actor: Actor, kid: str, reason: str, revokes_from: datetime | None = None
) -> None:
    """Ask that the key *kid*, whose file is there, take the place of the one in force.

    Who may confirm it is told, as of every request.

    Args:
        reason: ``planned``, or ``compromised``: the key in force may be in other hands.
        revokes_from: Since when, if it may; nothing holds that it signed from then on.

    Raises:
        NotAllowed: The actor is neither officer nor administrator.
        BadInput: The key was asked for before, or the reason or the instant cannot be.
        NoSigningKey: The file of the key is not there, or cannot be used.
    """
    if not MAY_ASK & actor.roles:
        raise NotAllowed(act="key-changed")
    new = desk.keys.signer(kid)
    with writing(desk.engine) as session:
        now = desk.clock()
        faults = _faults(session, new.kid, reason, revokes_from, now)
        if faults:
            raise BadInput(faults)
        _lapse(session, now)
        session.add(
            SigningKey(
                kid=new.kid,
                public_key=new.public_key,
                reason=reason,
                revokes_from=revokes_from,
                asked_by_id=actor.person_id,
                asked_at=now,
            )
        )
        _tell(session, actor, new, reason, now)


def confirm(desk: Desk, actor: Actor, kid: str) -> None:
    """Put *kid* into force: stated by both keys, entered in every ledger that goes on.

    All those ledgers, and the former key, are locked before the instant is read, so that nothing
    is signed by that key after it.

    Raises:
        SamePerson: Who asked may not confirm.
        AlreadyDecided: Somebody decided before, or the request has lapsed.
        NoSigningKey: The file of one of the two keys is not there, or cannot be used.
    """
    with writing(desk.engine) as session:
        row, letters = _waiting(session, desk, actor, kid), _going_on(session)
        signing.hold(session)
        before = newest(session)
        if before is None or before.place is None:
            raise NotFound(kid=kid)
        row.valid_from = max([desk.clock(), *(one.entered_at for one in letters if one.entered_at)])
        row.place, row.confirmed_by_id = before.place + 1, actor.person_id
        row.stated = state_key(
            desk.keys.signer(kid),
            instant(row.valid_from),
            row.reason,
            desk.keys.signer(before.kid),
            instant(row.revokes_from) if row.revokes_from else None,
        )
        session.flush()
        for letter in letters:
            this = Change(desk, session, letter, row.valid_from, actor)
            this.take_key_in_force()
            this.sign_head()


def refuse(desk: Desk, actor: Actor, kid: str) -> None:
    """Leave the key as it is.

    Raises:
        SamePerson, AlreadyDecided: As for `confirm`.
    """
    with writing(desk.engine) as session:
        _waiting(session, desk, actor, kid).refused_at = desk.clock()


def _faults(
    session: Session, kid: str, reason: str, revokes_from: datetime | None, now: datetime
) -> dict[str, str]:
    if session.scalar(select(SigningKey.id).where(SigningKey.kid == kid)) is not None:
        return {"kid": "key-asked-before"}
    if _open(session, now) is not None:
        return {"kid": "key-change-waits"}
    if reason not in {PLANNED, COMPROMISED}:
        return {"reason": "missing"}
    if (reason == COMPROMISED) != (revokes_from is not None):
        return {"since-day": "missing"}
    if revokes_from is not None and revokes_from > now:
        return {"since-day": "in-the-future"}
    return {}


def _tell(session: Session, actor: Actor, new: Signer, reason: str, now: datetime) -> None:
    """Queue a mail to each person who may confirm; all that it says of the key is public."""
    asked_by = session.scalar(select(Person.name).where(Person.id == actor.person_id))
    for other in staff(session, MAY_CONFIRM):
        if other.person_id != actor.person_id:
            post(
                session,
                session.get_one(Person, other.person_id),
                NoticeKind.KEY_CHANGE,
                f"key-{new.kid}",
                now,
                kid=new.kid,
                key=fingerprint_of(new.public_key),
                reason=reason,
                asked_by=asked_by,
                until=instant(now + LAPSES_AFTER),
            )


def _open(session: Session, now: datetime) -> SigningKey | None:
    """Return the request that waits, if one does."""
    return session.scalar(
        select(SigningKey).where(
            SigningKey.place.is_(None),
            SigningKey.refused_at.is_(None),
            SigningKey.asked_at > now - LAPSES_AFTER,
        )
    )


def _lapse(session: Session, now: datetime) -> None:
    """End the request that nobody decided in time."""
    for row in session.scalars(
        select(SigningKey).where(SigningKey.place.is_(None), SigningKey.refused_at.is_(None))
    ):
        row.refused_at = now


def _waiting(session: Session, desk: Desk, actor: Actor, kid: str) -> SigningKey:
    if not MAY_CONFIRM & actor.roles:
        raise NotAllowed(act="key-changed")
    row = session.scalar(select(SigningKey).where(SigningKey.kid == kid).with_for_update())
    if row is None:
        raise NotFound(kid=kid)
    if row.asked_by_id == actor.person_id:
        raise SamePerson(act="key-changed")
    lapsed = row.asked_at + LAPSES_AFTER <= desk.clock()
    if row.place is not None or row.refused_at is not None or lapsed:
        raise AlreadyDecided(act="key-changed")
    return row


def _going_on(session: Session) -> list[Consultation]:
    return list(
        session.scalars(
            select(Consultation)
            .where(Consultation.state.not_in(signing.AT_REST))
            .order_by(Consultation.id)
            .with_for_update()
        )
    )
