"""Invited people set up their accounts through a link that is spent once (T6)."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions import passwords
from consult.actions.change import Desk
from consult.actions.mailing import post
from consult.actions.sessions import Browser, SignedIn, begin
from consult.core.ledger import instant, sha256_hex
from consult.core.schedule import NoticeKind
from consult.core.tokens import link_token
from consult.errors import BadInput, LinkEnded
from consult.queries.accounts import own_words
from consult.tables import Invitation, Person, reading, writing

LASTS = timedelta(days=7)
_PURPOSE = "invitation"


def invite(
    desk: Desk,
    session: Session,
    person: Person,
    now: datetime,
    member_name: dict[str, str] | None = None,
    *,
    adviser: bool = False,
) -> None:
    """Mail *person* the link that sets up the account, once, within seven days (T6).

    Args:
        member_name: Of the member for which the person is named, in each language.
        adviser: Whether it is named as an adviser of that member.
    """
    nonce = secrets.token_hex(32)
    invitation = Invitation(
        nonce=nonce,
        token_hash=sha256_hex(link_token(desk.secret, _PURPOSE, nonce).encode()),
        person_id=person.id,
        made_at=now,
        expires_at=now + LASTS,
    )
    session.add(invitation)
    session.flush()
    facts: dict[str, Any] = {"member_name": member_name} if member_name else {}
    if adviser:
        facts["adviser"] = True
    post(
        session,
        person,
        NoticeKind.ACCOUNT,
        f"account-{invitation.id}",
        now,
        invitation=invitation.id,
        expires_at=instant(invitation.expires_at),
        **facts,
    )


def set_up(
    desk: Desk, token: str, language: str, zone: str | None, password: str, browser: Browser
) -> SignedIn:
    """Set up the account of an invited person and sign in; the invitation is spent.

    Raises:
        LinkEnded: The invitation is unknown, used or too old.
        BadInput: The password is missing (staff) or refused (T1).
    """
    now = desk.clock()
    token_hash = sha256_hex(token.encode())
    with reading(desk.engine) as session:
        person = session.get_one(Person, _invitation(session, token_hash, now).person_id)
        words = own_words(session, person)
    if not password and person.staff:
        raise BadInput({"password": "missing"})
    password_hash = None
    if password:
        passwords.check(password, words)
        password_hash = passwords.make_hash(password, desk.password_memory)
    with writing(desk.engine) as session:
        invitation = _invitation(session, token_hash, now, lock=True)
        person = session.get_one(Person, invitation.person_id)
        session.execute(
            sa.update(Invitation)
            .where(Invitation.person_id == person.id, Invitation.used_at.is_(None))
            .values(used_at=now)
        )
        person.language, person.zone, person.set_up_at = language, zone, now
        person.password_hash = password_hash
        factors = "link password" if password_hash else "link"
        made = begin(session, person.id, factors, browser, now)
        return SignedIn(made, person.opaque, factors, "")


def change_settings(desk: Desk, person_id: int, language: str, zone: str | None) -> None:
    """Change the language and the zone of one's own pages and mail."""
    with writing(desk.engine) as session:
        person = session.get_one(Person, person_id)
        person.language, person.zone = language, zone


def _invitation(
    session: Session, token_hash: str, now: datetime, *, lock: bool = False
) -> Invitation:
    wanted = (
        sa.select(Invitation)
        .join(Person, Person.id == Invitation.person_id)
        .where(
            Invitation.token_hash == token_hash,
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            Person.disabled_at.is_(None),
        )
    )
    found = session.scalar(wanted.with_for_update(of=Invitation) if lock else wanted)
    if found is None:
        raise LinkEnded
    return found
