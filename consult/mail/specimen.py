"""Each mail as a focal point will get it, from a draft: nothing is queued, nothing is sent."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from consult.core.ledger import hash_of
from consult.core.life import Act
from consult.core.need import Need
from consult.core.rule import parse
from consult.core.schedule import DEFAULT_REMINDERS, NoticeKind
from consult.core.tally import Outcome
from consult.mail.message import MailContent
from consult.mail.render import preview
from consult.queries.texts import pick
from consult.wording.catalogues import locale_of


@dataclass(frozen=True, slots=True)
class Sample:
    """A draft, and the member as whose mail it is looked at.

    Args:
        content: As `queries.content.content_of` gives it, with a rule.
        body: ``name``, ``seat`` and ``zone``.
        organisation: ``name``, ``address`` and ``telephone``.
        need: What the rule takes on the present roll.
        member: Its code.
        member_name: Its name in each language.
        zone, capital: Of its capital, where they are known.
    """

    slug: str
    content: Mapping[str, Any]
    body: Mapping[str, Any]
    organisation: Mapping[str, Any]
    need: Need
    member: str
    member_name: Mapping[str, str]
    zone: str | None = None
    capital: Mapping[str, str] | None = None


def specimen(kind: NoticeKind, sample: Sample, language: str, origin: str) -> MailContent:
    """Return the mail of *kind*; what only time will tell is invented, and the mail says so."""
    with force_locale(locale_of(language)):
        own = _of_kind(kind, sample, language)
    data = {**_of_draft(sample), **own}
    staff = kind in (NoticeKind.REQUEST, NoticeKind.CLOSING)
    return preview(kind, data, language, None if staff else sample.member, origin)


def _of_draft(sample: Sample) -> dict[str, Any]:
    content = sample.content
    return {
        "reference": content["reference"],
        "slug": sample.slug,
        "subject": content["subject"],
        "closes_at": content["closes_at"],
        "languages": content["languages"],
        "illustrative": bool(content["illustrative"]),
        "body": sample.body,
        "organisation": sample.organisation,
        "items": len(content["items"]),
        "own_rules": sum(bool(item["rule"]) for item in content["items"]),
        "rule": content["rule"],
        "need": asdict(sample.need),
        "member_name": sample.member_name,
        "zone": sample.zone,
        "capital": sample.capital,
        "entitled": True,
        "colleagues": 1,
    }


def _of_kind(kind: NoticeKind, sample: Sample, language: str) -> dict[str, Any]:
    content = sample.content
    if kind is NoticeKind.REMINDER:
        return {"left": max(content["reminders"] or DEFAULT_REMINDERS), "step": 1}
    if kind is NoticeKind.ACKNOWLEDGEMENT:
        return {
            "illustrative": True,
            "version": 1,
            "received_at": content["closes_at"],
            "channel": "web",
            "by": _("(Name)"),
            "positions": [
                [item["id"], pick(item["title"], language), _first_choice(content, item)]
                for item in content["items"]
            ],
        }
    if kind is NoticeKind.RESULT:
        return {
            "illustrative": True,
            "number": _("(number)"),
            "sha256": hash_of({}),
            "outcomes": [
                [item["id"], pick(item["title"], language), item["kind"], Outcome.ADOPTED.value]
                for item in content["items"]
            ],
        }
    if kind is NoticeKind.REQUEST:
        return {"act": Act.OPEN.value, "request": 1}
    return {}


def _first_choice(content: Mapping[str, Any], item: Mapping[str, Any]) -> str:
    return parse(item["rule"] or content["rule"]).choices[0].value
