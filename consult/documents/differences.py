"""What a revision changed, as pages print it: place by place, words taken out and put in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from consult.core.difference import LETTER, Difference, Kind, Piece, TextChange
from consult.queries.texts import pick
from consult.wording import LANGUAGES, RTL, revisions

Texts = Mapping[str, str]
_LONG, _AROUND = 400, 150  # characters that stayed, and how many of them are shown at each end


@dataclass(frozen=True, slots=True)
class TextView:
    """A text that changed in one language."""

    label: str
    language: str
    language_name: str
    direction: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """What changed in the letter, or in one item.

    Args:
        code: The item's number; empty for the letter.
        data: Label, what it was, what it is.
    """

    code: str
    title: str
    added: bool
    removed: bool
    texts: tuple[TextView, ...]
    data: tuple[tuple[str, str, str], ...]


def places(
    found: Sequence[Difference], language: str, names: Mapping[str, Texts] | None = None
) -> tuple[PlaceView, ...]:
    """Return what *found* says in the words of *language*; its own texts stand first.

    Args:
        names: Of members their names.
    """
    return tuple(_place(one, language, names or {}) for one in found)


def _place(one: Difference, language: str, names: Mapping[str, Texts]) -> PlaceView:
    letter = one.place == LETTER
    said = pick(one.title, language)
    return PlaceView(
        code="" if letter else one.place,
        title=_("The letter")
        if letter
        else _("Item %(item)s: %(title)s", item=one.place, title=said),
        added=one.added,
        removed=one.removed,
        texts=tuple(
            _text(text) for text in sorted(one.texts, key=lambda text: text.language != language)
        ),
        data=tuple(
            (
                revisions.name(datum.name, data=True),
                revisions.value(datum.name, datum.before, names, language),
                revisions.value(datum.name, datum.after, names, language),
            )
            for datum in one.data
        ),
    )


def _text(text: TextChange) -> TextView:
    return TextView(
        label=revisions.name(text.name),
        language=text.language,
        language_name=LANGUAGES.get(text.language, text.language),
        direction="rtl" if text.language in RTL else "ltr",
        pieces=tuple(map(_shortened, text.pieces)),
    )


def _shortened(piece: Piece) -> Piece:
    """Leave out the middle of what stayed, where that is long."""
    if piece.kind is not Kind.SAME or len(piece.text) <= _LONG:
        return piece
    return Piece(piece.kind, f"{piece.text[:_AROUND]} … {piece.text[-_AROUND:]}")
