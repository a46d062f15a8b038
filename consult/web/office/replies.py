"""Who replied when and how; what they said stands in the record, once it may be seen."""

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.queries import versions
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.office.paging import sliced
from consult.web.policy import allow
from consult.web.policy import office as secretariat


@pages.get("/office/<slug>/replies")
@allow(secretariat)
def replies(slug: str) -> ResponseReturnValue:
    found = versions.replies(desk().engine, slug, desk().clock(), language())
    return render_template(
        "office/replies.html", members=sliced(found.members), **around(found.head, "replies")
    )
