"""The record of a consultation as it stands: closed before the count, then for the secretariat."""

from functools import partial

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from consult.core.life import Kind
from consult.documents.record import view
from consult.documents.round import round_view
from consult.queries.result import result
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.policy import allow
from consult.web.policy import office as secretariat


@pages.get("/office/<slug>/record")
@allow(secretariat)
def record(slug: str) -> ResponseReturnValue:
    found = result(desk().engine, slug, desk().clock(), language())
    if found.head.kind is Kind.COMMENTS:
        return render_template(
            "comments/record.html",
            table=round_view(found.record, language(), found.sha256) if found.record else None,
            certifying=found.certifying,
            **around(found.head, "record"),
        )
    return render_template(
        "office/record.html",
        record=view(found.record, language(), found.sha256) if found.record else None,
        certifying=found.certifying,
        to_correct=found.to_correct,
        note=partial(url_for, "office.note", slug=slug),
        **around(found.head, "record"),
    )
