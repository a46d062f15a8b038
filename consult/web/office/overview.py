"""One consultation at a glance: time, replies, seats, who is silent, what waits, what was."""

from datetime import datetime, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.life import Role, State, settled
from consult.core.need import Need, NeedKind
from consult.queries.overview import Overview, overview
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.further import further
from consult.web.office.heading import around, asks, place_of
from consult.web.office.paging import some
from consult.web.policy import allow, me
from consult.web.policy import office as secretariat
from consult.wording import history, kinds, rules

_SEATS = 300
_SHOWN = 60  # members without a reply, before one asks for all
_DAY = timedelta(days=1)


@pages.get("/office/<slug>", endpoint="overview")
@allow(secretariat)
def page(slug: str) -> ResponseReturnValue:
    """Show a consultation; a draft leads its officer to where it is written."""
    now = desk().clock()
    found = overview(desk().engine, slug, now, language())
    if found.head.state is State.DRAFT and Role.OFFICER in me().roles:
        return redirect(url_for("drafting.step", slug=slug, step=1), 303)
    return show(found, now)


def show(found: Overview, now: datetime, **more: Any) -> str:
    """Return the page as HTML: while open and after, or waiting for the post."""
    place = place_of(found.head)
    closed = found.head.state is State.CLOSED
    shown = found.silent if "all" in request.args else found.silent[:_SHOWN]
    return render_template(
        "office/closing.html" if closed else "office/overview.html",
        found=found,
        silent=shown,
        cards=cards(found),
        figure=figure(found),
        passed=_passed(found, now),
        benches=benches(found),
        unreached=some(found.delivery.failed),
        unreached_by_all=some(found.delivery.unreached),
        events=[(event, history.sentence(event, place)) for event in found.events],
        post=statement(found, now) if closed else None,
        notice_words=kinds.notice,
        notice_state=kinds.notice_state,
        further=further(found.head, me().roles),
        short=short_of_quorum(found),
        **around(found.head, "overview"),
        **more,
    )


def cards(found: Overview) -> list[dict[str, Any]]:
    """Return what waits for a second person, as its reader may act on it."""
    you, roles = me().actor.person_id, me().roles
    return [
        {
            "request": waiting,
            "title": asks(waiting.act, waiting.member),
            "mine": waiting.asked_by_id == you,
            "may_decide": Role.APPROVER in roles and waiting.asked_by_id != you,
        }
        for waiting in found.waiting
    ]


def figure(found: Overview) -> str:
    """Say what adoption takes, and what so many replies say of it before positions are open."""
    rule, need = found.rule, found.need
    if rule is None or need is None:
        return ""
    if need.kind is not NeedKind.APPROVALS or need.approvals.can is None or found.others:
        return rules.takes(rule, need)
    least, replied = need.approvals.can, found.turnout.replied
    if replied < least:
        so_far: str = ngettext(
            "An item needs %(least)s approvals. With %(num)d reply that is not possible yet.",
            "An item needs %(least)s approvals. With %(num)d replies that is not possible yet.",
            replied,
            least=least,
        )
        return so_far
    possible: str = ngettext(
        "An item needs %(least)s approvals. With %(num)d reply that is possible; it is not"
        " known, as positions are closed.",
        "An item needs %(least)s approvals. With %(num)d replies that is possible; it is not"
        " known, as positions are closed.",
        replied,
        least=least,
    )
    return possible


def short_of_quorum(found: Overview) -> list[str]:
    """Say how many replies a quorum still lacks, also that of an item with a rule of its own.

    Replies are what may be known before the count; positions are not.
    """
    if found.head.state is not State.OPEN:
        return []
    said = [_short(found.need, found.turnout.replied)] if found.need else []
    for code, need in found.others.items():
        if lacks := _short(need, found.turnout.replied):
            item = _("Item %(item)s", item=code)
            said.append(_("%(field)s: %(fault)s", field=item, fault=lacks))
    return [words for words in said if words]


def _short(need: Need, replied: int) -> str:
    least = need.quorum.can if need.quorum else None
    if least is None or replied >= least:
        return ""
    said: str = ngettext(
        "%(replied)s replied; %(least)s must. Without %(num)d more there is no decision.",
        "%(replied)s replied; %(least)s must. Without %(num)d more there is no decision.",
        least - replied,
        replied=replied,
        least=least,
    )
    return said


def benches(found: Overview) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every seat with the mark of whether it replied; none without the right to vote.

    Of a roll too long for a page there is no bench: the regions tell it.
    """
    if found.turnout.entitled > _SEATS:
        return []
    return [
        (
            f"{region.code} {region.name}".strip(),
            [
                (member.code, "r" if member.replied else "s")
                for member in region.members
                if member.entitled
            ],
        )
        for region in found.turnout.regions
    ]


def statement(found: Overview, now: datetime) -> dict[str, Any]:
    """Return what the post-room statement would say, and whether it can be made now."""
    closes_at = found.head.closes_at
    assert closes_at is not None  # noqa: S101 - it is closed
    settling = desk().settling
    return {
        "recorded": len(found.recorded),
        "members": some(found.recorded),
        "settled": settled(closes_at, settling, now),
        "settled_at": closes_at + settling,
    }


def _passed(found: Overview, now: datetime) -> tuple[int, int, str] | None:
    """Return how many hours of how many have passed, and the same in days and words."""
    opens_at, closes_at = found.head.opens_at, found.head.closes_at
    if opens_at is None or closes_at is None or now < opens_at:
        return None
    whole, gone = closes_at - opens_at, min(now, closes_at) - opens_at
    words: str = ngettext(
        "%(gone)s of %(num)d day has passed",
        "%(gone)s of %(num)d days have passed",
        whole // _DAY,
        gone=gone // _DAY,
    )
    hour = timedelta(hours=1)
    return whole // hour or 1, gone // hour, words
