"""The people of the demonstration: the secretariat, three who are shown, a head in each state."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.actions import passwords
from consult.actions.accounts import DEMO_DOMAIN
from consult.actions.change import Desk
from consult.core.addresses import address_key
from consult.core.life import Actor, Role
from consult.queries.sessions import actor_of
from consult.tables import FocalPoint, Grant, Member, Person, reading, writing

KENYA, SENEGAL, COTE_D_IVOIRE = "KEN", "SEN", "CIV"
_STATES_DOMAIN = "states.consult.example"

_STAFF: Sequence[tuple[str, str, tuple[Role, ...]]] = (
    ("A. Officer", "officer", (Role.OFFICER,)),
    ("B. Approver", "approver", (Role.OFFICER, Role.APPROVER)),
    ("C. Approver", "approver.2", (Role.APPROVER,)),
    ("D. Auditor", "auditor", (Role.AUDITOR,)),
    ("E. Administrator", "administrator", (Role.ADMINISTRATOR,)),
)
_READS: Mapping[str, str] = {
    **dict.fromkeys(("FRA", "CHE", "BFA", "CIV", "RWA", "SEN"), "fr"),
    **dict.fromkeys(("ARG", "CUB", "SLV", "MEX", "PRY", "ESP"), "es"),
    **dict.fromkeys(("RUS", "AZE"), "ru"),
    "CHN": "zh",
    **dict.fromkeys(("DZA", "EGY", "MAR", "TUN", "KWT", "SAU", "ARE"), "ar"),
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts in the demonstration.

    Args:
        heads, alternates: By the code of the member.
    """

    officer: Actor
    approver: Actor
    heads: Mapping[str, Actor]
    alternates: Mapping[str, Actor]


def load(desk: Desk) -> None:
    """Make the people; their accounts are set up, the staff's with the demo's password."""
    now = desk.clock()
    password_hash = passwords.make_hash(passwords.DEMO, desk.password_memory)
    with writing(desk.engine) as session:
        for name, local, roles in _STAFF:
            person = _person(session, name, f"{local}@{DEMO_DOMAIN}", "en", now)
            person.staff, person.password_hash = True, password_hash
            session.add_all(Grant(person_id=person.id, role=role) for role in roles)
        both = _person(
            session, "Head, Senegal and Côte d'Ivoire", f"two-states@{DEMO_DOMAIN}", "fr", now
        )
        for member in session.scalars(select(Member).order_by(Member.code)):
            if member.code in (SENEGAL, COTE_D_IVOIRE):
                _name(session, both, member, now, head=True)
            else:
                _head(session, member, now)
            _alternate(session, member, now)


def cast(desk: Desk) -> Cast:
    """Return who acts, as actors."""
    now = desk.clock()
    with reading(desk.engine) as session:
        mandates = session.execute(
            select(Member.code, FocalPoint.person_id, FocalPoint.head)
            .join(FocalPoint, FocalPoint.member_id == Member.id)
            .where(FocalPoint.until_at.is_(None))
        ).all()
        actors = {
            person_id: actor_of(session, person_id, now)
            for person_id in {mandate.person_id for mandate in mandates}
        }
        return Cast(
            officer=_staff(session, "officer", now),
            approver=_staff(session, "approver", now),
            heads={code: actors[person_id] for code, person_id, head in mandates if head},
            alternates={code: actors[person_id] for code, person_id, head in mandates if not head},
        )


def language_of(member: str) -> str:
    """Return the language that the member's people read."""
    return _READS.get(member, "en")


def _head(session: Session, member: Member, now: datetime) -> None:
    shown = member.code == KENYA
    address = f"kenya@{DEMO_DOMAIN}" if shown else f"head.{member.code.lower()}@{_STATES_DOMAIN}"
    name = f"Head, {member.name['en']}"
    person = _person(session, name, address, language_of(member.code), now)
    _name(session, person, member, now, head=True)


def _alternate(session: Session, member: Member, now: datetime) -> None:
    shown = member.code == KENYA
    local = "kenya.alternate" if shown else f"alternate.{member.code.lower()}"
    address = f"{local}@{DEMO_DOMAIN if shown else _STATES_DOMAIN}"
    name = f"Alternate, {member.name['en']}"
    person = _person(session, name, address, language_of(member.code), now)
    _name(session, person, member, now, head=False)


def _person(session: Session, name: str, address: str, language: str, now: datetime) -> Person:
    person = Person(
        opaque=secrets.token_hex(16),
        name=name,
        address=address,
        address_key=address_key(address),
        language=language,
        staff=False,
        made_at=now,
        set_up_at=now,
    )
    session.add(person)
    session.flush()
    return person


def _name(session: Session, person: Person, member: Member, now: datetime, *, head: bool) -> None:
    session.add(
        FocalPoint(
            person_id=person.id,
            member_id=member.id,
            head=head,
            from_at=now,
            paper="demonstration",
        )
    )


def _staff(session: Session, local: str, now: datetime) -> Actor:
    person = session.scalars(
        select(Person).where(Person.address_key == f"{local}@{DEMO_DOMAIN}")
    ).one()
    return actor_of(session, person.id, now)
