"""A reply as the form that is annexed to a letter: to be initialled, or filled in by hand."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from consult.core.comparison import Choice
from consult.core.entries import GENERAL
from consult.core.life import CommentPolicy
from consult.core.rule import Rule
from consult.documents.items import ItemView, Texts, parts_of
from consult.documents.record_facts import Fact
from consult.queries.texts import pick
from consult.wording import instants, kinds, paragraphs
from consult.wording.catalogues import locale_of
from consult.wording.specimens import invented


@dataclass(frozen=True, slots=True)
class Asked:
    """The letter that the form answers.

    Args:
        content: As `queries.content.content_of` gives it.
        rule_of: Of an item's number, the rule that decides it.
        names: Of each member on the roll its names.
    """

    content: Mapping[str, Any]
    rule_of: Callable[[str], Rule]
    body: Mapping[str, Any]
    organisation: Mapping[str, Any]
    closes_at: datetime
    revision: int
    names: Mapping[str, Texts]


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in the form: nothing in an empty one.

    Args:
        member: Names of the member; none where it is to be written by hand.
        version: Of the reply; 0 for a draft that is not sent.
        by: Who saved or sent it; None if it was recorded on behalf.
    """

    member: Texts | None = None
    choices: Mapping[str, Choice | None] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A box to tick."""

    words: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One item with its boxes.

    Args:
        asked: What is to be written beside it; empty if nothing is.
    """

    number: str
    title: str
    details: tuple[str, ...]
    options: tuple[Option, ...]
    asked: str
    comment: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FormView:
    """The form in one language.

    Args:
        stands: Whether it is a draft, a version of the reply, or empty.
        general: The comment on the whole; *general_asked* if the letter asks for any.
        signing: What is to be written by hand at its end.
        returned: How it gets to the secretariat.
        day: That the file bears, ISO text.
    """

    language: str
    organisation: str
    title: str
    reference: str
    stands: str
    empty: bool
    facts: tuple[Fact, ...]
    groups: tuple[Group, ...]
    general_asked: str
    general: str
    signing: tuple[str, ...]
    initials: str
    returned: str
    illustrative: str
    day: str


def form_view(asked: Asked, given: Given, language: str) -> FormView:
    """Return the form in *language*."""
    with force_locale(locale_of(language)):
        return _Maker(asked, given, language).view()


class _Maker:
    """Puts the letter and what was said into the form."""

    def __init__(self, asked: Asked, given: Given, language: str) -> None:
        self._asked, self._given, self._language = asked, given, language
        body = asked.body
        self._place = instants.Place(body["zone"], self._pick(body["seat"]))
        self._empty = given.version is None

    def view(self) -> FormView:
        asked = self._asked
        policy = CommentPolicy(asked.content["comments"])
        return FormView(
            language=self._language,
            organisation=self._pick(asked.organisation["name"]),
            title=_("Form of reply"),
            reference=self._reference(),
            stands=self._stands(),
            empty=self._empty,
            facts=tuple(self._facts()),
            groups=tuple(self._groups()),
            general_asked="" if policy is CommentPolicy.NONE else _("Comment on the whole"),
            general=self._comment(GENERAL),
            signing=(
                _("Name and function"),
                _("Place and date"),
                _("Signature, and stamp of the mission"),
            ),
            initials=_("Initials"),
            returned=self._returned(),
            illustrative=invented(asked.content.get("illustrative")),
            day=asked.closes_at.astimezone(UTC).date().isoformat(),
        )

    def _pick(self, texts: Texts | None) -> str:
        return pick(texts, self._language, (self._asked.content["languages"] or ["en"])[0])

    def _reference(self) -> str:
        reference = str(self._asked.content["reference"])
        if not self._asked.revision:
            return reference
        return f"{reference} {_('Rev.%(number)s', number=self._asked.revision)}"

    def _stands(self) -> str:
        given = self._given
        if given.version is None or given.at is None:
            return ""
        said = {"instant": instants.long(given.at, self._place), "person": given.by or ""}
        if not given.version:
            return str(
                _("Draft, saved by %(person)s on %(instant)s. It has not been sent.", **said)
            )
        said["version"] = str(given.version)
        if given.by is None:
            return str(
                _("Version %(version)s of the reply, recorded on behalf: %(instant)s.", **said)
            )
        return str(
            _("Version %(version)s of the reply, sent by %(person)s on %(instant)s.", **said)
        )

    def _facts(self) -> Iterator[Fact]:
        asked = self._asked
        yield Fact(_("Ref."), self._reference())
        yield Fact(_("Subject"), self._pick(asked.content["subject"]))
        yield Fact(_("Body"), self._pick(asked.body["name"]))
        yield Fact(_("Member State"), self._pick(self._given.member))
        yield Fact(_("Must be received before"), instants.full(asked.closes_at, self._place))

    def _groups(self) -> Iterator[Group]:
        policies = {
            item["id"]: CommentPolicy(item["comments"] or self._asked.content["comments"])
            for item in self._asked.content["items"]
        }
        for part in parts_of(self._asked.content, self._language, self._asked.names):
            lines = tuple(self._line(item, policies[item.code]) for item in part.items)
            yield Group(part.title, lines)

    def _line(self, item: ItemView, policy: CommentPolicy) -> Line:
        rule, chosen = self._asked.rule_of(item.code), self._given.choices.get(item.code)
        return Line(
            number=item.code,
            title=item.title,
            details=item.details,
            options=tuple(
                Option(kinds.choice(one, rule.names, self._language), one is chosen)
                for one in rule.choices
            ),
            asked=_comment_asked(policy),
            comment=self._comment(item.code),
        )

    def _comment(self, place: str) -> str:
        return paragraphs.said(self._given.comments.get(place, ""))

    def _returned(self) -> str:
        address = self._asked.organisation.get("address") or ""
        if self._given.version:
            return ""
        if not address:
            return str(
                _(
                    "On paper it counts if the secretariat receives it, signed, before that"
                    " instant; two officers record it."
                )
            )
        return str(
            _(
                "On paper it counts if the secretariat (%(address)s) receives it, signed, before"
                " that instant; two officers record it.",
                address=address,
            )
        )


def _comment_asked(policy: CommentPolicy) -> str:
    match policy:
        case CommentPolicy.NONE:
            return ""
        case CommentPolicy.OPTIONAL:
            return str(_("Comment (optional)"))
        case CommentPolicy.REQUIRED_TO_OBJECT:
            return str(_("Reasons (required if you object)"))
        case CommentPolicy.REQUIRED:
            return str(_("Comment (required)"))
