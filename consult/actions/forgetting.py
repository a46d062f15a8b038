"""Personal data ends: sessions and sign-in times after a while, names after the mandate (T104)."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions.change import Change, Desk, change
from consult.core.life import SYSTEM
from consult.tables import (
    AddressChange,
    Consultation,
    FocalPoint,
    Grant,
    Invitation,
    LedgerEntry,
    LedgerText,
    LoginSession,
    Notice,
    Person,
    SignInRequest,
    reading,
    writing,
)

NETWORK_KEPT = timedelta(days=90)  # sessions, links asked for, invitations
SIGN_INS_KEPT = timedelta(days=365)
GROUND = "personal data, erased after the last mandate"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was erased."""

    sessions: int
    people: int
    texts: int


def forget(desk: Desk, years: int) -> Forgotten:
    """Erase what need not be kept any more; asked again, nothing is erased twice.

    Names and addresses of those whose last mandate ended *years* ago go, and the texts to which
    ledgers commit for them; the ledgers keep the number without meaning, and still hold.
    """
    now = desk.clock()
    with writing(desk.engine) as session:
        sessions = _forget_sign_ins(session, now)
    people = texts = 0
    for person, opaque in _past(desk, now - timedelta(days=round(365.25 * years))):
        texts += _erase(desk, person, opaque)
        people += 1
    return Forgotten(sessions, people, texts)


def _forget_sign_ins(session: Session, now: datetime) -> int:
    old = now - NETWORK_KEPT
    gone = sa.delete(LoginSession).where(LoginSession.seen_at < old)
    count = session.execute(gone.returning(LoginSession.token_hash)).all()
    session.execute(sa.delete(SignInRequest).where(SignInRequest.expires_at < old))
    session.execute(sa.delete(AddressChange).where(AddressChange.expires_at < old))
    session.execute(sa.delete(Invitation).where(Invitation.expires_at < old))
    session.execute(
        sa.update(Person).where(Person.signed_in_at < now - SIGN_INS_KEPT).values(signed_in_at=None)
    )
    return len(count)


def _past(desk: Desk, before: datetime) -> list[tuple[int, str]]:
    """Return id and opaque code of those who have held no mandate since, and hold no role."""
    held = sa.select(FocalPoint.person_id).where(
        sa.or_(FocalPoint.until_at.is_(None), FocalPoint.until_at >= before)
    )
    wanted = sa.select(Person.id, Person.opaque).where(
        Person.id.in_(sa.select(FocalPoint.person_id)),
        Person.id.not_in(held),
        Person.id.not_in(sa.select(Grant.person_id)),
        Person.address != "",
    )
    with reading(desk.engine) as session:
        return [(row.id, row.opaque) for row in session.execute(wanted.order_by(Person.id))]


def _erase(desk: Desk, person_id: int, opaque: str) -> int:
    """Erase one person; the row without its name goes last, so that a crash leaves it to do."""
    mandates = _mandates(desk, person_id)
    concerned = _concerned(desk, mandates, opaque)
    texts = sum(_erase_in(desk, slug, mandates, opaque) for slug in concerned)
    with writing(desk.engine) as session:
        person = session.get_one(Person, person_id)
        instead = f"Person {opaque[:8]}"
        for notice in session.scalars(sa.select(Notice).where(_names(person.name))):
            notice.data = _without(notice.data, person.name, instead)
        session.execute(sa.delete(AddressChange).where(AddressChange.person_id == person_id))
        person.name, person.address, person.address_key = instead, "", f"erased-{opaque}"
        person.telephone = person.zone = person.password_hash = person.signed_in_at = None
        person.disabled_at = person.disabled_at or desk.clock()
    return texts


def _names(name: str) -> sa.ColumnElement[bool]:
    quoted = json.dumps(name)[1:-1], json.dumps(name, ensure_ascii=False)[1:-1]
    data = sa.cast(Notice.data, sa.Text)
    return sa.or_(*(data.contains(one, autoescape=True) for one in set(quoted)))


def _concerned(desk: Desk, mandates: frozenset[int], opaque: str) -> list[str]:
    """Return the consultations whose ledger commits to a text about the person."""
    acted = LedgerEntry.entry.contains(f'"actor":"person:{opaque}"', autoescape=True)
    named = sa.and_(
        LedgerEntry.what == "mandate",
        sa.or_(
            *(
                LedgerEntry.entry.contains(f'"mandate":{number},', autoescape=True)
                for number in sorted(mandates)
            ),
            sa.false(),
        ),
    )
    wanted = (
        sa.select(Consultation.slug)
        .where(
            Consultation.id.in_(sa.select(LedgerEntry.consultation_id).where(sa.or_(acted, named)))
        )
        .order_by(Consultation.id)
    )
    with reading(desk.engine) as session:
        return list(session.scalars(wanted))


def _mandates(desk: Desk, person_id: int) -> frozenset[int]:
    with reading(desk.engine) as session:
        return frozenset(
            session.scalars(sa.select(FocalPoint.id).where(FocalPoint.person_id == person_id))
        )


def _erase_in(desk: Desk, slug: str, mandates: frozenset[int], opaque: str) -> int:
    with change(desk, slug, SYSTEM) as this:
        commitments = _commitments(this, opaque, mandates)
        kept = this.session.scalars(
            sa.select(LedgerText)
            .where(LedgerText.commitment.in_(commitments), LedgerText.erased_at.is_(None))
            .order_by(LedgerText.commitment)
        ).all()
        for text in kept:
            this.enter("text-erased", commitment=text.commitment, ground=GROUND)
            text.text, text.erased_at = None, this.now
        return len(kept)


def _commitments(this: Change, opaque: str, mandates: frozenset[int]) -> set[str]:
    rows = this.session.scalars(
        sa.select(LedgerEntry.entry).where(LedgerEntry.consultation_id == this.consultation.id)
    )
    found: set[str] = set()
    for row in rows:
        entry: dict[str, Any] = json.loads(row)
        facts = entry["facts"]
        if entry["actor"] == f"person:{opaque}" and facts.get("signatory"):
            found.add(facts["signatory"])
        if entry["what"] == "mandate" and facts["mandate"] in mandates:
            found.add(facts["person"])
    return found


def _without(value: Any, name: str, instead: str) -> Any:
    """Return canonical data with *instead* wherever a text says *name*."""
    if isinstance(value, dict):
        return {key: _without(part, name, instead) for key, part in value.items()}
    if isinstance(value, list):
        return [_without(part, name, instead) for part in value]
    return value.replace(name, instead) if isinstance(value, str) else value
