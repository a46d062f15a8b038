"""What a reply is checked against, read before the lock is taken: three statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from consult.core.comparison import Choice
from consult.core.life import CommentPolicy, Kind, State, state_at
from consult.core.recipient import Recipient
from consult.tables import Consultation, FocalPoint, Item, Member, Person, RollEntry, UTCDateTime


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
    row = session.execute(_STATEMENT, {"slug": slug, "member": member}).first()
    if row is None:
        return None
    people = session.execute(_PEOPLE, {"member": member, "now": now}).all()
    return Form(
        consultation_id=row.id,
        state=state_at(row.state, row.closes_at, now),
        member=member,
        member_name=row.name,
        entitled=row.entitled,
        no_vote_under=row.no_vote_under,
        items=_items(session, row),
        texts=row.texts or {},
        people=tuple(Signatory(who.id, who.name, who.mandate) for who in people),
        told=tuple(
            dict.fromkeys(Recipient(who.id, who.opaque, who.language, member) for who in people)
        ),
    )


def _items(session: Session, row: Any) -> tuple[FormItem, ...]:
    items = session.execute(_ITEMS, {"consultation": row.id})
    offered = _offered(row.rule)
    return tuple(
        FormItem(
            code=item.code,
            title=item.title,
            comments=item.comments or row.comments,
            choices=_offered(item.rule) if item.rule else offered,
        )
        for item in items
    )


def _offered(rule: Mapping[str, Any]) -> frozenset[Choice]:
    """What a stored rule, which was parsed when it was kept, offers."""
    return frozenset(map(Choice, rule["choices"]))


# Made once: to build a statement costs as much as to run it.
_STATEMENT = (
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
    .where(
        Consultation.slug == bindparam("slug"),
        Consultation.kind == Kind.DECISION,
        RollEntry.member == bindparam("member"),
    )
)
_ITEMS = (
    select(Item.code, Item.title, Item.comments, Item.rule)
    .where(Item.consultation_id == bindparam("consultation"))
    .order_by(Item.place)
)
_PEOPLE = (
    select(Person.id, Person.name, Person.opaque, Person.language, FocalPoint.id.label("mandate"))
    .join(FocalPoint, FocalPoint.person_id == Person.id)
    .join(Member, Member.id == FocalPoint.member_id)
    .where(
        Member.code == bindparam("member"),
        Person.disabled_at.is_(None),
        FocalPoint.from_at <= bindparam("now", type_=UTCDateTime),
        or_(
            FocalPoint.until_at.is_(None),
            FocalPoint.until_at > bindparam("now", type_=UTCDateTime),
        ),
    )
    .order_by(Person.id, FocalPoint.id.desc())
)
