"""Revisions of a letter in words: what is changed, what each kind is, what becomes of replies."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import LazyString, ngettext, pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from consult.core.difference import DOCUMENT
from consult.core.life import Revising, Unconfirmed
from consult.queries.texts import pick
from consult.wording import instants, kinds

_NAMES: Mapping[str, LazyString] = {
    "subject": _l("Subject"),
    "legal_basis": _l("Legal basis"),
    "to": _l("To"),
    "salutation": _l("Salutation"),
    "closing": _l("Closing words"),
    "copy": _l("Copy"),
    "issuing_unit": _l("Issuing unit"),
    "place": _l("Place"),
    "section-heading": _l("Heading of the section"),
    "section-text": _l("Text of the section"),
    "title": _l("Title"),
    "text": _l("Text"),
    "where": _l("Place"),
    "zone": _l("Time zone"),
    "post": _lp("appointment", "Post"),
    "candidate": _l("Candidate"),
    "from": _l("First day"),
    "to-day": _l("Last day"),
    "group": _l("Group"),
    "nominated_by": _l("Nominated by"),
    "region": _l("Region"),
    "seats": _l("Posts of this group and sort"),
    "term_from": _l("First day of the term"),
    "term_to": _l("Last day of the term"),
    "cv": _l("Curriculum vitae"),
    "cv_document": _l("Document with the curriculum vitae"),
    "symbols": _l("Documents it refers to"),
    DOCUMENT: _lp("of a letter", "Document"),
}
_DAYS = frozenset({"from", "to", "term_from", "term_to"})
_WHAT: Mapping[Revising, LazyString] = {
    Revising.EDITORIAL: _l(
        "Words of one language are put right; no data change. It is shown to all and mailed only"
        " to the readers of that language."
    ),
    Revising.CORRIGENDUM: _l(
        "Words or data of items are put right. Those that replied before are asked to confirm or"
        " change."
    ),
    Revising.REVISION: _l(
        "What is put to decision is changed. Those that replied before are asked to confirm or"
        " change."
    ),
    Revising.ADDENDUM: _l(
        "Items or documents are added; those that are there stay as they are. All are told, and"
        " those that replied before complete their reply."
    ),
    Revising.ROLL: _l("What the roll says of a Member State is put right."),
}


def name(of: str, *, data: bool = False) -> str:
    """Return what a text or a datum of a letter is called.

    Args:
        data: It is in every language the same: ``to`` is then a day, not whom one writes to.
    """
    return str(_NAMES["to-day" if data and of == "to" else of])


def value(of: str, said: Any, names: Mapping[str, Mapping[str, str]], language: str) -> str:
    """Return a datum as people read it; "none" if there is none.

    Args:
        names: Of members their names.
    """
    if not said:
        return str(pgettext("of a datum", "none"))
    if isinstance(said, list):
        return kinds.listed(said)
    in_words: Mapping[str, Callable[[], str]] = {
        **dict.fromkeys(_DAYS, lambda: instants.weekday_day(date.fromisoformat(said))),
        DOCUMENT: lambda: pick(said, language),
        "nominated_by": lambda: pick(names.get(said), language) or str(said),
        # Of its SHA-256: what it is called may have changed too.
        "cv_document": lambda: str(said)[:12],
        "zone": lambda: instants.city_of(said),
    }
    return in_words[of]() if of in in_words else str(said)


def what(kind: Revising) -> str:
    """Return what a revision of that kind is for."""
    return str(_WHAT[kind])


def title(number: int, kind: Revising | None) -> str:
    """Return "Rev.1: Corrigendum"."""
    if kind is None:
        return str(_("The letter as it was opened"))
    return str(_("Rev.%(number)s: %(kind)s", number=number, kind=kinds.revising(kind)))


def items(codes: Sequence[str]) -> str:
    """Return "Item 2" or "Items 1 and 2"."""
    said: str = ngettext("Item %(items)s", "Items %(items)s", len(codes), items=kinds.listed(codes))
    return said


def reply_before(unconfirmed: Unconfirmed, member: str) -> str:
    """Say to a member what becomes of its reply if it does not confirm it."""
    if unconfirmed is Unconfirmed.LAPSES:
        return str(
            _(
                "Until it is confirmed, %(member)s is recorded as silent on what was changed.",
                member=member,
            )
        )
    return str(
        _("If you do nothing, the earlier reply of %(member)s stands as it is.", member=member)
    )
