"""An officer gives the receipt of a reply that the database lost, so that it is readmitted."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from consult.actions import readmitting
from consult.actions.readmitting import Became, Readmission
from consult.core.life import NOT_OPENED, Act, Kind, NotNow
from consult.core.readmitting import LARGEST
from consult.errors import NotFound, NotReadmitted
from consult.queries.consultation import Head, head_of
from consult.web.forms import faults_of
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.office.paper import FORM_AROUND, sent_file
from consult.web.policy import allow, me, officer_or_approver, takes
from consult.wording.refusals import sentence


class ReceiptForm(FlaskForm):
    """The receipt, as a file."""

    file = FileField()


@pages.route("/office/<slug>/readmit", methods=["GET", "POST"])
@allow(officer_or_approver)
@takes(LARGEST + FORM_AROUND)
def readmit(slug: str) -> ResponseReturnValue:
    """Ask for the receipt; a POST checks it and asks a second person to confirm (T98)."""
    head = head_of(desk().engine, slug, desk().clock(), language())
    if head.kind is Kind.COMMENTS:
        raise NotFound(slug=slug)  # nobody replies to it
    if head.state in NOT_OPENED:
        raise NotNow(act=Act.READMIT.value, state=head.state.value)
    form = ReceiptForm()
    form.file.label.text = _("The receipt")
    if request.method == "GET":
        return _show(head, form)
    sent = sent_file(form)
    if sent is None:
        form.file.errors = [_("Choose the receipt, as a file")]
        return _show(head, form), 422
    try:
        found = readmitting.readmit(desk(), me().actor, sent.read(LARGEST + 1), slug)
    except NotReadmitted as refused:
        form.file.errors = [sentence(refused)]
        return _show(head, form), 422
    if found.became is not Became.ASKED:
        form.file.errors = [_before(found)]
        return _show(head, form), 422
    flash(
        _("The receipt holds. The reply is readmitted once an approver, another person, agrees."),
        "ok",
    )
    return redirect(url_for("requests.request", number=found.number), 303)


def _before(found: Readmission) -> str:
    if found.became is Became.WAITING:
        return str(_("This was asked for before, and waits for a second person."))
    return str(
        _(
            "Nothing is lost: the reply is in the ledger, as entry %(number)s.",
            number=found.number,
        )
    )


def _show(head: Head, form: Any) -> str:
    return render_template(
        "office/readmit.html",
        form=form,
        faults=faults_of(form),
        faults_heading=_("Nothing was asked for: look at what is marked"),
        **around(head, "replies"),
    )
