"""What all pages of a revision share: the revision, its head, faults, what a colleague saved."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from consult.core.life import Act, Kind, NotNow, State
from consult.errors import NotFound
from consult.queries.consultation import Head
from consult.queries.drafting import Draft
from consult.queries.revising import Revision, Written, revision
from consult.web.drafting.faults import faults_of
from consult.web.drafting.page import Conflict, editing
from consult.web.frame import desk, language
from consult.web.office.heading import around
from consult.wording import LANGUAGES, RTL


def load(slug: str) -> Revision:
    """Return the revision of an open letter.

    Raises:
        NotFound: There is no such consultation, or it is a comment round.
        NotNow: It is not open.
    """
    found = revision(desk().engine, slug, desk().clock(), language())
    refuse_unfit(found.head)
    return found


def refuse_unfit(head: Head) -> None:
    """Refuse what is not open, and a comment round: what it asks about stays as it is."""
    if head.kind is Kind.COMMENTS:
        raise NotFound(slug=head.slug)
    if head.state is not State.OPEN:
        raise NotNow(act=Act.CORRECT.value, state=head.state.value)


def tongue_of(written: Written) -> str:
    """Return the language that is edited: of an editorial correction its own, always."""
    return written.language or editing(written.draft)


def tongues(written: Written) -> dict[str, str]:
    """Return the languages among which one may choose."""
    spoken = written.draft.content["languages"]
    return {code: LANGUAGES.get(code, code) for code in spoken if written.language in {None, code}}


def show(
    template: str,
    found: Revision,
    form: FlaskForm,
    conflicts: list[Conflict] | None = None,
    **more: Any,
) -> str:
    """Return a page of the revision as HTML."""
    written = found.written
    g.page = (request.endpoint, request.view_args or {}) if request.method == "GET" else home(found)
    return render_template(
        f"revising/{template}",
        found=found,
        written=written,
        draft=written.draft if written else found.draft,
        form=form,
        faults=faults_of(form),
        faults_heading=_("The revision is not saved"),
        conflicts=conflicts or [],
        editing=tongue_of(written) if written else "",
        tongues=tongues(written) if written else {},
        rtl=RTL,
        **more,
        **around(found.head, ""),
    )


def home(found: Revision) -> tuple[str, dict[str, Any]]:
    """Return where a language of the page is chosen after a form was refused."""
    return "revising.revise", {"slug": found.head.slug}


def back(draft: Draft, **more: Any) -> str:
    """Return the address of the revision as a whole."""
    return url_for("revising.revise", slug=draft.slug, **more)
