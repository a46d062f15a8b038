"""A focal point's desk: what is required, what closes soon, what is closed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from consult.core.comparison import Choice
from consult.core.life import Kind
from consult.queries import desk as queries
from consult.queries.desk import Colleague, Desk, Line
from consult.queries.views import lasting
from consult.web.frame import desk, language
from consult.web.policy import allow, me, signed_in
from consult.web.templating import reader_place, words
from consult.wording import kinds
from consult.wording.instants import Place

pages = Blueprint("desk", __name__, url_prefix="/<lang:lang>")

_SOON = timedelta(days=7)
_LATELY = 5


@dataclass(frozen=True, slots=True)
class Card:
    """A letter as the docket prints it.

    Args:
        day, month: Of the deadline where the body sits.
        own: Where the reader is, if the clock there shows something else.
    """

    line: Line
    day: str
    month: str
    seat: Place
    own: Place | None


@pages.get("/desk")
@allow(signed_in)
def required() -> ResponseReturnValue:
    """Show what needs a reply, what was sent and may be changed, what closed lately."""
    found = _found()
    open_ = [line for line in found.lines if line.open]
    return _page(
        "required",
        found,
        required=_cards(line for line in open_ if line.required),
        sent=_cards(
            line for line in open_ if line.entitled and not line.required and _said_so_far(line)
        ),
        free=_cards(
            line
            for line in open_
            if not line.required and not (line.entitled and _said_so_far(line))
        ),
        closed=_closed(found)[:_LATELY],
        exchanges=lasting(desk().engine, me().actor.members, desk().clock(), language()),
    )


@pages.get("/desk/closing")
@allow(signed_in)
def closing() -> ResponseReturnValue:
    found = _found()
    return _page("closing", found, cards=_cards(_soon(found)))


@pages.get("/desk/closed")
@allow(signed_in)
def closed() -> ResponseReturnValue:
    found = _found()
    return _page("closed", found, closed=_closed(found))


def _found() -> Desk:
    return queries.desk(desk().engine, me().actor.members, desk().clock(), language())


def _page(tab: str, found: Desk, **shown: object) -> str:
    names = [words(mandate.name) for mandate in me().mandates]
    counts = {
        "required": sum(line.required for line in found.lines),
        "closing": len(_soon(found)),
        "closed": len(_closed(found)),
    }
    return render_template(
        f"desk/{tab}.html",
        names=kinds.listed(names),
        several=len(names) > 1,
        tabs=_tabs(tab, counts),
        needed=counts["required"],
        people=_people(found),
        said=said,
        you=me().actor.person_id,
        **shown,
    )


def _tabs(tab: str, counts: dict[str, int]) -> list[tuple[str, str, bool]]:
    titles = {
        "required": _("Required of you (%(count)s)", count=counts["required"]),
        "closing": _("Closing soon (%(count)s)", count=counts["closing"]),
        "closed": _("Closed (%(count)s)", count=counts["closed"]),
    }
    return [(url_for(f"desk.{name}"), str(title), name == tab) for name, title in titles.items()]


def _soon(found: Desk) -> list[Line]:
    now = desk().clock()
    return [line for line in found.lines if line.open and line.closes_at - now <= _SOON]


def _closed(found: Desk) -> list[Card]:
    """Return the closed letters, the newest first."""
    return _cards(line for line in reversed(found.lines) if not line.open)


def _cards(lines: Iterable[Line]) -> list[Card]:
    return [_card(line) for line in lines]


def _card(line: Line) -> Card:
    seat = Place(line.zone, words(line.seat))
    there = line.closes_at.astimezone(ZoneInfo(seat.zone))
    own = reader_place(me().mandate_for(line.member))
    return Card(
        line=line,
        day=str(there.day),
        month=_month(there),
        seat=seat,
        own=own if own and _differs(there, own) else None,
    )


def _differs(there: datetime, own: Place) -> bool:
    return there.utcoffset() != there.astimezone(ZoneInfo(own.zone)).utcoffset()


def _month(at: datetime) -> str:
    return format_skeleton("yMMMM", at, tzinfo=at.tzinfo, locale=get_locale() or "en_GB")


def _said_so_far(line: Line) -> bool:
    return line.complete if line.kind is Kind.COMMENTS else line.answered is not None


def said(line: Line) -> tuple[str, str]:
    """Return what the reply that counts says on the whole: a mark, and words."""
    if line.kind is Kind.COMMENTS:
        return _commented(line)
    if line.answered is None:
        return "s", str(_("No reply"))
    counts = Counter(line.answered.choices.values())
    if len(counts) == 1:
        (choice,) = counts
        return kinds.mark(choice), _alike(line, choice)
    return "", str(
        _(
            "%(approve)s approve, %(object)s object, %(abstain)s abstain, %(blank)s without a"
            " position",
            approve=counts[Choice.APPROVE],
            object=counts[Choice.OBJECT],
            abstain=counts[Choice.ABSTAIN],
            blank=counts[None],
        )
    )


def _commented(line: Line) -> tuple[str, str]:
    if not line.complete:
        return "s", str(_("No comment"))
    return "r", str(_("Comments sent, version %(version)s", version=line.versions))


def _alike(line: Line, choice: Choice | None) -> str:
    if choice is None and line.acts:
        return str(_("No objection"))
    position = kinds.choice(choice, line.names, language())
    everywhere: str = ngettext(
        "%(position)s, on %(num)d item",
        "%(position)s, on all %(num)d items",
        line.items,
        position=position,
    )
    return everywhere


def _people(found: Desk) -> list[tuple[str, str, str]]:
    """Return of each member its code, its name and who may reply for it, in words."""
    told = []
    for mandate in me().mandates:
        names = [_colleague(one) for one in found.people if one.member == mandate.member]
        told.append((mandate.member, words(mandate.name), kinds.listed(names)))
    return told


def _colleague(one: Colleague) -> str:
    if one.head:
        return str(_("%(name)s (head focal point)", name=one.name))
    if one.adviser:
        return str(_("%(name)s (adviser, cannot send)", name=one.name))
    return one.name
