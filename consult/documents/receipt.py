"""What a member keeps of one version of its reply: the value that page and PDF print."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from consult.core.comparison import Choice
from consult.core.entries import GENERAL
from consult.core.instant import read_instant
from consult.core.ledger import sha256_hex
from consult.core.life import Channel, CommentKind
from consult.documents.items import Texts, item_view
from consult.documents.printing import pdf
from consult.documents.record_facts import Fact, grouped
from consult.queries.texts import pick
from consult.wording import LANGUAGES, RTL, instants, kinds, paragraphs
from consult.wording.catalogues import locale_of


@dataclass(frozen=True, slots=True)
class Answered:
    """What a receipt does not hold itself, but a person wants to read beside it.

    Args:
        content: As `queries.content.content_of` gives it.
        member: Names of the member.
        sent_by: Who sent it, in words; empty if that is not to be said.
        names: Of each member on the roll its names.
        unopposed: The items on which saying nothing is to have no objection.
    """

    content: Mapping[str, Any]
    rule_names: Mapping[str, Mapping[str, str]]
    body: Mapping[str, Any]
    organisation: Mapping[str, Any]
    member: Texts
    closes_at: datetime
    sent_by: str = ""
    names: Mapping[str, Texts] | None = None
    unopposed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """One item with its position and the words sent with it, said to be of that kind.

    Args:
        unclear: What the paper says on it unclearly, and what the member was asked.
    """

    number: str
    title: str
    mark: str
    words: str
    comment: str
    kind: str
    unclear: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt in one language.

    Args:
        name: What people call it: reference, member, version.
        banner: That it was received, when to the second, and whether in time.
        general: The comment on the whole; what it is, unless it is a plain comment.
        note: SHA-256 of the PDF that went with it; empty without one.
        fingerprint: SHA-256 of the receipt's file in groups of four digits.
        line: Number and head of the ledger after its entry.
        day: On which it was received, ISO text.
    """

    language: str
    name: str
    title: str
    organisation: str
    late: bool
    banner: str
    facts: tuple[Fact, ...]
    answers: tuple[Answer, ...]
    general: str
    general_kind: str
    note: str
    fingerprint: str
    line: str
    day: str


def receipt_view(raw: str, answered: Answered, language: str) -> ReceiptView:
    """Return the receipt whose stored file is *raw*, in *language*."""
    with force_locale(locale_of(language)):
        return _Reader(json.loads(raw), answered, language, sha256_hex(raw.encode())).view()


def receipt_pdf(view: ReceiptView) -> bytes:
    """Return *view* as PDF; the same view gives the same bytes."""
    with force_locale(locale_of(view.language)):
        words = {
            "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
            "unarchived": _(
                "This file has no archival mark (PDF/A): one of its characters is missing from "
                "the service's fonts."
            ),
            "head": [_("Item"), _("Subject"), _("Position")],
            "general_words": _("Comment on the whole"),
            "fingerprint_words": _("Fingerprint of the receipt's file (SHA-256)"),
            "line_words": _("Ledger"),
        }
    return pdf("receipt", asdict(view) | words | {"rtl": view.language in RTL})


