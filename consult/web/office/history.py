"""The whole ledger of a consultation as a timeline, the newest entry first."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from consult.queries import history as queries
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around, place_of
from consult.web.policy import allow
from consult.web.policy import office as secretariat
from consult.wording import history as wording

_DIGITS = 6


@pages.get("/office/<slug>/history")
@allow(secretariat)
def history(slug: str) -> ResponseReturnValue:
    page = request.args.get("page", "")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) <= _DIGITS else 1
    found = queries.history(desk().engine, slug, number, desk().clock(), language())
    place = place_of(found.head)
    return render_template(
        "office/history.html",
        history=found,
        events=[(event, wording.sentence(event, place)) for event in found.events],
        **around(found.head, "history"),
    )
