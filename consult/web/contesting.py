"""A member contests, from a receipt, how a reply of its own is treated."""

from flask import Blueprint, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import TextAreaField

from consult.actions import acknowledging, contesting
from consult.actions.documents import Kept
from consult.core.upload import LARGEST
from consult.errors import BadInput, NotFound
from consult.queries import contests
from consult.web import receipts, receiving
from consult.web.drafting.forms import clean
from consult.web.files import send_stored
from consult.web.forms import at_most, refuse, restored
from consult.web.frame import desk
from consult.web.policy import allow, focal_point, me, takes
from consult.wording.faults import fault

pages = Blueprint("contesting", __name__, url_prefix="/<lang:lang>")

_PDF = frozenset({"pdf"})
_FORM_AROUND = 64 * 1024  # what a form adds to the file


class ContestForm(FlaskForm):
    """Why a reply should count, or not as it does; and a proof of it."""

    grounds = TextAreaField(validators=[at_most(contesting.LONGEST_GROUNDS)], filters=[clean])
    proof = FileField()


@pages.post("/c/<slug>/<member>/receipts/<int:version>/contest")
@allow(focal_point)
@takes(LARGEST + _FORM_AROUND, by=lambda who, given: who.actor.speaks_for(given["member"]))
def contest(slug: str, member: str, version: int) -> ResponseReturnValue:
    """Enter the contest; the presiding officer rules (T76)."""
    g.page = ("receipts.receipt", {"slug": slug, "member": member, "version": version})
    form = _form()
    if restored():
        return receipts.show(slug, member, version, form)
    form.validate()
    if not form.grounds.data:
        form.grounds.errors = [_("Say what you hold, and why")]
    kept = _keep(form) if not _wrong(form) else None
    if _wrong(form):
        return receipts.show(slug, member, version, form), 422
    try:
        said = contesting.Contention(member, version, form.grounds.data, kept)
        contesting.contest(desk(), slug, me().actor, said)
    except BadInput as refused:
        refuse(form, refused)
        return receipts.show(slug, member, version, form), 422
    flash(_("Contested. The presiding officer rules, with reasons, in the record."), "ok")
    back = url_for("receipts.receipt", slug=slug, member=member, version=version)
    return redirect(back, 303)


@pages.post("/c/<slug>/<member>/receipts/<int:version>/confirm")
@allow(focal_point)
def confirm(slug: str, member: str, version: int) -> ResponseReturnValue:
    """Enter that what was recorded on behalf of the member is its reply."""
    acknowledging.confirm_reply(desk(), slug, me().actor, member, version)
    flash(_("Confirmed: this is your reply."), "ok")
    back = url_for("receipts.receipt", slug=slug, member=member, version=version)
    return redirect(back, 303)


@pages.get("/c/<slug>/<member>/receipts/<int:version>/proof")
@allow(focal_point)
def proof(slug: str, member: str, version: int) -> ResponseReturnValue:
    """Send the member the proof that it gave."""
    found = contests.proof(desk().engine, slug, member, version)
    if found is None:
        raise NotFound(version=version)
    return send_stored(desk(), found)


def _form() -> ContestForm:
    form = ContestForm()
    form.grounds.label.text = _("Grounds")
    form.proof.label.text = _("Proof")
    return form


def _keep(form: ContestForm) -> Kept | None:
    sent = form.proof.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        return None
    try:
        return receiving.keep(sent, _PDF)
    except BadInput as refused:
        form.proof.errors = [fault(code) for code in refused.faults.values()]
        return None


def _wrong(form: ContestForm) -> bool:
    return any(field.errors for field in form)
