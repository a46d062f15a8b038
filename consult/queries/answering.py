"""What a reply is checked against, read before the lock is taken: four statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.comparison import Choice
from consult.core.life import CommentPolicy, State, state_at
from consult.core.recipient import Recipient
from consult.core.rule import parse
from consult.queries.recipients import focal_points_of
from consult.tables import Consultation, FocalPoint, Item, Member, Person, RollEntry


@dataclass(frozen=True, slots=True)
class FormItem:
    """An item as the form has it."""

    code: str
    title: Mapping[str, str]
    comments: CommentPolicy
    choices: frozenset[Choice]


@dataclass(frozen=True, slots=True)
class Signatory:
    """A focal point as a reply names it."""

    person_id: int
    name: str
    mandate: int


@dataclass(frozen=True, slots=True)
class Form:
    """What a member may say, and who is told of it."""

    consultation_id: int
    state: State
    member: str
    member_name: Mapping[str, str]
    entitled: bool
    no_vote_under: str | None
    items: tuple[FormItem, ...]
    texts: Mapping[str, str]  # language → hash of what was opened
    people: tuple[Signatory, ...]
    told: tuple[Recipient, ...]

    def by(self, person_id: int | None) -> Signatory | None:
        return next((who for who in self.people if who.person_id == person_id), None)


def objections_only(items: Sequence[FormItem]) -> bool:
    """Say whether a form asks for objections alone: leaving an item blank is then no gap."""
    return all(item.choices == {Choice.OBJECT} for item in items)


def form_of(session: Session, slug: str, member: str, now: datetime) -> Form | None:
    """Return the form of *member* in a consultation, None if it is not on its roll."""
    row = session.execute(
        select(
            Consultation.id,
            Consultation.state,
            Consultation.closes_at,
            Consultation.comments,
            Consultation.rule,
            Consultation.texts,
            RollEntry.name,
            RollEntry.entitled,
            RollEntry.no_vote_under,
        )
        .join(RollEntry, RollEntry.consultation_id == Consultation.id)
        .where(Consultation.slug == slug, RollEntry.member == member)
    ).first()
    if row is None:
        return None
    items = session.execute(
        select(Item.code, Item.title, Item.comments, Item.rule)
        .where(Item.consultation_id == row.id)
        .order_by(Item.place)
    )
    people = session.execute(
        select(Person.id, Person.name, FocalPoint.id.label("mandate"))
        .join(FocalPoint, FocalPoint.person_id == Person.id)
        .join(Member, Member.id == FocalPoint.member_id)
        .where(Member.code == member)
        .order_by(FocalPoint.id.desc())
    )
    offered = frozenset(parse(row.rule).choices)
    return Form(
        consultation_id=row.id,
        state=state_at(row.state, row.closes_at, now),
        member=member,
        member_name=row.name,
        entitled=row.entitled,
        no_vote_under=row.no_vote_under,
        items=tuple(
            FormItem(
                code=item.code,
                title=item.title,
                comments=item.comments or row.comments,
                choices=frozenset(parse(item.rule).choices) if item.rule else offered,
            )
            for item in items
        ),
        texts=row.texts or {},
        people=tuple(Signatory(*person) for person in people),
        told=tuple(focal_points_of(session, [member], now)),
    )
