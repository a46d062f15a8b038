"""The form of reply for paper: as the member's draft or reply stands, or empty."""

from collections.abc import Callable

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.answer import Words
from consult.core.life import BEFORE, CommentKind
from consult.core.rule import Rule
from consult.documents.reply_form import Asked, FormView, Given, form_view
from consult.documents.reply_form_docx import form_docx
from consult.documents.reply_form_pdf import form_pdf
from consult.errors import NotFound
from consult.queries import reply as queries
from consult.queries.consultation import head_of
from consult.queries.enclosing import LetterSource, letter_source
from consult.queries.reply import Page
from consult.web.frame import desk, language
from consult.web.policy import allow, focal_point, office
from consult.web.serving import send_made
from consult.wording import kinds

pages = Blueprint("paper", __name__, url_prefix="/<lang:lang>")

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAKE: dict[str, tuple[Callable[[FormView], bytes], str]] = {
    "pdf": (form_pdf, "application/pdf"),
    "docx": (form_docx, _WORD),
}


@pages.get("/c/<slug>/<member>/form.pdf", endpoint="pdf", defaults={"form": "pdf"})
@pages.get("/c/<slug>/<member>/form.docx", endpoint="docx", defaults={"form": "docx"})
@allow(focal_point)
def of_member(slug: str, member: str, form: str) -> ResponseReturnValue:
    """Send the form with the draft, else the newest version; with ``blank=1`` an empty one."""
    page = queries.page(desk().engine, slug, member, desk().clock(), language())
    blank = request.args.get("blank") == "1"
    given = Given(member=page.member_name) if blank else _given(page)
    asked = Asked(
        content=page.content,
        rule_of=page.rule_of,
        body=page.body,
        organisation=page.organisation,
        closes_at=page.closes_at,
        revision=page.revision,
        names=page.names,
    )
    name = f"{slug}-{member}-form-empty" if given.version is None else f"{slug}-{member}-form"
    return _sent(asked, given, form, name)


@pages.get("/office/<slug>/form.pdf", endpoint="empty_pdf", defaults={"form": "pdf"})
@pages.get("/office/<slug>/form.docx", endpoint="empty_docx", defaults={"form": "docx"})
@allow(office)
def empty(slug: str, form: str) -> ResponseReturnValue:
    """Send the form to be sent out on paper: it says nothing of any reply."""
    head = head_of(desk().engine, slug, desk().clock(), language())
    if head.state in BEFORE or head.closes_at is None:
        raise NotFound(slug=slug)
    source = letter_source(desk().engine, head.id)
    asked = Asked(
        content=source.content,
        rule_of=_rule_of(source),
        body=source.body,
        organisation=source.organisation,
        closes_at=head.closes_at,
        revision=source.revision,
        names=source.names,
    )
    return _sent(asked, Given(), form, f"{slug}-form-empty")


def _given(page: Page) -> Given:
    """Return what the member has said so far; nothing if it has said nothing."""
    said = page.draft or page.newest
    if said is None:
        return Given(member=page.member_name)
    return Given(
        member=page.member_name,
        choices=said.choices,
        comments={place: _worded(words) for place, words in said.comments.items()},
        version=0 if page.draft is not None else page.versions,
        by=said.by,
        at=said.at,
    )


def _worded(words: Words) -> str:
    """Return a comment, with what it is unless it is a plain one."""
    if words.kind is CommentKind.COMMENT:
        return words.text
    return str(_("%(kind)s: %(words)s", kind=kinds.comment_kind(words.kind), words=words.text))


def _rule_of(source: LetterSource) -> Callable[[str], Rule]:
    def rule_of(item: str) -> Rule:
        own = source.own.get(item)
        rule = own[0] if own else source.rule
        if rule is None:
            raise NotFound  # a comment round has no form of positions
        return rule

    return rule_of


def _sent(asked: Asked, given: Given, form: str, name: str) -> ResponseReturnValue:
    make, media_type = _MAKE[form]
    view = form_view(asked, given, language())
    return send_made(make(view), f"{name}-{view.language}.{form}", media_type)
