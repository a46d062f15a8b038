"""The letter with its form, filled, refused or in conflict with what a colleague did meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.answer import GENERAL, Draft
from consult.core.comparison import Choice
from consult.core.life import State
from consult.core.need import Need, need
from consult.documents.letter import LetterView, letter_view
from consult.queries import reply as queries
from consult.queries.reply import Page
from consult.queries.round import RoundPage
from consult.queries.said import Said
from consult.web.frame import desk, language
from consult.web.policy import me
from consult.web.reply.form import Held, differing, form_of, kept
from consult.web.reply.revised import Revised, revised
from consult.web.reply.since import since
from consult.web.reply.typed import FILE, NOTE, Fault, first_control
from consult.web.templating import know_organisation, reader_place, words
from consult.wording import instants, kinds
from consult.wording.instants import Place

_DONE = "reply_done"
_CONFLICT, _REFUSED = 409, 422
_STILL_WRITING = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The deadline where the reader is, where the body sits, and how far off.

    Args:
        own: None where the reader's clock shows what the seat's does.
        same_day: Whether it falls on one day in both places.
    """

    at: datetime
    seat: Place
    own: Place | None
    day: str
    same_day: bool
    passed: bool


def load(slug: str, member: str) -> Page:
    """Return the page of the letter; the organisation is read with it."""
    found = queries.page(desk().engine, slug, member, desk().clock(), language())
    know_organisation(found.house)
    return found


def needs(page: Page) -> Mapping[str, Need]:
    """Return what each rule of the letter takes on its roll; that of the letter under no name."""
    own = {code: need(rule, page.lines) for code, rule in page.own.items()}
    return {"": need(page.rule, page.lines), **own}


def letter_of(page: Page) -> LetterView:
    found = needs(page)
    return letter_view(
        content=page.content,
        rule=page.rule,
        need=found[""],
        body=page.body,
        organisation=page.organisation,
        language=language(),
        closes_at=page.closes_at,
        revision=page.revision,
        own={code: (rule, found[code]) for code, rule in page.own.items()},
        names=page.names,
    )


def show(page: Page) -> ResponseReturnValue:
    """Show the letter and the form with the draft, else with the newest version."""
    held = Held(kept(page))
    if page.draft is not None and page.newest is not None and page.draft_base != page.versions:
        held = Held(held.draft, (), page.newest, differing(page, held.draft, page.newest))
    return _rendered(page, held, whole=True)


def show_typed(
    page: Page, draft: Draft, seen: str, shown: int | None = None
) -> ResponseReturnValue:
    """Show the form with what came back from signing in; nothing is saved or sent.

    Args:
        shown: The revision of the letter that the form showed.
    """
    changed = page.draft is not None and page.draft.content_hash != seen
    if draft.base != page.versions or changed:
        return conflict(page, draft, seen, sending=False)
    said = _("What you typed is back. It is neither saved nor sent yet.")
    return _rendered(page, Held(draft, since=shown), whole=True, done=said)


def refuse(page: Page, draft: Draft, faults: list[Fault], *, sending: bool) -> ResponseReturnValue:
    """Show the form with its faults; everything typed is kept."""
    return _rendered(page, Held(draft, faults), sending=sending), _REFUSED


def conflict(page: Page, draft: Draft, seen: str, *, sending: bool) -> ResponseReturnValue:
    """Show what was typed beside what stands now: a newer version, or another draft (T68).

    Args:
        seen: The hash of the draft that the writer saw; it stays so while the newer version is
            shown, so that a draft that changed too is not overwritten unseen either.
    """
    replied = draft.base != page.versions
    other = page.newest if replied else page.draft
    where = differing(page, draft, other) if other else frozenset[str]()
    if other is None or not where:
        return redirect(form_address(page), 303)
    faults = _torn(page, draft, other, where)
    held = Held(draft, faults, other, where, seen if replied else None)
    return _rendered(page, held, sending=sending), _CONFLICT


def outdated(
    page: Page, draft: Draft, seen: str, shown: int, *, sending: bool
) -> ResponseReturnValue:
    """Show what was typed in a form of an earlier revision, beside what was changed since.

    Args:
        seen: The hash of the draft that the writer saw; see `conflict`.
        shown: The revision of the letter that the form showed.
    """
    changed = revised(page, shown, language())
    faults = [
        Fault(item.code, first_control(page, item.code), _changed(changed[item.code]), True)
        for item in page.items
        if item.code in changed
    ]
    held = Held(draft, faults, seen=seen, since=shown)
    return _rendered(page, held, sending=sending, revised_to=page.revision), _CONFLICT


def shortened(page: Page, draft: Draft, seen: str, said: str) -> ResponseReturnValue:
    """Show what was to be sent when an item was withdrawn, without that item, and say so.

    Args:
        seen: The hash of the draft that the writer saw; see `conflict`.
        said: The refusal as a sentence.
    """
    if page.draft is not None and differing(page, draft, page.draft):
        return conflict(page, draft, seen, sending=True)
    return _rendered(page, Held(draft), sending=True, refused=said), _CONFLICT


def _changed(one: Revised) -> str:
    if one.added:
        return str(_("Added by Rev.%(number)s: look at it", number=one.number))
    return str(_("Changed by Rev.%(number)s: look at it again", number=one.number))


