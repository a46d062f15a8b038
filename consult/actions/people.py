"""Takes in people from a table: focal points of members, and who holds a role."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions import naming, observing, sheet
from consult.actions.change import Desk
from consult.actions.given import Faults
from consult.actions.invitations import invite
from consult.actions.person_lines import FOCAL_POINT, Line, check, is_address
from consult.core.addresses import address_key
from consult.core.life import Role, State
from consult.core.tokens import link_token
from consult.errors import BadInput
from consult.queries.addresses import may_be_named
from consult.queries.sessions import in_force
from consult.tables import (
    Body,
    Consultation,
    FocalPoint,
    Grant,
    Invitation,
    Member,
    Person,
    RollEntry,
    writing,
)

_COLUMNS = ("member", "role", "name", "address", "language")
_TAKEN = "belongs to somebody else: only focal points of one member share a mailbox"
_OPEN = "a letter to this member is open: name the person on its page, where another confirms"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the lines of a file."""

    people: int
    focal_points: int
    roles: int
    kept: int


@dataclass(slots=True)
class _Import:
    desk: Desk
    session: Session
    paper: str
    members: dict[str, Member]
    people: int = 0
    focal_points: int = 0
    roles: int = 0
    kept: int = 0


def import_people(desk: Desk, text: str, paper: str, *, dry_run: bool = False) -> Taken:
    """Take in focal points and staff from CSV; who is new is mailed an invitation.

    A person is known by name and address. A new head takes the place of the present one.

    Args:
        text: Columns member, role, name, address, language, and optional telephone and body: the
            slug of the one that an observer observes.
        paper: On what the naming rests, for the register: the name of the file.
        dry_run: Say what would be done, and do nothing.

    Raises:
        BadInput: With every fault of the file; nothing is changed.
    """
    faults = Faults()
    rows = list(sheet.read(text, _COLUMNS, ("telephone", "body"), faults))
    for row in rows:
        check(row)
    with writing(desk.engine) as session:
        _check_bodies(session, rows)
        members = _members(session, rows)
        _check_members(session, rows, members, desk)
        _refuse_doubles(rows)
        faults.end()
        this = _Import(desk, session, paper, members)
        for row in rows:
            _take(this, row)
        faults.end()
        if dry_run:
            session.rollback()
    return Taken(this.people, this.focal_points, this.roles, this.kept)


def first_administrator(desk: Desk, name: str, address: str, language: str) -> str | None:
    """Invite the first administrator; return the token of the link, None if there is one already.

    Raises:
        BadInput: The address cannot be one.
    """
    if not is_address(address):
        raise BadInput({"address": "must be an e-mail address"})
    now = desk.clock()
    with writing(desk.engine) as session:
        if session.scalar(sa.select(Grant.id).where(Grant.role == Role.ADMINISTRATOR).limit(1)):
            return None
        person = Person(
            opaque=secrets.token_hex(16),
            name=name,
            address=address,
            address_key=address_key(address),
            language=language,
            staff=True,
            made_at=now,
        )
        session.add(person)
        session.flush()
        session.add(Grant(person_id=person.id, role=Role.ADMINISTRATOR))
        invite(desk, session, person, now)
        nonce = session.scalars(
            sa.select(Invitation.nonce).where(Invitation.person_id == person.id)
        ).one()
    return link_token(desk.secret, "invitation", nonce)


def _members(session: Session, rows: Sequence[sheet.Row]) -> dict[str, Member]:
    codes = {row.get("member") for row in rows} - {""}
    return {m.code: m for m in session.scalars(sa.select(Member).where(Member.code.in_(codes)))}


def _check_bodies(session: Session, rows: Sequence[sheet.Row]) -> None:
    known = set(session.scalars(sa.select(Body.slug)))
    for row in rows:
        if row.get("body") and row.get("body") not in known:
            row.fault("body", "there is no such body")


def _check_members(
    session: Session, rows: Sequence[sheet.Row], members: dict[str, Member], desk: Desk
) -> None:
    busy = set(
        session.scalars(
            sa.select(RollEntry.member)
            .join(Consultation, Consultation.id == RollEntry.consultation_id)
            .where(
                RollEntry.member.in_(members),
                Consultation.state == State.OPEN,
                Consultation.closes_at > desk.clock(),
            )
        )
    )
    for row in rows:
        code = row.get("member")
        if code and code not in members:
            row.fault("member", "there is no such member")
        elif code in busy and not _stands(session, row, members[code], desk):
            row.fault("member", _OPEN)


