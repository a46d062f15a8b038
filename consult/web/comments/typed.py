"""What somebody typed into the form of a comment round: read by place, and shown again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.exceptions import BadRequest

from consult.core.ledger import normal
from consult.core.round import GENERAL, Remark
from consult.queries.round import RoundPage
from consult.wording import LANGUAGES
from consult.wording.refusals import fault

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
    for item, paragraph in in_order(page):
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


def in_order(page: RoundPage) -> list[tuple[str, str | None]]:
    """Return every place of the form, as one reads."""
    places: list[tuple[str, str | None]] = []
    for one in page.documents:
        places += [(one.code, each.number) for each in one.paragraphs]
        places.append((one.code, None))
    return [*places, (GENERAL, None)]


def fields(
    page: RoundPage, remarks: Sequence[Remark], faults: Mapping[str, str]
) -> dict[str, Field]:
    """Return the controls of the form by place, filled with *remarks*."""
    held = {one.place: one for one in remarks}
    found = {}
    for item, paragraph in in_order(page):
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
