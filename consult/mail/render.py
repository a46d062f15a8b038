"""A queued notice becomes a mail: from its frozen data alone, in its reader's language."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_mail import Attachment

from consult.core.schedule import NoticeKind
from consult.core.tokens import link_token
from consult.mail import (
    access,
    beside,
    calendar,
    changing,
    clarifying,
    contested,
    inviting,
    objecting,
    observed,
    office,
    plain,
    readmitted,
    revising,
    telling,
)
from consult.mail.facts import Facts
from consult.mail.message import MailContent, message_id
from consult.mail.said import Said
from consult.queries.outgoing import Outgoing
from consult.wording import RTL
from consult.wording.catalogues import locale_of

_SAYS: Mapping[NoticeKind, Callable[[Facts], Said]] = {
    NoticeKind.INVITATION: inviting.invitation,
    NoticeKind.ACKNOWLEDGEMENT: telling.acknowledgement,
    NoticeKind.REMINDER: inviting.reminder,
    NoticeKind.OBJECTION: objecting.objection,
    NoticeKind.REQUEST: office.request,
    NoticeKind.CLOSING: office.closing,
    NoticeKind.RESULT: telling.result,
    NoticeKind.ERRATUM: beside.erratum,
    NoticeKind.REFERRAL: beside.referral,
    NoticeKind.MANDATE: access.mandate,
    NoticeKind.EXTENSION: changing.extension,
    NoticeKind.WITHDRAWAL: changing.withdrawal,
    NoticeKind.CONTEST: contested.contest,
    NoticeKind.RULING: contested.ruling,
    NoticeKind.READMITTED: readmitted.readmitted,
    NoticeKind.CORRIGENDUM: revising.corrigendum,
    NoticeKind.ADDENDUM: revising.addendum,
    NoticeKind.VIEWS: inviting.views,
    NoticeKind.OBSERVED: observed.observed,
    NoticeKind.CLARIFICATION: clarifying.clarification,
    NoticeKind.ACCOUNT: access.account,
    NoticeKind.SIGN_IN: access.sign_in,
    NoticeKind.ADDRESS: access.address,
    NoticeKind.FACTORS: access.factors,
    NoticeKind.KEY_CHANGE: office.key_change,
}
# Purpose of the single-use link, and the page that it opens.
_LINKS: Mapping[NoticeKind, tuple[str, tuple[str, ...]]] = {
    NoticeKind.ACCOUNT: ("invitation", ("invitations",)),
    NoticeKind.SIGN_IN: ("sign-in", ("sign-in", "link")),
    NoticeKind.ADDRESS: ("address", ("address",)),
}
_DATED = frozenset({NoticeKind.INVITATION, NoticeKind.EXTENSION})  # enclose the deadline
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True)
class Site:
    """What all mails of this service share.

    Args:
        origin: The public address; never taken from a request (T90).
        sender: The address from which mail comes.
        secret: From which single-use links are derived.
    """

    origin: str
    sender: str
    secret: bytes


def render(notice: Outgoing, site: Site, letter: bytes | None) -> MailContent:
    """Return what the mail of *notice* says and encloses; the same notice, the same bytes.

    Args:
        letter: The letter as a PDF, for an invitation.
    """
    facts = Facts(
        data=notice.data,
        language=notice.language,
        member=notice.member,
        origin=site.origin,
        link=_link(notice, site),
        enclosed=letter is not None,
    )
    ledger = _ledger_line(notice)
    with force_locale(locale_of(notice.language)):
        said = _SAYS[notice.kind](facts)
        return MailContent(
            subject=_subject(said, facts),
            text=_text(said, facts, ledger),
            html=_html(said, facts, ledger),
            attachments=tuple(_attachments(notice, facts, letter, site)),
            headers=_headers(notice, site),
        )


def preview(
    kind: NoticeKind, data: Mapping[str, Any], language: str, member: str | None, origin: str
) -> MailContent:
    """Return what a mail would say: for the pages where a letter is drafted, without a row.

    Args:
        data: As a notice of that kind freezes it.
    """
    facts = Facts(
        data=data,
        language=language,
        member=member,
        origin=origin,
        enclosed=kind is NoticeKind.INVITATION,
    )
    with force_locale(locale_of(language)):
        said = _SAYS[kind](facts)
        return MailContent(_subject(said, facts), _text(said, facts, ""), _html(said, facts, ""))


def sender(notice: Outgoing, site: Site) -> tuple[str, str]:
    """Return name and address from which *notice* comes."""
    facts = Facts(notice.data, notice.language, notice.member, site.origin)
    return facts.organisation or "Consult", site.sender


def encloses_letter(notice: Outgoing) -> bool:
    return notice.kind is NoticeKind.INVITATION


def _subject(said: Said, facts: Facts) -> str:
    """Return the subject; that of a rehearsal says so first."""
    if facts.data.get("rehearsal"):
        return str(_("Rehearsal: %(subject)s", subject=said.subject))
    return said.subject


def _link(notice: Outgoing, site: Site) -> str:
    if notice.kind not in _LINKS or notice.nonce is None:
        return ""
    purpose, page = _LINKS[notice.kind]
    token = link_token(site.secret, purpose, notice.nonce)
    return "/".join([site.origin, notice.language, *page, token])


def _ledger_line(notice: Outgoing) -> str:
    """Make every mailbox a witness of the ledger as it stood (T50); the same in each language."""
    if notice.head is None:
        return ""
    return f"Ledger {notice.data['reference']} #{notice.number} {notice.head[:32]}"


def _headers(notice: Outgoing, site: Site) -> dict[str, str]:
    headers = {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": notice.language,
    }
    if notice.invitation:
        headers["References"] = message_id(notice.invitation, site.sender)
    if notice.head is not None:
        headers["Consult-Ledger"] = (
            f"{notice.data['ledger']}; number={notice.number}; head={notice.head}"
        )
    return headers


def _masthead(facts: Facts) -> list[str]:
    return [name for name in (facts.organisation, facts.body) if name]


def _text(said: Said, facts: Facts, ledger: str) -> str:
    return plain.mail(said, _masthead(facts), ledger)


def _html(said: Said, facts: Facts, ledger: str) -> str:
    rtl = facts.language in RTL
    # Not `render_template`: what it adds to every page knows of a request and a visitor.
    return current_app.jinja_env.get_template("mail/mail.html").render(
        said=said,
        masthead=_masthead(facts),
        ledger=ledger,
        language=facts.language,
        dir="rtl" if rtl else "ltr",
        start="right" if rtl else "left",
        or_type=_("Or type:"),
    )


def _attachments(
    notice: Outgoing, facts: Facts, letter: bytes | None, site: Site
) -> list[Attachment]:
    enclosed = []
    if letter is not None:
        name = _filename(facts.reference, notice.language, "pdf")
        enclosed.append(Attachment(name, "application/pdf", letter))
    if notice.kind in _DATED and notice.member and facts.closes_at is not None:
        enclosed.append(
            Attachment(
                _filename(facts.reference, facts.member or "", "ics"),
                calendar.CONTENT_TYPE,
                calendar.deadline(facts, notice.queued_at, site.sender),
            )
        )
    if notice.receipt is not None:
        version = f"{notice.member}-{notice.data['version']}"
        name = _filename(facts.reference, f"receipt-{version}", "json")
        enclosed.append(Attachment(name, "application/json", notice.receipt.encode()))
    return enclosed


def _filename(reference: str, what: str, kind: str) -> str:
    return f"{_UNSAFE.sub('-', f'{reference}-{what}')}.{kind}"
