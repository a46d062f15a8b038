"""The letter with the reply form of one member: all that its people see before they send."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, defer, selectinload, undefer

from consult.core.answer import Unclear
from consult.core.life import ENDED, NOT_OPENED, Kind, State, state_at
from consult.core.roll import RollLine
from consult.core.rule import Rule, parse
from consult.core.silence import Breaks
from consult.errors import NotFound
from consult.queries.answering import FormItem, form_items, may_file
from consult.queries.changes import CHANGED, NONE, Changes, changes
from consult.queries.content import content_of
from consult.queries.notes import Note, notes_of
from consult.queries.organisation import House, house_of, sender
from consult.queries.roll import frozen, lines_of
from consult.queries.said import Said, draft_of, newest_of
from consult.queries.silence import Objection, objections
from consult.queries.steps import Step, steps_of
from consult.tables import (
    Body,
    Consultation,
    Organisation,
    Person,
    Reply,
    ReplyDraft,
    RollEntry,
    reading,
)


@dataclass(frozen=True, slots=True)
class Page:
    """A letter as one member's people read and answer it.

    Args:
        content: As `queries.content.content_of` gives it.
        names: Of each member on the roll its names.
        lines: The roll as the core counts it.
        versions: The number of the newest version; 0 for none.
        draft_base: The version that the draft started from.
        documents: Of each document's SHA-256 its number.
        objections: Those that break the silence on an item.
        certified: The result was certified once, whatever a ruling made of that since.
        revised: What the letter said from its opening on; empty while it was never revised.
        notes: The PDFs that the member's people gave, by SHA-256.
        reached_at: When the reply that counts so far reached the secretariat.
    """

    slug: str
    reference: str
    revision: int
    state: State
    content: dict[str, Any]
    rule: Rule
    own: Mapping[str, Rule]
    items: tuple[FormItem, ...]
    body: dict[str, Any]
    organisation: dict[str, Any]
    house: House
    opens_at: datetime
    closes_at: datetime
    member: str
    member_name: Mapping[str, str]
    entitled: bool
    no_vote_under: str | None
    may_file: bool
    names: Mapping[str, Mapping[str, str]]
    lines: tuple[RollLine, ...]
    versions: int
    newest: Said | None
    draft: Said | None
    draft_base: int
    documents: Mapping[str, int]
    revised: tuple[Step, ...] = ()
    changes: Changes = NONE
    objections: tuple[Objection, ...] = ()
    notes: Mapping[str, Note] = field(default_factory=dict)
    reached_at: datetime | None = None

    @property
    def note_asked(self) -> bool:
        """Whether the letter allows a PDF with the reply of this member."""
        return bool(self.content["notes"]) and self.entitled and bool(self.member)

    @property
    def unclear(self) -> Mapping[str, Unclear]:
        """What is put to the member: of the paper that counts so far, until it replies itself."""
        newest = self.newest
        return newest.unclear if newest is not None and newest.at == self.reached_at else {}

    @property
    def broken(self) -> bool:
        """Whether an objection ended the silence procedure of the whole letter."""
        return self.state is State.BROKEN

    @property
    def whole(self) -> bool:
        """Whether one objection breaks the silence on every item."""
        return bool(self.content["breaks"] == Breaks.WHOLE)

    def objects(self, item: str) -> bool:
        """Say whether the member's own objection stands on an item, so that it may lift it."""
        return any(one.item == item and one.member == self.member for one in self.objections)

    def asks(self, item: FormItem) -> bool:
        """Say whether a position is asked: on a broken item of those alone that object to it.

        What came on paper is recorded as it came: a form of no member in particular asks all.
        """
        if self.broken or item.withdrawn:
            return False
        return not item.broken or not self.member or self.objects(item.code)

    certified: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing is registered any more, not even as late."""
        ended = self.certified or (self.state in ENDED and self.state is not State.COUNTED)
        return ended or self.withdrawn

    @property
    def withdrawn(self) -> bool:
        """Whether the whole letter was withdrawn."""
        return self.state is State.WITHDRAWN

    @property
    def gone(self) -> frozenset[str]:
        """The items that were withdrawn alone."""
        return frozenset(item.code for item in self.items if item.withdrawn)

    def why_gone(self, item: str) -> str:
        """Return the reason for which an item was withdrawn; empty if it was not."""
        found = self.changes.of_item(item)
        return found.reason if found else ""

    def rule_of(self, item: str) -> Rule:
        return self.own.get(item, self.rule)


def page(engine: sa.Engine, slug: str, member: str, now: datetime, language: str) -> Page:
    """Return the letter of *slug* for *member*: four statements, five where it has comments.

    Where the silence on an item is broken three more say by whom and why.

    One more where the letter was revised.

    Raises:
        NotFound: There is none, it is not open yet, or the member is not on its roll.
    """
    with reading(engine) as session:
        row = session.execute(_main(slug, member)).first()
        if row is None or now < row.Consultation.opens_at:
            raise NotFound(slug=slug)
        roll = frozen(session, row.Consultation.id)
        newest = newest_of(session, row)
        some = any(item.broken_number for item in row.Consultation.items)
        against = objections(session, row.Consultation.id) if some else ()
        changed = changes(session, row.Consultation.id) if row.changed else NONE
        revised = steps_of(session, row.Consultation.id) if row.Consultation.revision else ()
        notes = notes_of(session, row.Consultation.id, member) if row.Consultation.notes else {}
    letter, body, line = row.Consultation, row.Body, row.RollEntry
    rule = parse(letter.rule)
    own = {item.code: parse(item.rule) for item in letter.items if item.rule}
    return Page(
        slug=slug,
        reference=letter.reference,
        revision=letter.revision,
        state=state_at(letter.state, letter.closes_at, now),
        content=content_of(letter, body),
        rule=rule,
        own=own,
        items=_items(letter),
        body=_body(body),
        organisation=sender(row.Organisation, body),
        house=house_of(row.Organisation, language),
        opens_at=letter.opens_at,
        closes_at=letter.closes_at,
        member=member,
        member_name=line.name,
        entitled=line.entitled,
        no_vote_under=line.no_vote_under,
        may_file=may_file(line.entitled, line.observer, letter.comments),
        names={entry.member: entry.name for entry in roll},
        lines=tuple(lines_of(roll, body.working_language)),
        versions=line.versions,
        newest=newest,
        draft=draft_of(row, revised),
        draft_base=row.ReplyDraft.base if row.ReplyDraft else 0,
        documents={one.sha256: one.id for one in letter.documents if one.sha256},
        objections=against,
        changes=changed,
        certified=letter.conclusion is not None,
        revised=revised,
        notes=notes,
        reached_at=line.reached_at,
    )


_WORDS = (
    Consultation.legal_basis,
    Consultation.letter,
    Consultation.headings,
    Consultation.waived,
    Consultation.conclusion,
)
_sender, _saver = aliased(Person, name="sender"), aliased(Person, name="saver")


def _main(slug: str, member: str) -> sa.Executable:
    """The letter, the member's line on its roll, its newest version and its draft: one row."""
    return (
        sa.select(
            Consultation,
            Body,
            RollEntry,
            Organisation,
            Reply,
            _sender.name.label("sent_by"),
            ReplyDraft,
            _saver.name.label("saved_by"),
            CHANGED.label("changed"),
        )
        .join(Body, Body.id == Consultation.body_id)
        .join(RollEntry, RollEntry.consultation_id == Consultation.id)
        .outerjoin(Organisation, sa.true())
        .outerjoin(
            Reply,
            sa.and_(
                Reply.consultation_id == Consultation.id,
                Reply.member == RollEntry.member,
                Reply.version == RollEntry.versions,
            ),
        )
        .outerjoin(_sender, _sender.id == Reply.person_id)
        .outerjoin(
            ReplyDraft,
            sa.and_(
                ReplyDraft.consultation_id == Consultation.id,
                ReplyDraft.member == RollEntry.member,
            ),
        )
        .outerjoin(_saver, _saver.id == ReplyDraft.saved_by_id)
        .where(
            Consultation.slug == slug,
            Consultation.kind == Kind.DECISION,
            Consultation.state.not_in(NOT_OPENED),
            RollEntry.member == member,
        )
        .options(
            *(undefer(each) for each in _WORDS),
            defer(Reply.receipt),
            selectinload(Consultation.items),
            selectinload(Consultation.documents),
        )
    )


def _items(letter: Consultation) -> tuple[FormItem, ...]:
    return form_items(letter.items, letter.rule, letter.comments)


def _body(body: Body) -> dict[str, Any]:
    return {
        "name": body.name,
        "seat": body.seat,
        "zone": body.zone,
        "groups": list(body.groups),
        "presiding": {"name": body.presiding_name, "title": body.presiding_title},
    }
