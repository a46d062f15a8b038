"""What needs somebody of the secretariat now, in words, each with where to go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.life import Act, Role, State
from consult.queries.office import Line, Office
from consult.queries.requests import Waiting
from consult.queries.sessions import Me
from consult.web.office.heading import asks
from consult.web.office.paging import some
from consult.web.templating import words
from consult.wording import instants
from consult.wording.instants import Place

_NEAR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do.

    Args:
        label: Of which sort it is, in a word or two.
        pressing: It holds others up: its link is a button.
    """

    label: str
    title: str
    sentence: str
    href: str
    action: str
    pressing: bool = False


def needs(found: Office, who: Me, now: datetime) -> list[Need]:
    """Return what *who* can do now, what waits for a second person first."""
    lines = {line.slug: line for line in found.lines}
    said = [
        _request(request, lines[request.slug])
        for request in found.waiting
        if Role.APPROVER in who.roles and request.asked_by_id != who.actor.person_id
    ]
    asked = {(request.slug, request.act) for request in found.waiting}
    for line in found.lines:
        said += _of(line, who, now, {act for slug, act in asked if slug == line.slug})
    return said


def _of(line: Line, who: Me, now: datetime, asked: set[Act]) -> Iterator[Need]:
    officer = Role.OFFICER in who.roles
    either = officer or Role.APPROVER in who.roles
    if officer and line.mail.unreached:
        yield _unreached(line)
    elif officer and line.state in {State.OPEN, State.CLOSED} and line.mail.failed:
        yield _mail(line)
    match line.state:
        case State.OPEN if officer and line.lacking and _near(line, now):
            yield _silent(line, now)
        case State.CLOSED if either and Act.STATE_POST not in asked:
            yield _post(line, asked)
        case State.COUNTED if officer and Act.CERTIFY not in asked:
            yield _conclude(line)
        case State.CERTIFIED if officer:
            yield _publish(line)
        case State.DRAFT if officer:
            yield _draft(line)


def _near(line: Line, now: datetime) -> bool:
    return line.closes_at is not None and line.closes_at - now <= _NEAR


def place_of(line: Line) -> Place:
    """Return where the times of a consultation are."""
    return Place(line.zone, words(line.seat))


def _request(request: Waiting, line: Line) -> Need:
    return Need(
        label=_("Four eyes"),
        title=asks(request.act, request.member),
        sentence=_(
            "%(reference)s. Asked by %(person)s, %(instant)s. You may confirm it, or send it back.",
            reference=request.reference,
            person=request.asked_by,
            instant=instants.long(request.asked_at, place_of(line)),
        ),
        href=url_for("requests.request", number=request.number),
        action=_("Look at the request"),
        pressing=True,
    )


def _mail(line: Line) -> Need:
    return Need(
        label=_("Mail"),
        title=ngettext(
            "Mail to %(num)d Member State came back undelivered",
            "Mail to %(num)d Member States came back undelivered",
            len(line.mail.failed),
        ),
        sentence=_(
            "%(reference)s. %(members)s.",
            reference=line.reference,
            members=some(line.mail.failed),
        ),
        href=url_for("office.notices", slug=line.slug),
        action=_("See the notices"),
    )


def _unreached(line: Line) -> Need:
    return Need(
        label=_("Mail"),
        title=ngettext(
            "No notice has reached %(num)d Member State",
            "No notice has reached %(num)d Member States",
            len(line.mail.unreached),
        ),
        sentence=_(
            "%(reference)s. %(members)s.",
            reference=line.reference,
            members=some(line.mail.unreached),
        ),
        href=url_for("office.ready", slug=line.slug),
        action=_("See who can be reached"),
        pressing=True,
    )


def _silent(line: Line, now: datetime) -> Need:
    assert line.closes_at is not None  # noqa: S101 - it is open
    return Need(
        label=_("Deadline"),
        title=ngettext(
            "%(num)d Member State has no complete reply, %(left)s",
            "%(num)d Member States have no complete reply, %(left)s",
            line.lacking,
            left=instants.left(line.closes_at - now),
        ),
        sentence=_next_reminder(line),
        href=url_for("office.overview", slug=line.slug, _anchor="nr"),
        action=_("See who"),
    )


def _next_reminder(line: Line) -> str:
    if line.next_reminder is None:
        return str(_("%(reference)s. No reminder goes out any more.", reference=line.reference))
    return str(
        _(
            "%(reference)s. The next reminder goes out on its own on %(instant)s.",
            reference=line.reference,
            instant=instants.long(line.next_reminder, place_of(line)),
        )
    )


def _post(line: Line, asked: set[Act]) -> Need:
    if Act.READMIT in asked:
        sentence = _(
            "%(reference)s. A reply that is to be readmitted waits for its second person first.",
            reference=line.reference,
        )
    elif Act.RECORD in asked:
        sentence = _(
            "%(reference)s. A reply on behalf waits for its second person first.",
            reference=line.reference,
        )
    else:
        sentence = _(
            "%(reference)s. The result opens to nobody before two officers have stated it.",
            reference=line.reference,
        )
    return Need(
        label=_("Post"),
        title=_("State what the post room received"),
        sentence=sentence,
        href=url_for("office.overview", slug=line.slug, _anchor="pr"),
        action=_("Go to the statement"),
    )


def _conclude(line: Line) -> Need:
    if line.comments:
        return Need(
            label=_("Record"),
            title=_("The comments are open to the secretariat"),
            sentence=f"{line.reference}. "
            + _(
                "An officer says what becomes of each comment and writes what follows; an approver"
                " certifies it, an officer publishes the table of comments."
            ),
            href=url_for("comments.table", slug=line.slug),
            action=_("Table of comments"),
        )
    return Need(
        label=_("Record"),
        title=_("Write the conclusion"),
        sentence=_(
            "%(reference)s is counted. Write what follows; an approver certifies it.",
            reference=line.reference,
        ),
        href=url_for("ending.conclude", slug=line.slug),
        action=_("Write it"),
    )


def _publish(line: Line) -> Need:
    return Need(
        label=_("Record"),
        title=_("Publish the decision record"),
        sentence=_(
            "%(reference)s is certified. Publishing tells all Member States.",
            reference=line.reference,
        ),
        href=url_for("office.record", slug=line.slug),
        action=_("Go to the record"),
    )


def _draft(line: Line) -> Need:
    subject = line.subject or line.reference
    if line.sent_back is not None:
        person, reason = line.sent_back
        return Need(
            label=_("Sent back"),
            title=_("Change the draft: %(subject)s", subject=subject),
            sentence=_(
                "%(reference)s. %(person)s sent it back: %(reason)s",
                reference=line.reference,
                person=person,
                reason=reason,
            ),
            href=url_for("drafting.step", slug=line.slug, step=1),
            action=_("Continue"),
        )
    return Need(
        label=_("Draft"),
        title=_("Finish the draft: %(subject)s", subject=subject),
        sentence=_(
            "%(reference)s. Saved %(instant)s.",
            reference=line.reference,
            instant=instants.long(line.changed_at, place_of(line)),
        ),
        href=url_for("drafting.step", slug=line.slug, step=7),
        action=_("Continue"),
    )
