"""The reply form as the template prints it: items with their controls, words, faults, conflicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from consult.core.answer import GENERAL, Draft, Unclear
from consult.core.comparison import Choice
from consult.core.life import CommentKind, CommentPolicy
from consult.core.paragraphs import split
from consult.documents.items import ItemView, parts_of
from consult.queries.answering import FormItem, objections_only, standing
from consult.queries.reply import Page
from consult.queries.said import Said
from consult.web.reply.printed import Form, Line, Option, Part, Position
from consult.web.reply.revised import revised
from consult.web.reply.typed import NOTE, Fault, choices
from consult.wording import kinds

_SLATE = 4  # items from which on "set all that are blank" is offered


@dataclass(frozen=True, slots=True)
class Held:
    """What a form is filled with, and what is wrong with it.

    Args:
        seen: The hash of the draft that its reader has seen; None for that which stands now.
        since: The revision of the letter that its reader has seen; None for what was said last.
        unclear: What an officer puts to the member; None on a member's own form.
    """

    draft: Draft
    faults: Sequence[Fault] = ()
    other: Said | None = None
    differing: frozenset[str] = field(default_factory=frozenset)
    seen: str | None = None
    since: int | None = None
    unclear: Mapping[str, Unclear] | None = None


def kept(page: Page) -> Draft:
    """Return what the form is filled with at first: the draft, else the newest version."""
    said = page.draft or page.newest
    asked = {item.code for item in page.items if page.asks(item)}
    return Draft(
        member=page.member,
        choices={
            item.code: said.choices.get(item.code) if said and item.code in asked else None
            for item in page.items
        },
        comments={
            place: words
            for place, words in (said.comments if said else {}).items()
            if place in asked or place == GENERAL
        },
        base=page.versions,
        note=said.note if said and page.note_asked else None,
    )


def differing(page: Page, draft: Draft, other: Said) -> frozenset[str]:
    """Return the places where *other* says something else than *draft*."""
    places = [*(item.code for item in standing(page.items)), GENERAL]
    found = {
        place
        for place in places
        if draft.choices.get(place) != other.choices.get(place)
        or _text(draft, place) != _text(other, place)
        or _kind(draft, place) is not _kind(other, place)
    }
    return frozenset(found | ({NOTE} if draft.note != other.note else set()))


def form_of(page: Page, held: Held, language: str, you: int | None) -> Form:
    """Return the form of *page* filled with what is *held*."""
    asked = {item.code: item for item in page.items}
    maker = _Maker(page, held, asked, language)
    parts = tuple(
        Part(
            title=part.title,
            lines=tuple(maker.line(item) for item in part.items),
            compact=not any(item.text for item in part.items),
        )
        for part in parts_of(page.content, language, page.names)
    )
    needing = tuple(
        line for part in parts for line in part.lines if line.fault or line.other is not None
    )
    return Form(
        parts=parts,
        needing=needing,
        general=_text(held.draft, GENERAL),
        general_asked=page.content["comments"] != CommentPolicy.NONE.value,
        general_fault=maker.faults.get(GENERAL),
        general_other=_other_general(held),
        base=page.versions,
        seen=_seen(page) if held.seen is None else held.seen,
        acts=objections_only(page.items),
        silence=()
        if objections_only(page.items)
        else tuple(item.code for item in page.items if item.silence),
        fill=maker.fill(),
        answered=sum(choice is not None for choice in held.draft.choices.values()),
        total=sum(page.asks(item) for item in page.items),
        others_name=_name(held.other, you),
        others_at=held.other.at if held.other else None,
        revision=page.revision,
        kinds=tuple((kind.value, kinds.comment_kind(kind)) for kind in CommentKind),
        general_kind=_kind(held.draft, GENERAL),
        general_kinds=(
            kind_words(held.draft, GENERAL),
            kind_words(held.other, GENERAL) if held.other else "",
        ),
        paper=held.unclear is not None,
        note_asked=page.note_asked,
        note=page.notes.get(held.draft.note or ""),
        note_fault=maker.faults.get(NOTE),
        note_torn=NOTE in held.differing,
        note_other=page.notes.get(held.other.note or "") if held.other else None,
    )


class _Maker:
    """Puts items and what is held of them together."""

    def __init__(
        self, page: Page, held: Held, asked: Mapping[str, FormItem], language: str
    ) -> None:
        self._page, self._held, self._asked, self._language = page, held, asked, language
        self.faults = {fault.place: fault for fault in held.faults}
        self._revised = revised(page, held.since, language)

    def line(self, item: ItemView) -> Line:
        code, draft, other = item.code, self._held.draft, self._held.other
        chosen, policy = draft.choices.get(code), self._asked[code].comments
        fault, comment = self.faults.get(code), _text(draft, code)
        differs = other is not None and code in self._held.differing
        asked = self._page.asks(self._asked[code])
        there = choices(self._page, code, self._language)
        torn = other is not None and differs and other.choices.get(code) != chosen
        return Line(
            item=item,
            options=tuple(
                self._option(code, choice, checked=choice is chosen and not torn)
                for choice in self._page.rule_of(code).choices
                if choice in self._asked[code].choices
            ),
            blank=chosen is None and not torn,
            comments=policy,
            comment=split(comment)[1] if there else comment,
            opened=bool(comment or fault or differs or policy is CommentPolicy.REQUIRED),
            paragraph=split(comment)[0] if there else "",
            paragraphs=there,
            fault=fault,
            typed=self._position(code, draft) if differs else None,
            other=self._position(code, other) if differs and other is not None else None,
            asked=asked,
            broken=self._asked[code].broken,
            objections=tuple(one for one in self._page.objections if one.item == code),
            withdrawn=self._asked[code].withdrawn,
            reason=self._page.why_gone(code),
            revised=self._revised.get(code),
            kind=_kind(draft, code),
            unclear=_unclear(self._held, code),
        )

    def fill(self) -> tuple[Option, ...]:
        """Return the positions that some item offers, in the order of the rule."""
        items = self._page.items
        if len(items) < _SLATE or objections_only(items):
            return ()
        offered = frozenset[Choice]().union(*(item.choices for item in items))
        return tuple(
            self._option("", choice, checked=False) for choice in Choice if choice in offered
        )

    def _option(self, code: str, choice: Choice, *, checked: bool) -> Option:
        return Option(choice.value, kinds.mark(choice), self._words(code, choice), checked)

    def _position(self, code: str, said: Draft | Said) -> Position:
        choice = said.choices.get(code)
        words = self._words(code, choice)
        return Position(kinds.mark(choice), words, _text(said, code), kind_words(said, code))

    def _words(self, code: str, choice: Choice | None) -> str:
        return kinds.choice(choice, self._page.rule_of(code).names, self._language)


def _text(said: Draft | Said, place: str) -> str:
    words = said.comments.get(place)
    return words.text if words else ""


def _kind(said: Draft | Said, place: str) -> CommentKind:
    words = said.comments.get(place)
    return words.kind if words else CommentKind.COMMENT


def kind_words(said: Draft | Said, place: str) -> str:
    """Name what the words at a place are, unless they are a plain comment."""
    kind = _kind(said, place)
    return "" if kind is CommentKind.COMMENT else kinds.comment_kind(kind)


def _unclear(held: Held, item: str) -> tuple[str, str]:
    one = (held.unclear or {}).get(item)
    return (one.words.text, one.question.text) if one else ("", "")


def _other_general(held: Held) -> str | None:
    if held.other is None or GENERAL not in held.differing:
        return None
    return _text(held.other, GENERAL)


def _seen(page: Page) -> str:
    return page.draft.content_hash if page.draft else ""


def _name(other: Said | None, you: int | None) -> str:
    """Say who said the other thing."""
    if other is None:
        return ""
    if other.by_id is not None and other.by_id == you:
        return str(_("You, in another window"))
    return other.by or str(_("Recorded on your behalf"))