def _refuse_doubles(rows: Sequence[sheet.Row]) -> None:
    """Refuse a second head of one member, and a second name at the address of staff."""
    heads: dict[str, int] = {}
    names: dict[str, str] = {}
    for row in rows:
        member, key = row.get("member"), address_key(row.get("address"))
        if row.get("role") == Line.HEAD:
            if member in heads:
                row.fault("role", f"line {heads[member]} names the head of {member} already")
            heads[member] = row.line
        elif row.get("role") not in FOCAL_POINT | {Line.OBSERVER}:
            before = names.setdefault(key, row.get("name").casefold())
            if before != row.get("name").casefold():
                row.fault("address", _TAKEN)


def _take(this: _Import, row: sheet.Row) -> None:
    member = this.members.get(row.get("member"))
    key = address_key(row.get("address"))
    if not may_be_named(
        this.session, row.get("name"), key, this.desk.clock(), member.id if member else None
    ):
        row.fault("address", _TAKEN)
    elif row.get("role") in FOCAL_POINT:
        _name(this, row)
    elif row.get("role") == Line.OBSERVER:
        _observe(this, row)
    else:
        _grant(this, row)


def _name(this: _Import, row: sheet.Row) -> None:
    member = this.members[row.get("member")]
    if _stands(this.session, row, member, this.desk):
        this.kept += 1
        return
    this.people += _known(this.session, row) is None
    new = naming.Naming(
        member=member.code,
        head=row.get("role") == Line.HEAD,
        name=row.get("name"),
        address=row.get("address"),
        language=row.get("language"),
        telephone=row.get("telephone") or None,
        paper=this.paper[:200],
    )
    what = naming.data_of(new)
    naming.carry_out(naming.Act(this.desk, this.session, member, what, None, ()))
    this.focal_points += 1


def _observe(this: _Import, row: sheet.Row) -> None:
    known = _known(this.session, row) is not None
    new = observing.NewObserver(
        body=row.get("body"),
        name=row.get("name"),
        address=row.get("address"),
        language=row.get("language"),
    )
    if observing.begin(this.desk, this.session, new, None):
        this.people += not known
        this.roles += 1
    else:
        this.kept += 1


def _grant(this: _Import, row: sheet.Row) -> None:
    role = Role(row.get("role"))
    person = _known(this.session, row)
    if person is None:
        person = _person(this, row)
    person.staff = True
    this.session.flush()
    held = this.session.scalar(
        sa.select(Grant.id).where(Grant.person_id == person.id, Grant.role == role)
    )
    if held is not None:
        this.kept += 1
        return
    this.session.add(Grant(person_id=person.id, role=role))
    this.session.flush()
    this.roles += 1


def _person(this: _Import, row: sheet.Row) -> Person:
    now = this.desk.clock()
    person = Person(
        opaque=secrets.token_hex(16),
        name=row.get("name"),
        address=row.get("address"),
        address_key=address_key(row.get("address")),
        language=row.get("language"),
        telephone=row.get("telephone") or None,
        staff=True,
        made_at=now,
    )
    this.session.add(person)
    this.session.flush()
    this.people += 1
    invite(this.desk, this.session, person, now)
    return person


def _known(session: Session, row: sheet.Row) -> Person | None:
    people = session.scalars(
        sa.select(Person).where(
            Person.address_key == address_key(row.get("address")), Person.disabled_at.is_(None)
        )
    )
    name = row.get("name").casefold()
    return next((person for person in people if person.name.casefold() == name), None)


def _stands(session: Session, row: sheet.Row, member: Member, desk: Desk) -> bool:
    """Say whether the line names who is in the register already, as that."""
    person = _known(session, row)
    if person is None:
        return False
    found = session.scalar(
        sa.select(FocalPoint.id).where(
            FocalPoint.person_id == person.id,
            FocalPoint.member_id == member.id,
            FocalPoint.head == (row.get("role") == Line.HEAD),
            FocalPoint.adviser.is_(False),
            *in_force(desk.clock()),
        )
    )
    return found is not None
