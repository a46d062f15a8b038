"""What a reply is checked against, read before the lock is taken: one statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, select
from sqlalchemy.orm import Session

from consult.core.comparison import Choice
from consult.core.life import CommentPolicy, Kind, State, state_at
from consult.core.recipient import Recipient
from consult.core.rule import Rule, parse
from consult.core.silence import under_silence
from consult.queries.sessions import in_force
from consult.tables import Consultation, FocalPoint, Item, Person, RollEntry, listed


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


def form_items(
    items: Iterable[Any], rule: Mapping[str, Any] | None, comments: CommentPolicy
) -> tuple[FormItem, ...]:
    """Return items as their rows say; *rule* and *comments* are what their letter says for all."""
    common = parse(rule) if rule else None
    return tuple(_form_item(item, common, comments) for item in items)


def _form_item(item: Any, rule: Rule | None, comments: CommentPolicy) -> FormItem:
    if item.withdrawn_at is not None:
        return FormItem(item.code, item.title, CommentPolicy.NONE, frozenset(), withdrawn=True)
    own = parse(item.rule) if item.rule or rule is None else rule
    broken = item.broken_at is not None
    policy = CommentPolicy(item.comments) if item.comments else comments
    return asked(item.code, item.title, policy, own, broken=broken)


def form_of(session: Session | Connection, slug: str, member: str, now: datetime) -> Form | None:
    """Return the form of *member* in a consultation, None if it is not on its roll."""
    rows = session.execute(_STATEMENT, {"slug": slug, "member": member, "now": now}).all()
    if not rows:
        return None
    row, people = rows[0], [each for each in rows if each.person is not None]
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
        items=form_items(_listed(row), row.rule, row.comments),
        texts=row.texts or {},
        people=tuple(
            Signatory(who.person, who.person_name, who.mandate) for who in people if not who.adviser
        ),
        told=_told(people, member),
        notes=row.notes,
    )


class _Row(NamedTuple):
    """An item as the statement lists it."""

    place: int
    code: str
    title: Mapping[str, str]
    comments: str | None
    rule: Mapping[str, Any] | None
    broken_at: str | None
    withdrawn_at: str | None


def _listed(row: Any) -> list[_Row]:
    return sorted((_Row(*each) for each in row.listed or ()), key=attrgetter("place"))


def _told(people: Sequence[Any], member: str) -> tuple[Recipient, ...]:
    """Return each person once; a focal point who is an adviser too is a focal point."""
    found: dict[int, Recipient] = {}
    for who in people:
        as_told = Recipient(who.person, who.opaque, who.language, member, who.adviser)
        found.setdefault(who.person, as_told)
    return tuple(found.values())


# Made once, of the tables' columns alone: to build a statement costs as much as to run it, and
# every form and every reply asks these.
_LETTER, _LINE, _ITEM, _PERSON, _MANDATE = (
    table.__table__.c for table in (Consultation, RollEntry, Item, Person, FocalPoint)
)
_ITEMS = (
    select(
        listed(
            _ITEM.place,
            _ITEM.code,
            _ITEM.title,
            _ITEM.comments,
            _ITEM.rule,
            _ITEM.broken_at,
            _ITEM.withdrawn_at,
        )
    )
    .where(_ITEM.consultation_id == _LETTER.id)
    .correlate(Consultation.__table__)
    .scalar_subquery()
)
_STATEMENT = (  # a row for each mandate of the member, one if nobody acts for it
    select(
        _LETTER.id,
        _LETTER.draft_version,
        _LETTER.state,
        _LETTER.closes_at,
        _LETTER.comments,
        _LETTER.notes,
        _LETTER.rule,
        _LETTER.texts,
        _ITEMS.label("listed"),
        _LINE.name,
        _LINE.entitled,
        _LINE.no_vote_under,
        _LINE.observer,
        _PERSON.id.label("person"),
        _PERSON.name.label("person_name"),
        _PERSON.opaque,
        _PERSON.language,
        _MANDATE.id.label("mandate"),
        _MANDATE.adviser,
    )
    .join_from(Consultation.__table__, RollEntry.__table__, _LINE.consultation_id == _LETTER.id)
    .outerjoin(
        FocalPoint.__table__,
        and_(_MANDATE.member_id == _LINE.member_id, *in_force(bindparam("now"))),
    )
    .outerjoin(
        Person.__table__, and_(_PERSON.id == _MANDATE.person_id, _PERSON.disabled_at.is_(None))
    )
    .where(
        _LETTER.slug == bindparam("slug"),
        _LETTER.kind == Kind.DECISION,
        _LINE.member == bindparam("member"),
    )
    .order_by(_PERSON.id, _MANDATE.adviser, _MANDATE.id.desc())
)
