"""Who may reply for a member is changed: at once, or by two persons while a letter is open (T6)."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions import naming
from consult.actions.asking import ask, waiting
from consult.actions.change import Change, Desk
from consult.actions.naming import Naming
from consult.core.addresses import address_key
from consult.core.ledger import hash_of
from consult.core.life import Act, Actor, Role, State
from consult.errors import BadInput, Changed, NotAllowed, NotFound
from consult.queries.addresses import may_be_named
from consult.tables import Consultation, FocalPoint, Member, Person, Request, RollEntry, writing


@dataclass(frozen=True, slots=True)
class _Register:
    """The mandates of one member, with the letters to it that are open, locked."""

    session: Session
    member: Member
    letters: tuple[Change, ...]


def name(desk: Desk, actor: Actor, new: Naming) -> list[int]:
    """Name a focal point; return the requests that a second person must confirm.

    There is one in each letter to the member that is open; confirming one confirms all. With
    none open it is done at once. Asked again, it is asked for once. Officers name heads,
    alternates and advisers, the head of a member its alternates and advisers; a new head ends
    the mandate of the old one.

    Raises:
        NotFound: No such member.
        NotAllowed: The actor may not name this.
        BadInput: ``address``: it belongs to somebody with whom it is not shared (T5).
    """
    with _register(desk, actor, new.member) as register:
        _refuse_stranger(register, actor, head=new.head)
        if not _may_have(register.session, naming.data_of(new), register.member, desk):
            raise BadInput({"address": "address-taken"})
        if new.scan:
            if Role.OFFICER not in actor.roles:
                raise NotAllowed(act=Act.MANDATE.value)
            naming.keep_scan(register.session, new.scan, desk.clock(), actor.person_id)
        return _do_or_ask(register, actor, desk, naming.data_of(new))


def end(desk: Desk, actor: Actor, member: str, mandate: int) -> list[int]:
    """End a mandate of *member*; return the requests as `name` does.

    Raises:
        NotFound: No such mandate of that member, or it has ended.
        NotAllowed: The actor may not end it.
    """
    with _register(desk, actor, member) as register:
        found = register.session.scalar(
            sa.select(FocalPoint).where(
                FocalPoint.id == mandate,
                FocalPoint.member_id == register.member.id,
                FocalPoint.until_at.is_(None),
            )
        )
        if found is None:
            raise NotFound
        _refuse_stranger(register, actor, head=found.head)
        person = register.session.get_one(Person, found.person_id)
        what = naming.data_of_end(member, found, person)
        return _do_or_ask(register, actor, desk, what)


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Do what was asked, with its entry in every letter in which it was asked.

    Raises:
        Changed: Another letter to the member was opened since, or somebody else was given the
            address; it is to be asked again.
    """
    what = request.what
    siblings = list(_siblings(this, request))
    asked_in = {this.consultation.id, *(letter.consultation.id for letter, _ in siblings)}
    if _open_letters(this.session, what["member"], this) - asked_in:
        raise Changed(what="letters")
    member = _member(this.session, what["member"])
    if what["ends"] is None and not _may_have(this.session, what, member, this.desk):
        raise Changed(what="address")
    naming.carry_out(
        naming.Act(
            desk=this.desk,
            session=this.session,
            member=member,
            what=what,
            named_by_id=request.asked_by_id,
            letters=[(this, approved), *siblings],
        )
    )


def _do_or_ask(register: _Register, actor: Actor, desk: Desk, what: Mapping[str, Any]) -> list[int]:
    if register.letters:
        if asked := _asked_before(register, what):
            return asked
        whole = {**what, "group": secrets.token_hex(8)}
        shown = hash_of(whole)
        return [ask(letter, Act.MANDATE, shown, **whole).id for letter in register.letters]
    naming.carry_out(naming.Act(desk, register.session, register.member, what, actor.person_id, ()))
    return []


def _asked_before(register: _Register, what: Mapping[str, Any]) -> list[int]:
    """Return the requests for the same that wait already, if there is one in every open letter."""
    found: dict[str, list[int]] = {}
    for letter in register.letters:
        for request in waiting(letter, Act.MANDATE):
            group = request.what["group"]
            if request.what == {**what, "group": group}:
                found.setdefault(group, []).append(request.id)
    whole = [asked for asked in found.values() if len(asked) == len(register.letters)]
    return whole[0] if whole else []


def _may_have(session: Session, what: Mapping[str, Any], member: Member, desk: Desk) -> bool:
    key = address_key(what["address"])
    return may_be_named(session, what["person"], key, desk.clock(), member.id)


def _refuse_stranger(register: _Register, actor: Actor, *, head: bool) -> None:
    if Role.OFFICER in actor.roles:
        return
    is_head = register.session.scalar(
        sa.select(FocalPoint.id).where(
            FocalPoint.person_id == actor.person_id,
            FocalPoint.member_id == register.member.id,
            FocalPoint.head,
            FocalPoint.until_at.is_(None),
        )
    )
    if is_head is None or head:
        raise NotAllowed(act=Act.MANDATE.value)


@contextmanager
def _register(desk: Desk, actor: Actor, member: str) -> Iterator[_Register]:
    """Lock the letters to *member* that are open, then the member (T64)."""
    with writing(desk.engine) as session:
        now = desk.clock()
        letters = tuple(
            Change(desk, session, letter, now, actor)
            for letter in session.scalars(
                sa.select(Consultation)
                .join(RollEntry, RollEntry.consultation_id == Consultation.id)
                .where(
                    RollEntry.member == member,
                    Consultation.state == State.OPEN,
                    Consultation.closes_at > now,
                )
                .order_by(Consultation.id)
                .with_for_update(of=Consultation)
            )
        )
        yield _Register(session, _member(session, member), letters)


def _member(session: Session, code: str) -> Member:
    found = session.scalar(sa.select(Member).where(Member.code == code).with_for_update())
    if found is None:
        raise NotFound(member=code)
    return found


def _open_letters(session: Session, member: str, this: Change) -> set[int]:
    return set(
        session.scalars(
            sa.select(Consultation.id)
            .join(RollEntry, RollEntry.consultation_id == Consultation.id)
            .where(
                RollEntry.member == member,
                Consultation.state == State.OPEN,
                Consultation.closes_at > this.now,
            )
        )
    )


def lock_all(session: Session, shown: str) -> None:
    """Lock the letters in which the same is asked, in their order, before any of them (T64)."""
    session.execute(
        sa.select(Consultation.id)
        .join(Request, Request.consultation_id == Consultation.id)
        .where(Request.act == Act.MANDATE, Request.shown == shown, Request.decided_at.is_(None))
        .order_by(Consultation.id)
        .with_for_update(of=Consultation)
    ).all()


def _siblings(this: Change, request: Request) -> Iterator[tuple[Change, int | None]]:
    """Confirm the same request in the other letters in which it was asked."""
    others = this.session.scalars(
        sa.select(Request)
        .where(
            Request.act == Act.MANDATE,
            Request.shown == request.shown,
            Request.id != request.id,
            Request.decided_at.is_(None),
        )
        .order_by(Request.consultation_id)
    ).all()
    for other in others:
        letter = this.session.scalars(
            sa.select(Consultation)
            .where(Consultation.id == other.consultation_id)
            .with_for_update()
        ).one()
        change = Change(this.desk, this.session, letter, this.now, this.actor)
        number = change.enter(
            "countersigned", asked=other.asked_number, act=other.act.value, shown=other.shown
        )
        other.decided_by_id = this.actor.person_id
        other.decided_at, other.confirmed = this.now, True
        yield change, number
