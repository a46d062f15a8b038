"""A decision record in one language: the value that page, PDF and Word file print."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from consult.core.ledger import sha256_hex
from consult.core.life import ItemKind
from consult.documents.appointments import Table, appointment_tables
from consult.documents.labels import Labels, labels
from consult.documents.prose import Block, prose
from consult.documents.reading import Opened, open_record
from consult.documents.record_beside import NoteLine, notes_of, restored_lines, unclear_lines
from consult.documents.record_facts import (
    Fact,
    Seal,
    certified_words,
    facts_of,
    grouped,
    presiding,
    roll_words,
    seal_of,
)
from consult.documents.record_items import ItemOutcome, OutcomePart, Said, outcome_parts, said
from consult.documents.record_members import Region, member_rows, not_counted, on_behalf, replaced
from consult.documents.record_rulings import rulings
from consult.documents.record_views import ViewSaid, views_of
from consult.documents.replies import GENERAL
from consult.queries.texts import pick
from consult.wording import kinds
from consult.wording.catalogues import locale_of
from consult.wording.specimens import invented

_CACHED = 32  # records in a language, a few hundred KB each


@dataclass(frozen=True, slots=True)
class RecordView:
    """All that a decision record tells a reader, in the order in which it is told.

    Args:
        kicker: Which record of which body it is.
        lede: The outcome in a sentence.
        day: Of publication, or of the last ledger entry before it; ISO text.
        needed: The least number of approvals, where it is one and the same for every item.
        illustrative: The notice that its data are invented; mostly empty.
        conclusion: What follows, in the words of the secretariat.
        sign: Name and title of the presiding officer.
    """

    language: str
    labels: Labels
    reference: str
    slug: str
    number: str
    revision: int
    day: str
    public: bool
    organisation: str
    kicker: str
    title: str
    lede: str
    illustrative: str
    needed: int | None
    facts: tuple[Fact, ...]
    languages: tuple[str, ...]
    parts: tuple[OutcomePart, ...]
    tables: tuple[Table, ...]
    members: tuple[Region, ...]
    on_behalf: tuple[str, ...]
    not_counted: tuple[str, ...]
    replaced: tuple[str, ...]
    restored: tuple[str, ...]
    rulings: tuple[str, ...]
    statements: tuple[Said, ...]
    views: tuple[ViewSaid, ...]
    notes: tuple[NoteLine, ...]
    conclusion: tuple[Block, ...]
    roll: str
    roll_hash: str
    sign: tuple[str, ...]
    certified: str
    seal: Seal
    sha256: str

    @property
    def items(self) -> tuple[ItemOutcome, ...]:
        """Every item, in the order of the letter."""
        return tuple(item for part in self.parts for item in part.items)


@lru_cache(maxsize=_CACHED)
def published_view(content: str, language: str) -> RecordView:
    """Return the view of a published record from its bytes as text; they never change."""
    return view(json.loads(content), language, sha256_hex(content.encode()))


def view(record: Mapping[str, Any], language: str, sha256: str = "") -> RecordView:
    """Return *record* in *language*; words that it lacks there are in its first language.

    Args:
        sha256: Of the published file; empty before publication.
    """
    with force_locale(locale_of(language)):
        return _view(open_record(record, language), sha256)


def _view(opened: Opened, sha256: str) -> RecordView:
    told = opened.told
    parts = outcome_parts(opened)
    items = [item for part in parts for item in part.items]
    needed = {item.approvals.needed for item in items}
    conclusion = (told["conclusion"] or {}).get("texts") or {}
    return RecordView(
        language=opened.language,
        labels=labels(opened),
        reference=told["reference"],
        slug=told["slug"],
        number=told["number"] or "",
        revision=told["revision"],
        day=(told["published_at"] or opened.record["ledger"]["entries"][-1]["entry"]["at"])[:10],
        public=told["public"],
        organisation=opened.pick(told["organisation"]["name"]),
        kicker=_kicker(opened),
        title=opened.pick(told["content"]["subject"]),
        lede=_lede(opened, items),
        illustrative=invented(told["illustrative"]),
        needed=needed.pop() if len(needed) == 1 else None,
        facts=facts_of(opened),
        languages=tuple(told["languages"]),
        parts=parts,
        tables=_tables(opened, items),
        members=member_rows(opened),
        on_behalf=(*on_behalf(opened), *unclear_lines(opened)),
        not_counted=not_counted(opened),
        replaced=replaced(opened),
        restored=tuple(restored_lines(opened)),
        rulings=rulings(opened),
        views=views_of(opened),
        notes=notes_of(opened),
        statements=said(opened, opened.comments.get(GENERAL, ())),
        conclusion=prose(pick(conclusion, opened.language, (told["languages"] or ["en"])[0])),
        roll=roll_words(opened),
        roll_hash=grouped(told["roll_hash"] or ""),
        sign=presiding(opened),
        certified=certified_words(opened),
        seal=seal_of(opened, sha256),
        sha256=sha256,
    )


def _tables(opened: Opened, items: list[ItemOutcome]) -> tuple[Table, ...]:
    told = opened.told
    names = {code: line["name"] for code, line in told["members"].items()}
    outcomes = {item.number: item.outcome for item in items}
    groups = told["body"]["groups"]
    return appointment_tables(told["content"], groups, opened.language, names, outcomes)


def _kicker(opened: Opened) -> str:
    told = opened.told
    named = {"number": told["number"], "body": opened.pick(told["body"]["name"])}
    if told.get("rehearsal"):
        return str(_("Result of a rehearsal, which decides nothing: %(body)s", **named))
    if not told["number"]:
        return str(
            _("Result of a consultation by correspondence: %(body)s, not published yet", **named)
        )
    if told["revision"]:
        return str(
            _(
                "Decision record %(number)s Rev.%(revision)s, taken by correspondence: %(body)s",
                revision=told["revision"],
                **named,
            )
        )
    return str(_("Decision record %(number)s, taken by correspondence: %(body)s", **named))


def _lede(opened: Opened, items: list[ItemOutcome]) -> str:
    outcomes = [(ItemKind(item.item.kind), opened.decisions[item.number].outcome) for item in items]
    return str(_("%(outcomes)s.", outcomes=kinds.mixed(outcomes)))
