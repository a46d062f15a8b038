"""Who may reply for a member: shown to its people and to officers, changed by head and officers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import Optional

from consult.actions import mandates
from consult.actions.documents import Kept
from consult.actions.naming import Naming
from consult.core.life import Role
from consult.core.upload import EVIDENCE, LARGEST
from consult.errors import BadInput
from consult.queries.member import register
from consult.web import receiving
from consult.web.forms import at_most, faults_of, plain_text
from consult.web.frame import desk, language
from consult.web.naming import PersonForm
from consult.web.policy import allow, focal_point_or_officer, me, takes
from consult.wording.faults import fault

pages = Blueprint("member", __name__, url_prefix="/<lang:lang>")

_FORM_AROUND = 64 * 1024  # what a form adds to the file


class NamingForm(PersonForm):
    """Who shall reply for the member."""

    role = RadioField(
        _l("Role"),
        choices=[
            SelectChoice("head", _l("Head focal point")),
            SelectChoice("alternate", _l("Alternate")),
            SelectChoice("adviser", _l("Adviser: reads and writes the draft, cannot send")),
        ],
        default="alternate",
    )
    telephone = StringField(
        _l("Telephone"),
        validators=[Optional(), at_most(40), plain_text],
        render_kw={"autocomplete": "off", "type": "tel"},
    )
    paper = StringField(_l("On what paper"), validators=[Optional(), at_most(200), plain_text])
    scan = FileField(_l("The paper itself"))


@pages.route("/member/<member>", methods=["GET", "POST"])
@allow(focal_point_or_officer)
@takes(LARGEST + _FORM_AROUND, by=lambda who, _given: Role.OFFICER in who.roles)
def page(member: str) -> ResponseReturnValue:
    """Show the register of a member; a POST names a focal point."""
    form = NamingForm(language=language())
    may_name_head = Role.OFFICER in me().roles
    if not may_name_head:
        form.role.choices = [one for one in form.role.choices if one.value != "head"]
        del form.scan
    if request.method == "POST" and form.validate():
        try:
            new = _naming(member, form)
            asked = mandates.name(desk(), me().actor, new)
        except BadInput as refused:
            for name, code in refused.faults.items():
                form[name if name in form else "scan"].errors = [fault(code)]
        else:
            _say(asked, _named(new))
            return redirect(url_for("member.page", member=member), 303)
    faults = faults_of(form)
    shown = register(desk().engine, member, desk().clock(), language())
    mandate = me().mandate_for(member)
    answer = render_template(
        "member/page.html",
        register=shown,
        form=form,
        faults=faults,
        may_name_head=may_name_head,
        may_name=may_name_head or (mandate is not None and mandate.head),
    )
    return (answer, 422) if faults else answer


@pages.post("/member/<member>/mandates/<int:number>/end")
@allow(focal_point_or_officer)
def end(member: str, number: int) -> ResponseReturnValue:
    """End a mandate."""
    asked = mandates.end(desk(), me().actor, member, number)
    _say(asked, _("The mandate has ended."))
    return redirect(url_for("member.page", member=member), 303)


def _naming(member: str, form: NamingForm) -> Naming:
    return Naming(
        member=member,
        head=form.role.data == "head",
        adviser=form.role.data == "adviser",
        name=form.name.data or "",
        address=form.address.data or "",
        language=form.language.data,
        telephone=form.telephone.data or None,
        paper=form.paper.data or None,
        scan=_scan(form),
    )


def _scan(form: NamingForm) -> Kept | None:
    """Keep the paper that came with a naming, if one did.

    Raises:
        BadInput: It cannot be kept.
    """
    sent = form.scan.data if "scan" in form else None
    if not isinstance(sent, FileStorage) or not sent.filename:
        return None
    return receiving.keep(sent, EVIDENCE)


def _named(new: Naming) -> str:
    if new.adviser:
        return str(_("%(person)s is an adviser from now on.", person=new.name))
    return str(_("%(person)s may reply from now on.", person=new.name))


def _say(asked: list[int], done: str) -> None:
    if asked:
        flash(_("A letter is open: a second person must confirm this first."), "warn")
    else:
        flash(done, "ok")