class _Reader:
    """Puts one receipt in words."""

    def __init__(
        self, receipt: Mapping[str, Any], answered: Answered, language: str, sha256: str
    ) -> None:
        self._receipt, self._answered = receipt, answered
        self._language, self._sha256 = language, sha256
        self._facts = receipt["entry"]["facts"]
        self._at = read_instant(receipt["received_at"], "received_at")
        self._place = instants.Place(answered.body["zone"], self._pick(answered.body["seat"]))
        self._late = self._at >= answered.closes_at

    def view(self) -> ReceiptView:
        receipt, answered = self._receipt, self._answered
        name = f"{receipt['consultation']['reference']}-{receipt['member']}-{receipt['version']}"
        return ReceiptView(
            language=self._language,
            name=name,
            title=self._title(name),
            organisation=self._pick(answered.organisation["name"]),
            late=self._late,
            banner=self._banner(),
            facts=tuple(self._told()),
            answers=tuple(self._answers()),
            general=self._comment(GENERAL),
            general_kind=self._kind(GENERAL) if GENERAL in self._facts.get("kinds", {}) else "",
            note=self._facts.get("note", ""),
            fingerprint=grouped(self._sha256),
            line=f"Ledger {receipt['consultation']['reference']} "
            f"#{receipt['number']} {receipt['head'][:32]}",
            day=receipt["received_at"][:10],
        )

    def _title(self, name: str) -> str:
        if self._receipt["consultation"].get("rehearsal"):
            return str(_("Rehearsal: receipt %(name)s, which counts for nothing", name=name))
        return str(_("Receipt %(name)s", name=name))

    def _pick(self, texts: Texts | None) -> str:
        return pick(texts, self._language, (self._answered.content["languages"] or ["en"])[0])

    def _banner(self) -> str:
        said = {"instant": instants.exact(self._at, self._place)}
        if self._late:
            return str(
                _(
                    "Received on %(instant)s, after the deadline. It is registered as late and is "
                    "not counted.",
                    **said,
                )
            )
        return str(_("Received on %(instant)s, before the deadline. It will be counted.", **said))

    def _told(self) -> Iterator[Fact]:
        answered, receipt = self._answered, self._receipt
        yield Fact(_("Member State"), self._pick(answered.member))
        yield Fact(_("Subject"), self._pick(answered.content["subject"]))
        yield Fact(_("Received"), instants.exact(self._at, self._place))
        yield Fact(_("Deadline"), instants.exact(answered.closes_at, self._place))
        yield Fact(_("Answered"), self._what())
        channel = Channel(self._facts["channel"])
        if channel is not Channel.WEB:
            yield Fact(_("How it came"), kinds.channel(channel))
        if answered.sent_by:
            yield Fact(_("Sent by"), answered.sent_by)
        yield Fact(_("Version"), str(receipt["version"]))
        yield Fact(_("Positions"), self._sum())
        if note := self._facts.get("note"):
            yield Fact(_("Note with the reply (SHA-256)"), grouped(note))

    def _what(self) -> str:
        said = self._receipt["answered"]
        spoken = LANGUAGES.get(said["language"], said["language"])
        reference = self._receipt["consultation"]["reference"]
        if not said["revision"]:
            return str(
                _(
                    "Letter %(reference)s, no revision, shown in: %(language)s",
                    reference=reference,
                    language=spoken,
                )
            )
        return str(
            _(
                "Letter %(reference)s Rev.%(revision)s, shown in: %(language)s",
                reference=reference,
                revision=said["revision"],
                language=spoken,
            )
        )

    def _sum(self) -> str:
        choices = list(self._receipt["choices"].values())
        if self._answered.unopposed and not any(map(self._is_gap, self._receipt["choices"])):
            return self._objections(choices.count(Choice.OBJECT))
        said = [
            _(
                "%(approve)s approve, %(object)s object, %(abstain)s abstain",
                approve=choices.count(Choice.APPROVE),
                object=choices.count(Choice.OBJECT),
                abstain=choices.count(Choice.ABSTAIN),
            )
        ]
        if blank := choices.count(None):
            said.append(ngettext("none on %(num)d item", "none on %(num)d items", blank))
        return kinds.listed(said)

    def _objections(self, number: int) -> str:
        if not number:
            return str(_("No objection"))
        said: str = ngettext("Objection to %(num)d item", "Objections to %(num)d items", number)
        return said

    def _is_gap(self, item: str) -> bool:
        """Say whether a position is missing: not where one may but object."""
        said = self._receipt["choices"][item]
        return said != Choice.OBJECT and item not in self._answered.unopposed

    def _answers(self) -> Iterator[Answer]:
        for item in self._answered.content["items"]:
            if item["id"] not in self._receipt["choices"]:
                continue
            said = self._receipt["choices"][item["id"]]
            choice = Choice(said) if said else None
            yield Answer(
                number=item["id"],
                title=item_view(item, self._language, self._answered.names or {}).title,
                mark=kinds.mark(choice),
                words=str(_("No objection"))
                if choice is None and item["id"] in self._answered.unopposed
                else kinds.choice(choice, self._answered.rule_names, self._language),
                comment=self._comment(item["id"]),
                kind=self._kind(item["id"]),
                unclear=tuple(self._unclear(item["id"])),
            )

    def _kind(self, place: str) -> str:
        return kinds.comment_kind(CommentKind(self._facts.get("kinds", {}).get(place, "comment")))

    def _unclear(self, item: str) -> Iterator[Fact]:
        if one := self._facts.get("unclear", {}).get(item):
            yield Fact(_("As written:"), self._text(one["words"]))
            yield Fact(_("Question of the secretariat:"), self._text(one["question"]))

    def _comment(self, place: str) -> str:
        return self._text(self._facts["comments"].get(place))

    def _text(self, commitment: str | None) -> str:
        for text in self._receipt["texts"]:
            if text["commitment"] == commitment:
                return paragraphs.said(text["text"])
        return ""
