"""A focal point is put into the register, or taken out: what happens once it may happen (T6)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions.change import Change, Desk
from consult.actions.documents import Kept
from consult.actions.invitations import invite
from consult.actions.mailing import post
from consult.actions.sessions import end_all
from consult.core.addresses import address_key
from consult.core.ledger import instant
from consult.core.life import Role, State
from consult.core.recipient import Recipient
from consult.core.schedule import NoticeKind
from consult.queries.recipients import focal_points_of, staff
from consult.queries.roll import frozen
from consult.queries.sessions import in_force
from consult.queries.telling import of_letter, of_members
from consult.tables import Evidence, FocalPoint, Grant, Member, Person

HEAD, ALTERNATE, ADVISER = "head", "alternate", "adviser"
Letters = Sequence[tuple[Change, int | None]]  # each with the entry that confirmed it


@dataclass(frozen=True, slots=True)
class Naming:
    """Who shall reply for a member.

    Args:
        head: The head focal point, who takes the place of the present one; else an alternate.
        adviser: One who reads and writes the draft and cannot send; then not the head.
        paper: On what the naming rests, such as "note verbale 12/2020".
        scan: That paper itself, kept on disk.
    """

    member: str
    head: bool
    name: str
    address: str
    language: str
    telephone: str | None
    paper: str | None
    adviser: bool = False
    scan: Kept | None = None

    @property
    def role(self) -> str:
        return role_of(head=self.head, adviser=self.adviser)


def role_of(*, head: bool, adviser: bool) -> str:
    """Return what the register and the ledger call a mandate."""
    if head:
        return HEAD
    return ADVISER if adviser else ALTERNATE


@dataclass(frozen=True, slots=True)
class Act:
    """A change of the register that may be made now."""

    desk: Desk
    session: Session
    member: Member
    what: Mapping[str, Any]
    named_by_id: int | None
    letters: Letters


def data_of(new: Naming) -> dict[str, Any]:
    """Return a naming as a request keeps it and its second person is shown it."""
    return {
        "member": new.member,
        "role": new.role,
        "person": new.name,
        "address": new.address,
        "language": new.language,
        "telephone": new.telephone,
        "paper": new.paper,
        "paper_sha256": new.scan.sha256 if new.scan else None,
        "paper_filename": new.scan.filename if new.scan else None,
        "ends": None,
    }


def keep_scan(session: Session, kept: Kept, now: datetime, by_id: int | None) -> None:
    """Name a kept file as a paper of the register, once whatever rests on it."""
    if session.get(Evidence, kept.sha256) is None:
        session.add(
            Evidence(
                sha256=kept.sha256,
                filename=kept.filename,
                media_type=kept.media_type,
                size=kept.size,
                added_at=now,
                added_by_id=by_id,
            )
        )


def data_of_end(member: str, mandate: FocalPoint, person: Person) -> dict[str, Any]:
    """Return the end of a mandate as a request keeps it and its second person is shown it."""
    return {
        "member": member,
        "role": role_of(head=mandate.head, adviser=mandate.adviser),
        "person": person.name,
        "paper": None,
        "ends": mandate.id,
    }


def carry_out(act: Act) -> None:
    """Change the register, enter it in each open letter and tell whom it concerns."""
    if act.what["ends"] is not None:
        _end(act, act.session.get_one(FocalPoint, act.what["ends"]))
        return
    if act.what["role"] == HEAD:
        for mandate in _heads(act):
            _end(act, mandate)
    _begin(act)


def _begin(act: Act) -> None:
    session, what, now = act.session, act.what, act.desk.clock()
    person = person_of(session, what, now)
    mandate = FocalPoint(
        person_id=person.id,
        member_id=act.member.id,
        head=what["role"] == HEAD,
        adviser=what["role"] == ADVISER,
        from_at=now,
        named_by_id=act.named_by_id,
        paper=what["paper"],
        paper_sha256=what.get("paper_sha256"),  # a request from before scans has none
    )
    session.add(mandate)
    session.flush()
    if person.set_up_at is None:
        invite(act.desk, session, person, now, act.member.name, adviser=mandate.adviser)
    for letter, approved in act.letters:
        _enter(letter, approved, act.what, mandate, person)
        _invite_to(letter, act.member, person, mandate)
    _tell(act, person, mandate)


def _end(act: Act, mandate: FocalPoint) -> None:
    person = act.session.get_one(Person, mandate.person_id)
    if mandate.until_at is not None:
        return
    mandate.until_at = act.desk.clock()
    act.session.flush()
    role = role_of(head=mandate.head, adviser=mandate.adviser)
    for letter, approved in act.letters:
        _enter(letter, approved, {"member": act.member.code, "role": role}, mandate, person)
    if not still_acts(act.session, person.id, act.desk.clock()):
        end_all(act.session, person.id, act.desk.clock())
    _tell(act, person, mandate)


def person_of(session: Session, what: Mapping[str, Any], now: datetime) -> Person:
    """Return who is named: somebody known by name and address, else a new person."""
    key = address_key(what["address"])
    for known in session.scalars(
        sa.select(Person).where(Person.address_key == key, Person.disabled_at.is_(None))
    ):
        if known.name.casefold() == what["person"].casefold():
            return known
    made = Person(
        opaque=secrets.token_hex(16),
        name=what["person"],
        address=what["address"],
        address_key=key,
        language=what["language"],
        telephone=what["telephone"],
        staff=False,
        made_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _heads(act: Act) -> Sequence[FocalPoint]:
    return act.session.scalars(
        sa.select(FocalPoint).where(
            FocalPoint.member_id == act.member.id,
            FocalPoint.head,
            FocalPoint.until_at.is_(None),
        )
    ).all()


def still_acts(session: Session, person_id: int, now: datetime) -> bool:
    """Say whether a person still has a mandate or a role."""
    mandates = session.scalar(
        sa.select(sa.func.count())
        .select_from(FocalPoint)
        .where(FocalPoint.person_id == person_id, *in_force(now))
    )
    grants = session.scalar(
        sa.select(sa.func.count()).select_from(Grant).where(Grant.person_id == person_id)
    )
    return bool(mandates or grants)


def _enter(
    letter: Change,
    approved: int | None,
    what: Mapping[str, Any],
    mandate: FocalPoint,
    person: Person,
) -> None:
    letter.enter(
        "mandate",
        mandate=mandate.id,
        member=what["member"],
        person=letter.commit_to(person.name),
        role=what["role"],
        **{"from": instant(mandate.from_at)},
        to=instant(mandate.until_at) if mandate.until_at else None,
        paper=_paper(letter, mandate),
        approved=approved,
    )


def _paper(letter: Change, mandate: FocalPoint) -> str | None:
    """Return what an entry names as the paper: the hash of its scan, else of its reference."""
    if mandate.paper_sha256:
        return mandate.paper_sha256
    return letter.commit_to(mandate.paper) if mandate.paper else None


def _invite_to(letter: Change, member: Member, person: Person, mandate: FocalPoint) -> None:
    """Whoever is added while a letter is open gets it at once."""
    if letter.state is not State.OPEN:
        return
    roll = frozen(letter.session, letter.consultation.id)
    named = [Recipient(person.id, person.opaque, person.language, member.code, mandate.adviser)]
    letter.notify(
        named,
        NoticeKind.INVITATION,
        f"invitation-{letter.consultation.revision}-{mandate.id}",
        not_before=letter.consultation.opens_at,
        by_member=of_members(letter.session, roll, named),
        **of_letter(letter.session, letter.consultation, roll),
    )


def _tell(act: Act, person: Person, mandate: FocalPoint) -> None:
    """Tell the member's other people and the officers, in the first open letter or in none."""
    session, now = act.session, act.desk.clock()
    ended = mandate.until_at is not None
    told = [
        recipient
        for recipient in [
            *focal_points_of(session, [act.member.code], now),
            *staff(session, [Role.OFFICER]),
        ]
        if recipient.person_id != person.id
    ]
    occasion = f"mandate-{mandate.id}-{'ended' if ended else 'named'}"
    facts: dict[str, Any] = {
        "person": person.name,
        "role": role_of(head=mandate.head, adviser=mandate.adviser),
        "ended": ended,
        "member_name": act.member.name,
        "of_member": act.member.code,
    }
    if act.letters:
        letter, _approved = act.letters[0]
        letter.notify(told, NoticeKind.MANDATE, occasion, **facts)
        return
    for recipient in told:
        reader = session.get_one(Person, recipient.person_id)
        post(
            session,
            reader,
            NoticeKind.MANDATE,
            f"{act.member.code}-{occasion}",
            now,
            **facts,
        )
