"""The whole ledger of a consultation as a timeline, the newest entry first."""

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.queries import history as queries
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around, place_of
from consult.web.office.paging import page_asked
from consult.web.policy import allow
from consult.web.policy import office as secretariat
from consult.wording import history as wording


@pages.get("/office/<slug>/history")
@allow(secretariat)
def history(slug: str) -> ResponseReturnValue:
    found = queries.history(desk().engine, slug, page_asked(), desk().clock(), language())
    place = place_of(found.head)
    return render_template(
        "office/history.html",
        history=found,
        events=[(event, wording.sentence(event, place)) for event in found.events],
        **around(found.head, "history"),
    )
