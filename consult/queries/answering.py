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
from consult.core.rule import Rule, parse
from consult.core.silence import under_silence
from consult.tables import Consultation, FocalPoint, Item, Member, Person, RollEntry, UTCDateTime


@dataclass(frozen=True, slots=True)
class FormItem:
    """An item as the form has it.

    Args:
        silence: Whether it is under the silence procedure.
        broken: Whether an objection broke that: no further position is asked on it.
        withdrawn: Whether it was withdrawn: it keeps its line and offers nothing.
    """

    code: str
    title: Mapping[str, str]
    comments: CommentPolicy
    choices: frozenset[Choice]
    silence: bool = False
    broken: bool = False
    withdrawn: bool = False


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
    version: int  # of the letter's content: an item may be withdrawn meanwhile
    state: State
    member: str
    member_name: Mapping[str, str]
    entitled: bool
    no_vote_under: str | None
    observer: bool
    comments: CommentPolicy
    items: tuple[FormItem, ...]
    texts: Mapping[str, str]  # language → hash of what was opened
    people: tuple[Signatory, ...]
    told: tuple[Recipient, ...]
    notes: bool = False

    @property
    def may_file(self) -> bool:
        """Whether the member may file anything: positions, or a comment without a vote."""
        return may_file(self.entitled, self.observer, self.comments)

    def by(self, person_id: int | None) -> Signatory | None:
        return next((who for who in self.people if who.person_id == person_id), None)


def may_file(entitled: bool, observer: bool, comments: CommentPolicy) -> bool:
    """Say whether a member on a roll may file anything.

    One without the right to vote takes no position and may comment on the whole, unless the
    letter asks for no comments; an observer only reads.
    """
    return entitled or (not observer and comments is not CommentPolicy.NONE)


def objections_only(items: Sequence[FormItem]) -> bool:
    """Say whether a form asks for objections alone: leaving an item blank is then no gap."""
    return all(item.choices == {Choice.OBJECT} for item in standing(items))


def standing(items: Sequence[FormItem]) -> list[FormItem]:
    """Return the items that are not withdrawn: those that a complete reply answers."""
    return [item for item in items if not item.withdrawn]


def gaps_of(items: Sequence[FormItem], choices: Mapping[str, object]) -> list[str]:
    """Return the items on which a position is missing: not those where one may but object."""
    return [
        item.code
        for item in items
        if not item.broken
        and not item.withdrawn
        and item.choices != {Choice.OBJECT}
        and not choices.get(item.code)
    ]


def asked(
    code: str,
    title: Mapping[str, str],
    comments: CommentPolicy,
    rule: Rule,
    *,
    broken: bool = False,
) -> FormItem:
    """Return an item as the form asks it: under silence an objection always states its reasons."""
    silence = under_silence(rule)
    if silence and comments is not CommentPolicy.REQUIRED:
        comments = CommentPolicy.REQUIRED_TO_OBJECT
    return FormItem(code, title, comments, frozenset(rule.choices), silence, broken)


def form_item(item: Any, rule: Mapping[str, Any] | None, comments: CommentPolicy) -> FormItem:
    """Return an item as its row says; *rule* and *comments* are what its letter says for all."""
    if item.withdrawn_at is not None:
        return FormItem(item.code, item.title, CommentPolicy.NONE, frozenset(), withdrawn=True)
    return asked(
        item.code,
        item.title,
        item.comments or comments,
        parse(item.rule or rule),
        broken=item.broken_at is not None,
    )


def form_of(session: Session, slug: str, member: str, now: datetime) -> Form | None:
    """Return the form of *member* in a consultation, None if it is not on its roll."""
    row = session.execute(_STATEMENT, {"slug": slug, "member": member}).first()
    if row is None:
        return None
    people = session.execute(_PEOPLE, {"member": member, "now": now}).all()
    return Form(
        consultation_id=row.id,
        version=row.draft_version,
        state=state_at(row.state, row.closes_at, now),
        member=member,
        member_name=row.name,
        entitled=row.entitled,
        no_vote_under=row.no_vote_under,
        observer=row.observer,
        comments=row.comments,
        items=_items(session, row),
        texts=row.texts or {},
        people=tuple(Signatory(who.id, who.name, who.mandate) for who in people if not who.adviser),
        told=_told(people, member),
        notes=row.notes,
    )


def _told(people: Sequence[Any], member: str) -> tuple[Recipient, ...]:
    """Return each person once; a focal point who is an adviser too is a focal point."""
    found: dict[int, Recipient] = {}
    for who in people:
        as_told = Recipient(who.id, who.opaque, who.language, member, who.adviser)
        found.setdefault(who.id, as_told)
    return tuple(found.values())


def _items(session: Session, row: Any) -> tuple[FormItem, ...]:
    items = session.execute(_ITEMS, {"consultation": row.id})
    return tuple(form_item(item, row.rule, row.comments) for item in items)


# Made once: to build a statement costs as much as to run it.
_STATEMENT = (
    select(
        Consultation.id,
        Consultation.draft_version,
        Consultation.state,
        Consultation.closes_at,
        Consultation.comments,
        Consultation.notes,
        Consultation.rule,
        Consultation.texts,
        RollEntry.name,
        RollEntry.entitled,
        RollEntry.no_vote_under,
        RollEntry.observer,
    )
    .join(RollEntry, RollEntry.consultation_id == Consultation.id)
    .where(
        Consultation.slug == bindparam("slug"),
        Consultation.kind == Kind.DECISION,
        RollEntry.member == bindparam("member"),
    )
)
_ITEMS = (
    select(Item.code, Item.title, Item.comments, Item.rule, Item.broken_at, Item.withdrawn_at)
    .where(Item.consultation_id == bindparam("consultation"))
    .order_by(Item.place)
)
_PEOPLE = (
    select(
        Person.id,
        Person.name,
        Person.opaque,
        Person.language,
        FocalPoint.id.label("mandate"),
        FocalPoint.adviser,
    )
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
    .order_by(Person.id, FocalPoint.adviser, FocalPoint.id.desc())
)
