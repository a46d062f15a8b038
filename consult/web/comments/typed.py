"""What somebody typed into the form of a comment round: read by place, and shown again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from consult.core.ledger import normal
from consult.core.round import GENERAL, Remark
from consult.queries.round import Document, RoundPage
from consult.wording import LANGUAGES
from consult.wording.faults import fault

TEXT, PROPOSED, LANGUAGE = "t-", "p-", "l-"

Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """The two controls of one place.

    Args:
        key: As the form names the place: ``2:3``, ``2:``, ``general:``.
        fault: What is wrong there; mostly empty.
    """

    key: str
    text: str
    proposed: str
    fault: str


def read(page: RoundPage, given: Given, language: str) -> tuple[Remark, ...]:
    """Return what was typed, in the order of the documents.

    Words that stand there already keep their language; new ones have that of the page.
    """
    kept = {one.place: one for one in _kept(page)}
    found = []
    for item, paragraph in in_order(page.documents):
        key = f"{item}:{paragraph or ''}"
        text, proposed = _text(given, TEXT + key), _text(given, PROPOSED + key)
        if not text and not proposed:
            continue
        before, told = kept.get(key), given.get(LANGUAGE + key, "")
        spoken = told if told in LANGUAGES else language
        if before is not None and (before.text, before.proposed) == (text, proposed):
            spoken = before.language
        found.append(Remark(item, paragraph, text, proposed, spoken))
    return tuple(found)


def read_new(documents: Sequence[Document], given: Given, language: str) -> tuple[Remark, ...]:
    """Return what was typed of a paper, all of it in *language*."""
    found = []
    for item, paragraph in in_order(documents):
        key = f"{item}:{paragraph or ''}"
        text, proposed = _text(given, TEXT + key), _text(given, PROPOSED + key)
        if text or proposed:
            found.append(Remark(item, paragraph, text, proposed, language))
    return tuple(found)


def places_of(documents: Sequence[Document]) -> set[tuple[str, str | None]]:
    """Return everything on which one may remark."""
    return set(in_order(documents))


def summed(place: str, said: str) -> str:
    """Name the place of a fault as the summary lists it."""
    item, _colon, paragraph = place.partition(":")
    if item == GENERAL:
        return str(_("Comment on the whole: %(fault)s", fault=said))
    if paragraph:
        return str(
            _(
                "Document %(item)s, paragraph %(paragraph)s: %(fault)s",
                item=item,
                paragraph=paragraph,
                fault=said,
            )
        )
    return str(_("Document %(item)s: %(fault)s", item=item, fault=said))


def in_order(documents: Sequence[Document]) -> list[tuple[str, str | None]]:
    """Return every place of the form, as one reads."""
    places: list[tuple[str, str | None]] = []
    for one in documents:
        places += [(one.code, each.number) for each in one.paragraphs]
        places.append((one.code, None))
    return [*places, (GENERAL, None)]


def fields(
    documents: Sequence[Document], remarks: Sequence[Remark], faults: Mapping[str, str]
) -> dict[str, Field]:
    """Return the controls of the form by place, filled with *remarks*."""
    held = {one.place: one for one in remarks}
    found = {}
    for item, paragraph in in_order(documents):
        key = f"{item}:{paragraph or ''}"
        said = held.get(key)
        code = faults.get(key)
        found[key] = Field(
            key=key,
            text=said.text if said else "",
            proposed=said.proposed if said else "",
            fault=fault(code) if code else "",
        )
    return found


def _kept(page: RoundPage) -> Iterable[Remark]:
    said = page.draft or page.newest
    return said.remarks if said else ()


def _text(given: Given, name: str) -> str:
    try:
        return normal(given.get(name, "")).strip()
    except ValueError:
        raise BadRequest from None