def form_address(page: Page) -> str:
    return url_for("reply.letter", slug=page.slug, member=page.member, _anchor="reply")


def done(what: str, **facts: int | str) -> None:
    """Remember for the next page what a form did, so that it stands above the form."""
    session[_DONE] = {"what": what, **facts}


def _rendered(  # noqa: PLR0913 - the page, what fills its form, and what is said above it
    page: Page,
    held: Held,
    *,
    whole: bool = False,
    sending: bool = False,
    done: str = "",
    revised_to: int = 0,
    refused: str = "",
) -> str:
    form = form_of(page, held, language(), me().actor.person_id)
    name = words(page.member_name)
    return render_template(
        "reply/letter.html" if whole else "reply/refused.html",
        page=page,
        letter=letter_of(page) if whole else None,
        links=_links(page) if whole else {},
        form=form,
        name=name,
        deadline=deadline_of(page),
        done=done or _done(page),
        faults=[(f"#{fault.control}", _summed(fault)) for fault in held.faults],
        faults_heading=_heading(len(held.faults), sending=sending),
        published=page.state is State.PUBLISHED,
        advises=page.member in me().actor.advises,
        writing=_writing(page),
        revised_to=revised_to,
        refused=refused,
        note_address=partial(url_for, "reply.note", slug=page.slug, member=page.member),
        revision=since(page, form, name) if whole else None,
    )


def _writing(page: Page) -> str:
    """Say who else may be writing now; empty if nobody saved a draft of late.

    Who reads leaves no trace (T36): what is known is when a colleague saved last.
    """
    draft = page.draft
    if draft is None or draft.by_id == me().actor.person_id:
        return ""
    since = desk().clock() - draft.at
    if since >= _STILL_WRITING:
        return ""
    minutes = int(since / timedelta(minutes=1))
    if not minutes:
        return str(
            _("%(person)s saved this draft just now and may still be writing.", person=draft.by)
        )
    return str(
        ngettext(
            "%(person)s saved this draft %(num)d minute ago and may still be writing.",
            "%(person)s saved this draft %(num)d minutes ago and may still be writing.",
            minutes,
            person=draft.by,
        )
    )


def deadline_of(page: Page | RoundPage) -> Deadline:
    at, now = page.closes_at, desk().clock()
    seat = Place(page.body["zone"], words(page.body["seat"]))
    own = reader_place(me().mandate_for(page.member))
    there = at.astimezone(ZoneInfo(seat.zone))
    here = at.astimezone(ZoneInfo(own.zone)) if own else there
    return Deadline(
        at=at,
        seat=seat,
        own=own if here.utcoffset() != there.utcoffset() else None,
        day=instants.weekday_day(here.date()),
        same_day=here.date() == there.date(),
        passed=now >= at,
    )


def _links(page: Page) -> dict[str, str]:
    return {
        sha256: url_for("reply.document", slug=page.slug, member=page.member, document=number)
        for sha256, number in page.documents.items()
    }


def _torn(page: Page, draft: Draft, other: Said, where: frozenset[str]) -> list[Fault]:
    """Return the places of a conflict as faults, in the order of the form."""
    position = _("A colleague changed it meanwhile: choose which position stands")
    comment = _("A colleague wrote something else meanwhile: choose which words stand")
    found = []
    for item in page.items:
        if item.code in where:
            torn = draft.choices.get(item.code) != other.choices.get(item.code)
            control = first_control(page, item.code) if torn else f"c-{item.code}"
            said = position if torn else comment
            found.append(Fault(item.code, control, said, position=torn))
    if GENERAL in where:
        found.append(Fault(GENERAL, f"c-{GENERAL}", comment))
    if NOTE in where:
        note = _("A colleague gave another note meanwhile: choose which stands")
        found.append(Fault(NOTE, FILE, note))
    return found


def _summed(fault: Fault) -> str:
    if not fault.place:
        return fault.words
    if fault.place == GENERAL:
        return str(_("Comment on the whole: %(fault)s", fault=fault.words))
    if fault.place == NOTE:
        return str(_("Note: %(fault)s", fault=fault.words))
    return str(_("Item %(item)s: %(fault)s", item=fault.place, fault=fault.words))


def _heading(several: int, *, sending: bool) -> str:
    not_sent: str = ngettext(
        "Your reply is not sent: %(num)d thing needs you",
        "Your reply is not sent: %(num)d things need you",
        several,
    )
    not_saved: str = ngettext(
        "The draft is not saved: %(num)d thing needs you",
        "The draft is not saved: %(num)d things need you",
        several,
    )
    return not_sent if sending else not_saved


def _done(page: Page) -> str:
    said = session.pop(_DONE, None) or {}
    if said.get("what") == "saved":
        return str(_("The draft is saved. Nothing has been sent."))
    if said.get("what") != "filled":
        return ""
    choice = kinds.choice(Choice(said["choice"]), page.rule.names, language())
    if not said["count"]:
        return str(_("No item was blank: nothing was filled in."))
    return str(
        ngettext(
            "%(num)d item set to %(choice)s. Check it before you go on.",
            "%(num)d items set to %(choice)s. Check them before you go on.",
            said["count"],
            choice=choice,
        )
    )
