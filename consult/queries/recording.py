"""The form on which an officer records a reply that came otherwise: no draft, no earlier reply."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.core.life import BEFORE, Kind, State
from consult.core.rule import parse
from consult.errors import NotFound
from consult.queries.answering import form_items
from consult.queries.consultation import Head, head
from consult.queries.content import content_of, load_whole
from consult.queries.organisation import NOBODY
from consult.queries.reply import Page
from consult.queries.roll import frozen, lines_of
from consult.queries.texts import pick
from consult.tables import Body, Consultation, RollEntry, reading

_RECORDABLE = frozenset({State.OPEN, State.CLOSED, State.COUNTED})


@dataclass(frozen=True, slots=True)
class Paper:
    """What may be recorded.

    Args:
        page: The letter as a form asks for it, of no member in particular; None before it
            is opened.
        members: Code and name of those with the right to vote, in the order of the roll.
    """

    head: Head
    page: Page | None
    members: tuple[tuple[str, str], ...]

    @property
    def recordable(self) -> bool:
        """Whether a reply may be recorded; after the post-room statement it waits for a ruling."""
        return self.head.state in _RECORDABLE


def paper(engine: sa.Engine, slug: str, now: datetime, language: str) -> Paper:
    """Return the form (six statements).

    Raises:
        NotFound: There is no such consultation.
    """
    with reading(engine) as session:
        about = head(session, slug, now, language)
        if about.kind is Kind.COMMENTS:
            raise NotFound(slug=slug)  # nothing is decided in it
        if about.state in BEFORE:
            return Paper(about, None, ())
        letter = load_whole(session, about.id)
        body = session.get_one(Body, letter.body_id)
        roll = frozen(session, about.id)
    page = _page(about, letter, body, roll)
    entitled = [(line.member, pick(line.name, language)) for line in roll if line.entitled]
    return Paper(about, page, tuple(entitled))


def _page(about: Head, letter: Consultation, body: Body, roll: Sequence[RollEntry]) -> Page:
    assert about.opens_at is not None and about.closes_at is not None  # noqa: S101, PT018
    rule = parse(letter.rule)
    own = {item.code: parse(item.rule) for item in letter.items if item.rule}
    return Page(
        slug=about.slug,
        reference=about.reference,
        revision=letter.revision,
        state=about.state,
        content=content_of(letter, body),
        rule=rule,
        own=own,
        items=form_items(letter.items, letter.rule, letter.comments),
        body={"name": body.name, "seat": body.seat, "zone": body.zone},
        organisation={},
        house=NOBODY,
        opens_at=about.opens_at,
        closes_at=about.closes_at,
        member="",
        member_name={},
        entitled=True,
        no_vote_under=None,
        may_file=True,
        names={line.member: line.name for line in roll},
        lines=tuple(lines_of(roll, body.working_language)),
        versions=0,
        newest=None,
        draft=None,
        draft_base=0,
        documents={},
    )
