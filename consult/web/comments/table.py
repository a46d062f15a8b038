"""The table of comments by paragraph and Member State, and what becomes of each comment."""

from collections.abc import Callable, Mapping

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from consult.actions import disposing
from consult.core.life import Role, State
from consult.core.round import Disposed
from consult.core.throttle import EXPORTS
from consult.documents.round import RoundView, revised, round_view
from consult.documents.round_files import round_csv, round_docx
from consult.documents.round_pdf import round_pdf
from consult.errors import BadInput, NotFound
from consult.queries import round as queries
from consult.queries.consultation import Head, head_of
from consult.web.comments.blueprint import pages
from consult.web.frame import desk, language
from consult.web.office.heading import around
from consult.web.policy import allow, limited, me, officer
from consult.web.policy import office as secretariat
from consult.web.serving import send_made
from consult.wording import LANGUAGES, kinds
from consult.wording.faults import fault

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAKE: Mapping[str, tuple[Callable[[RoundView], bytes], str]] = {
    "pdf": (round_pdf, "application/pdf"),
    "docx": (round_docx, _WORD),
    "csv": (round_csv, "text/csv; charset=utf-8"),
}


@pages.get("/office/<slug>/comments")
@allow(secretariat)
def table(slug: str) -> ResponseReturnValue:
    """Show the table; before the post is stated, that it opens later (T33)."""
    return _show(slug)


@pages.post("/office/<slug>/comments/<remark>")
@allow(officer)
def dispose(slug: str, remark: str) -> ResponseReturnValue:
    """Say what becomes of one comment."""
    g.page = ("comments.table", {"slug": slug})
    head, view = _load(slug)
    if view is None:
        raise NotFound(slug=slug)
    code = request.form.get("disposed", "")
    reasons = {
        tongue: request.form.get(f"reasons-{tongue}", "").replace("\r\n", "\n").replace("\r", "\n")
        for tongue in head.languages
    }
    if any("\0" in text for text in reasons.values()):
        raise BadRequest
    if code not in set(Disposed):
        missing = BadInput({"disposed": "disposition-missing"})
        return _show(slug, remark, (code, reasons), missing), 422
    try:
        disposing.dispose(desk(), slug, me().actor, remark, Disposed(code), reasons)
    except BadInput as refused:
        return _show(slug, remark, (code, reasons), refused), 422
    flash(_("What becomes of the comment is kept."), "ok")
    return redirect(url_for("comments.table", slug=slug, _anchor=f"r-{remark}"), 303)


@pages.get("/office/<slug>/comments.pdf", endpoint="pdf", defaults={"form": "pdf"})
@pages.get("/office/<slug>/comments.docx", endpoint="docx", defaults={"form": "docx"})
@pages.get("/office/<slug>/comments.csv", endpoint="csv", defaults={"form": "csv"})
@allow(secretariat)
@limited(EXPORTS)
def file(slug: str, form: str) -> ResponseReturnValue:
    """Send the table as it stands, as a file."""
    _head, view = _load(slug)
    if view is None:
        raise NotFound(slug=slug)
    make, kind = _MAKE[form]
    return send_made(make(view), f"{slug}-comments.{form}", kind, public=False)


@pages.get("/office/<slug>/taken-up")
@allow(secretariat)
def taken_up(slug: str) -> ResponseReturnValue:
    """Show by paragraph what the revision takes up of the comments on the text before it."""
    found = queries.earlier(desk().engine, slug)
    if found is None:
        raise NotFound(slug=slug)
    record, items = found
    head = head_of(desk().engine, slug, desk().clock(), language())
    return render_template(
        "comments/taken-up.html",
        before=record["consultation"],
        revised=revised(record, items, language()),
        **around(head, "overview"),
    )


def _load(slug: str) -> tuple[Head, RoundView | None]:
    head, record = queries.table(desk().engine, slug, desk().clock(), language())
    return head, round_view(record, language()) if record is not None else None


def _show(
    slug: str,
    remark: str = "",
    typed: tuple[str, dict[str, str]] = ("", {}),
    refused: BadInput | None = None,
) -> str:
    head, view = _load(slug)
    faults = refused.faults if refused else {}
    said = {name: fault(code) for name, code in faults.items()}
    writes = head.state is State.COUNTED and Role.OFFICER in me().roles
    return render_template(
        "comments/table.html",
        table=view,
        writes=writes,
        dispositions=[(one.value, kinds.disposed(one)) for one in Disposed],
        tongues=[(code, LANGUAGES.get(code, code)) for code in head.languages],
        at=remark,
        typed=typed,
        said=said,
        faults=[(f"#{name}-{remark}", words) for name, words in said.items()],
        faults_heading=_("It is not kept: look at what is marked"),
        **around(head, "comments"),
    )
