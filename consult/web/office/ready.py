"""Who can be reached while a letter is open, and the button that invites a member again."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.actions import reinviting
from consult.core.ledger import instant
from consult.core.life import Kind, Role, State
from consult.core.throttle import EXPORTS
from consult.documents.record_csv import write
from consult.queries.ready import Readiness, ReadyLine, readiness_of
from consult.web import attention
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.policy import allow, limited, me, officer
from consult.web.policy import office as secretariat
from consult.web.serving import send_made
from consult.wording import kinds

_COLUMNS = (
    "code",
    "name",
    "vote",
    "people",
    "set_up",
    "signed_in_at",
    "telephone",
    "replied",
    "last_notice",
    "state",
    "cause",
    "oldest_waiting",
    "reached",
)


@pages.get("/office/<slug>/ready", endpoint="ready")
@allow(secretariat)
def board(slug: str) -> ResponseReturnValue:
    """Show of each member how it can be reached, what its mail came to, whether it replied."""
    found = _found(slug)
    may = Role.OFFICER in me().roles and found.head.state is State.OPEN
    return render_template(
        "office/ready.html",
        found=found,
        board=attention.board(found.regions, "office.ready", slug=slug),
        lede=summary(found.lines),
        may=may,
        may_record=may and found.head.kind is Kind.DECISION,
        notice_words=kinds.notice,
        notice_state=kinds.notice_state,
        **around(found.head, "overview"),
    )


@pages.get("/office/<slug>/ready.csv", endpoint="ready_csv")
@allow(secretariat)
@limited(EXPORTS)
def file(slug: str) -> ResponseReturnValue:
    """Send the same as CSV."""
    found = _found(slug)
    rows = [list(_COLUMNS), *(_row(found, line) for line in found.lines)]
    return send_made(write(rows), f"{slug}-ready.csv", "text/csv; charset=utf-8")


@pages.post("/office/<slug>/ready/<member>/invite")
@allow(officer)
def invite_again(slug: str, member: str) -> ResponseReturnValue:
    """Queue the invitation of a member anew."""
    told = reinviting.invite_again(desk(), slug, me().actor, member)
    if told:
        flash(
            ngettext(
                "The invitation is queued for %(num)d person.",
                "The invitation is queued for %(num)d people.",
                told,
            ),
            "ok",
        )
    else:
        flash(_("Nobody is invited: an invitation waits already, or nobody is named."), "warn")
    show = request.form.get("show")  # where one was
    return redirect(url_for("office.ready", slug=slug, show=show, _anchor=member), 303)


def summary(lines: list[ReadyLine]) -> str:
    """Say what is worst first: not reached, nobody named, nobody set up."""
    unreached = sum(line.unreached for line in lines)
    nobody = sum(line.access is None for line in lines)
    unset = sum(line.access is not None and not line.access.set_up for line in lines)
    said = [
        ngettext("%(num)d member has nobody named", "%(num)d members have nobody named", nobody),
        ngettext(
            "%(num)d has no account that was set up",
            "%(num)d have no account that was set up",
            unset,
        ),
        ngettext(
            "%(num)d was reached by no notice", "%(num)d were reached by no notice", unreached
        ),
    ]
    return str(_("%(nobody)s, %(unset)s, %(alone)s.", nobody=said[0], unset=said[1], alone=said[2]))


def _found(slug: str) -> Readiness:
    return readiness_of(desk().engine, slug, desk().clock(), language())


def _row(found: Readiness, line: ReadyLine) -> list[str]:
    member, people = line.standing, line.access
    return [
        member.code,
        member.name,
        "yes" if member.entitled else "no",
        str(people.people if people else 0),
        "yes" if people and people.set_up else "no",
        instant(people.signed_in_at) if people and people.signed_in_at else "",
        (people.telephone if people else "") or "",
        "" if found.head.hides_replies else _replied(line),
        line.last.kind.value if line.last else "",
        line.last.state.value if line.last else "",
        line.cause or "",
        instant(line.oldest_waiting) if line.oldest_waiting else "",
        "no" if line.unreached else "yes",
    ]


def _replied(line: ReadyLine) -> str:
    if line.standing.replied_at is None:
        return "no"
    return "yes" if line.standing.complete else "gaps"
