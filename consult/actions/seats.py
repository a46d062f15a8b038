"""An officer keeps a seat up to date: right to vote and why it rests, groups, weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from consult.actions.change import Desk
from consult.core.life import Actor, Role
from consult.core.roll import read_weight
from consult.errors import BadInput, NotAllowed, NotFound
from consult.tables import Body, Member, Seat, writing


@dataclass(frozen=True, slots=True)
class Terms:
    """What a seat gives its holder.

    Args:
        vote_from_on, vote_to_on: The days, both included, between which it may vote.
        provision: Under which the right rests at other times; everybody reads it.
        ground: Why it rests; staff alone read it.
        weights: Of each weight its exact size as text.
    """

    vote_from_on: date | None
    vote_to_on: date | None
    provision: str | None
    ground: str | None
    observer: bool
    groups: tuple[str, ...]
    weights: Mapping[str, str]


def change_terms(
    desk: Desk, actor: Actor, body: str, member: str, from_on: date, terms: Terms
) -> None:
    """Change the terms of the seat that *member* holds from *from_on*.

    A roll that is frozen stays as it is: only a corrigendum changes that.

    Raises:
        NotAllowed: The actor is no officer.
        NotFound: There is no such seat.
        BadInput: At ``vote_to``, ``groups`` or a weight.
    """
    if Role.OFFICER not in actor.roles:
        raise NotAllowed(act="seat")
    with writing(desk.engine) as session:
        row = session.execute(
            sa.select(Seat, Body)
            .join(Member, Member.id == Seat.member_id)
            .join(Body, Body.id == Seat.body_id)
            .where(Body.slug == body, Member.code == member, Seat.from_on == from_on)
            .with_for_update(of=Seat)
        ).first()
        if row is None:
            raise NotFound(member=member)
        _refuse_faulty(row.Body, terms)
        seat = row.Seat
        seat.vote_from_on, seat.vote_to_on = terms.vote_from_on, terms.vote_to_on
        seat.no_vote_under, seat.no_vote_ground = terms.provision, terms.ground
        seat.observer = terms.observer
        seat.groups, seat.weights = list(terms.groups), dict(terms.weights)


def _refuse_faulty(body: Body, terms: Terms) -> None:
    faults: dict[str, str] = {}
    begins, ends = terms.vote_from_on, terms.vote_to_on
    if begins is not None and ends is not None and ends < begins:
        faults["vote_to-day"] = "ends-before"
    known = {group["id"] for group in body.groups}
    if known and not known.issuperset(terms.groups):
        faults["groups"] = "group-unknown"
    for name, size in terms.weights.items():
        try:
            read_weight(size, name)
        except BadInput:
            faults[f"weight-{name}"] = "weight-shape"
    if faults:
        raise BadInput(faults)
