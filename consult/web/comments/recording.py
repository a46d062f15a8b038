"""An officer records comments that reached the secretariat by letter, fax or e-mail."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.actions import paper_comments
from consult.actions.commenting import faults_of as remark_faults
from consult.core.life import Act, Channel, NotNow
from consult.core.round import GENERAL, PaperComment, Remark
from consult.core.upload import LARGEST
from consult.queries.round_papers import RoundPaper, round_paper
from consult.web.comments.blueprint import pages
from consult.web.comments.typed import fields, places_of, read_new, summed
from consult.web.forms import faults_of, restored
from consult.web.frame import desk, language
from consult.web.office.heading import around
from consult.web.office.paper import (
    FORM_AROUND,
    check,
    keep_scan,
    key_of,
    paper_form,
    received_at,
)
from consult.web.policy import allow, me, officer_or_approver, takes
from consult.wording.faults import fault


@pages.route("/office/<slug>/record-comments", methods=["GET", "POST"])
@allow(officer_or_approver)
@takes(LARGEST + FORM_AROUND)
def record_paper(slug: str) -> ResponseReturnValue:
    """Ask for the comments and their scan; a POST asks a second officer to confirm them."""
    found = round_paper(desk().engine, slug, desk().clock(), language())
    if not found.recordable:
        raise NotNow(act=Act.RECORD.value, state=found.head.state.value)
    form = paper_form(found.members, language())
    if request.method == "GET":
        return _show(found, form, (), {})
    spoken = str(form.language.data or language())
    remarks = read_new(found.documents, request.form, spoken)
    if restored():
        return _show(found, form, remarks, {})
    return _record(found, form, remarks, spoken)


def _record(
    found: RoundPaper, form: Any, remarks: tuple[Remark, ...], spoken: str
) -> ResponseReturnValue:
    form.validate()
    at, opens_at = received_at(form, found.head.zone), found.head.opens_at
    assert opens_at is not None  # noqa: S101 - it was opened
    check(form, desk().clock(), opens_at, at)
    wrong = remark_faults(remarks, places_of(found.documents))
    if not remarks:
        wrong[f"{GENERAL}:"] = "nothing-written"
    kept = None
    if not wrong and at is not None and not any(field.errors for field in form):
        kept = keep_scan(form)
    if kept is None or at is None:
        return _show(found, form, remarks, wrong), 422
    paper = PaperComment(
        member=form.member.data,
        remarks=remarks,
        key=key_of(form),
        channel=Channel(form.channel.data),
        received_at=at,
        scan=kept.sha256,
        reason=form.reason.data,
        language=spoken,
    )
    paper_comments.record(desk(), found.head.slug, me().actor, paper, kept)
    flash(_("Recorded. It does not stand until a second officer confirms it."), "ok")
    return redirect(url_for("office.overview", slug=found.head.slug), 303)


def _show(found: RoundPaper, form: Any, remarks: tuple[Remark, ...], wrong: dict[str, str]) -> str:
    said = [(f"#t-{place}", summed(place, fault(code))) for place, code in wrong.items()]
    return render_template(
        "comments/record-paper.html",
        form=form,
        documents=found.documents,
        fields=fields(found.documents, remarks, wrong),
        faults=faults_of(form) + said,
        faults_heading=_("It is not recorded: look at what is marked"),
        **around(found.head, "replies"),
    )
