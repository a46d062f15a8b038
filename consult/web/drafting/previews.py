"""What focal points will get: the letter, the reply form and each mail, in each language."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from consult.core.life import Kind
from consult.core.rule import parse
from consult.core.schedule import NoticeKind
from consult.documents.letter import LetterView, letter_view
from consult.mail.render import preview as mail_preview
from consult.queries.drafting import Draft, Roll, roll_for
from consult.queries.texts import pick
from consult.web.drafting.notices import PREVIEWED
from consult.web.drafting.page import NOTICES, around, editing, load, pages, place_of, steps
from consult.web.drafting.rules import need_on, own_of
from consult.web.drafting.samples import INVENTED, addressed, answered, sample
from consult.web.frame import desk
from consult.web.policy import allow, officer
from consult.web.reply.form import Held, form_of, kept
from consult.wording.catalogues import locale_of

LETTER, REPLY = "letter", "reply"
_MAILS = {kind.value: kind for kind in PREVIEWED}


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it can be looked at.

    Args:
        invented: Whether it shows positions or outcomes, which nobody knows yet.
    """

    subject: str
    text: str
    invented: bool


@pages.get("/office/<slug>/draft/preview/<kind>")
@allow(officer)
def preview(slug: str, kind: str) -> ResponseReturnValue:
    """Show one of them as a focal point will get it, in the language of the address."""
    if kind not in {LETTER, REPLY, *_MAILS}:
        raise NotFound
    draft = load(slug)
    roll = roll_for(desk().engine, draft, desk().clock(), editing(draft))
    return render_template(
        "drafting/preview.html",
        kind=kind,
        letter=letter_of(draft, roll) if kind == LETTER else None,
        reply=reply_of(draft, roll) if kind == REPLY else None,
        mail=mail_of(_MAILS[kind], draft, roll) if kind in _MAILS else None,
        links=_links(draft),
        steps=steps(draft, NOTICES),
        **around(draft),
    )


def mail_of(kind: NoticeKind, draft: Draft, roll: Roll) -> Mail | None:
    """Return the mail; None while there is no rule, deadline, item or member for it."""
    content, member = draft.content, addressed(roll)
    need = need_on(parse(content["rule"]), roll) if content["rule"] else None
    if need is None or member is None or not content["closes_at"] or not content["items"]:
        return None
    tongue = editing(draft)
    data = sample(kind, draft, roll, need, desk().clock(), tongue)
    origin: str = current_app.extensions["consult_settings"].public_url
    made = mail_preview(kind, data, tongue, member.code, origin)
    return Mail(made.subject, made.text, kind in INVENTED)


def letter_of(draft: Draft, roll: Roll) -> LetterView | None:
    """Return the letter in the language that is looked at; None while there is no rule for it."""
    content = draft.content
    rule = parse(content["rule"]) if content["rule"] else None
    need = need_on(rule, roll) if rule else None
    if need is None and content["kind"] != Kind.COMMENTS.value:
        return None
    closes_at = content["closes_at"]
    return letter_view(
        content=content,
        rule=rule,
        need=need,
        body=draft.body.as_letter(),
        organisation=draft.organisation,
        language=editing(draft),
        closes_at=datetime.fromisoformat(closes_at) if closes_at else None,
        own=own_of(draft, roll),
        names={seat.code: seat.name for seat in roll.seats},
    )


def reply_of(draft: Draft, roll: Roll) -> str | None:
    """Return the reply form in the language that is looked at; None while there is none."""
    page, tongue = answered(draft, roll, desk().clock()), editing(draft)
    if page is None:
        return None
    with force_locale(locale_of(tongue)):
        return Markup(  # noqa: S704 - it is made by our own template, which escapes  # nosec B704
            render_template(
                "drafting/reply.html",
                form=form_of(page, Held(kept(page)), tongue, None),
                content=draft.content,
                member=pick(page.member_name, tongue),
                place=place_of(draft),
            )
        )


def _links(draft: Draft) -> dict[str, str]:
    return {
        document.sha256: url_for("drafting.document_file", slug=draft.slug, document=document.id)
        for document in draft.documents
        if document.sha256
    }
