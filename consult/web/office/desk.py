"""The secretariat's desk: what needs its reader now, and every consultation by its state."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.life import State
from consult.queries.memory import bodies
from consult.queries.office import Office, office
from consult.web.frame import desk as desk_of
from consult.web.frame import language
from consult.web.office.blueprint import pages
from consult.web.office.needs import needs, place_of
from consult.web.policy import allow, me
from consult.web.policy import office as secretariat

_OPEN = (State.OPEN, State.CLOSED)
_DRAFTS = (State.DRAFT, State.SUBMITTED)
_WITHDRAWN = (State.WITHDRAWN,)
_TO_CERTIFY = (State.COUNTED, State.CERTIFIED)


@pages.get("/office")
@allow(secretariat)
def desk() -> ResponseReturnValue:
    return _page("desk")


@pages.get("/office/drafts")
@allow(secretariat)
def drafts() -> ResponseReturnValue:
    return _page("drafts")


@pages.get("/office/to-certify")
@allow(secretariat)
def to_certify() -> ResponseReturnValue:
    return _page("to_certify")


@pages.get("/office/broken")
@allow(secretariat)
def broken() -> ResponseReturnValue:
    return _page("broken")


@pages.get("/office/published")
@allow(secretariat)
def published() -> ResponseReturnValue:
    return _page("published")


@pages.get("/office/withdrawn")
@allow(secretariat)
def withdrawn() -> ResponseReturnValue:
    return _page("withdrawn")


def _page(tab: str) -> str:
    now = desk_of().clock()
    found = office(desk_of().engine, now, language(), published=tab == "published")
    return render_template(
        "office/desk.html",
        tab=tab,
        lines=_lines(found, tab),
        needs=needs(found, me(), now),
        tabs=_tabs(found, tab),
        place_of=place_of,
        bodies=bodies(desk_of().engine, language()),
        roles={role.value for role in me().roles},
    )


def _lines(found: Office, tab: str) -> Any:
    match tab:
        case "drafts":
            return found.of(*_DRAFTS)
        case "to_certify":
            return found.of(*_TO_CERTIFY)
        case "broken":
            return found.of(State.BROKEN)
        case "withdrawn":
            return found.of(*_WITHDRAWN)
        case "published":
            return found.published
    return found.of(*_OPEN)


def _tabs(found: Office, current: str) -> list[tuple[str, str, bool]]:
    titles: dict[str, str] = {
        "desk": _("Open (%(count)s)", count=len(found.of(*_OPEN))),
        "drafts": _("Drafts (%(count)s)", count=len(found.of(*_DRAFTS))),
        "to_certify": _("To certify (%(count)s)", count=len(found.of(*_TO_CERTIFY))),
        "broken": _("Broken (%(count)s)", count=len(found.of(State.BROKEN))),
        "published": _("Published (%(count)s)", count=found.published_total),
    }
    if current != "broken" and not found.of(State.BROKEN):
        del titles["broken"]
    if gone := found.of(*_WITHDRAWN):
        titles["withdrawn"] = _("Withdrawn (%(count)s)", count=len(gone))
    return [(url_for(f"office.{name}"), title, name == current) for name, title in titles.items()]
