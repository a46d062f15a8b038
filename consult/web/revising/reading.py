"""Every revision of a letter, to be read for ever: by the secretariat, and by its members."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.life import Revising
from consult.documents.differences import places
from consult.documents.items import parts_of
from consult.documents.prose import prose
from consult.documents.roll_change import roll_view
from consult.queries.revisions import Revised, for_member, for_office
from consult.queries.texts import pick
from consult.web.frame import desk, language
from consult.web.office.heading import around
from consult.web.policy import allow, focal_point
from consult.web.policy import office as secretariat
from consult.web.revising.blueprint import pages
from consult.web.templating import words
from consult.wording import LANGUAGES, revisions
from consult.wording.instants import Place


@pages.get("/office/<slug>/revisions")
@allow(secretariat)
def newest(slug: str) -> ResponseReturnValue:
    """Lead to the newest revision."""
    _head, found = for_office(desk().engine, slug, 0, desk().clock(), language())
    return redirect(url_for("revising.revision", slug=slug, number=found.lines[0].number), 303)


@pages.get("/office/<slug>/revisions/<int:number>")
@allow(secretariat)
def revision(slug: str, number: int) -> ResponseReturnValue:
    """Show a revision to the secretariat, with its difference to the one before."""
    head, found = for_office(desk().engine, slug, number, desk().clock(), language())
    context = around(head, "")
    addresses = {
        line.number: url_for("revising.revision", slug=slug, number=line.number)
        for line in found.lines
    }
    return render_template(
        "revising/revision-office.html", addresses=addresses, **_shown(found), **context
    )


@pages.get("/c/<slug>/<member>/revisions/<int:number>")
@allow(focal_point)
def for_focal_point(slug: str, member: str, number: int) -> ResponseReturnValue:
    """Show a revision to the people of a member on the roll."""
    found = for_member(desk().engine, slug, member, number, desk().clock())
    addresses = {
        line.number: url_for(
            "revising.for_focal_point", slug=slug, member=member, number=line.number
        )
        for line in found.lines
    }
    return render_template(
        "revising/revision-member.html",
        addresses=addresses,
        letter_address=url_for("reply.letter", slug=slug, member=member),
        place=Place(found.zone, words(found.seat)),
        specimen_words=found.content.get("illustrative"),
        **_shown(found),
    )


def _shown(found: Revised) -> dict[str, Any]:
    tongue, line = language(), found.line
    return {
        "revised": found,
        "revision_title": revisions.title(line.number, line.kind),
        "titles": {one.number: revisions.title(one.number, one.kind) for one in found.lines},
        "what": revisions.what(line.kind) if line.kind else "",
        "is_roll": line.kind is Revising.ROLL,
        "language_name": LANGUAGES.get(line.language or "", ""),
        "changes": places(found.differences, tongue, found.names),
        "rolls": [roll_view(one.member, one.before, one.after, tongue) for one in found.roll],
        "parts_of_letter": parts_of(found.content, tongue, found.names),
        "sections": _sections(found, tongue),
        "asked": revisions.items(line.changed),
        "two_persons": _(
            "Asked for by %(first)s, confirmed by %(second)s",
            first=found.asked_by,
            second=found.confirmed_by,
        ),
    }


def _sections(found: Revised, tongue: str) -> list[tuple[str, Any]]:
    first = (found.content["languages"] or ["en"])[0]
    return [
        (pick(section["heading"], tongue, first), prose(pick(section["text"], tongue, first)))
        for section in found.content["letter"].get("sections") or ()
    ]
