"""What somebody typed into the reply form: read by the names of the form, faults found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from consult.actions.storing import faults_of
from consult.core.answer import GENERAL, LONGEST_COMMENT, Draft, Words
from consult.core.comparison import Choice
from consult.core.ledger import normal
from consult.core.life import CommentKind, ItemKind
from consult.core.paragraphs import on_paragraph, paragraphs, split
from consult.core.shapes import HASH
from consult.queries.answering import objections_only, standing
from consult.queries.reply import Page
from consult.queries.texts import pick
from consult.web.templating import number
from consult.wording import LANGUAGES
from consult.wording.faults import fault

POSITION, COMMENT, LANGUAGE, KIND, PARAGRAPH = "p-", "c-", "l-", "k-", "n-"
FILE = "note-file"
NOTE = "note:"  # the place of the PDF; no item can be called so
NO_POSITION = "no-position"
_NEVER = frozenset(
    {"too-long", "control-characters", "choice-not-offered", "item-withdrawn", "no-such-item"}
)
_IN_THE_COMMENT = frozenset({"too-long", "control-characters"})
_VERSIONS = 9  # digits
_BEGINNING = 60  # characters by which one knows a paragraph

Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one control.

    Args:
        place: The item, or `GENERAL`.
        control: The first control of the fault, by its id.
        words: What to do about it.
    """

    place: str
    control: str
    words: str
    position: bool = False


def read(page: Page, given: Given, language: str) -> Draft:
    """Return what was typed into the form of *page*; every item has its line.

    What is not asked, for others have broken the silence on it, stays empty.

    A text that stands there already keeps its language; a new one has that of the page.
    """
    places = [item.code for item in page.items if page.asks(item)]
    texts = _on_paragraphs(page, given, _texts(given, [*places, GENERAL]), language)
    return Draft(
        member=page.member,
        choices={
            item.code: choice_of(given.get(POSITION + item.code, ""))
            if item.code in places
            else None
            for item in page.items
        },
        comments={
            place: Words(text, _language_of(page, place, text) or language, kind_of(given, place))
            for place, text in texts.items()
        },
        base=base_of(given),
        note=_note(page, given),
    )


def read_shown(member: str, given: Given, language: str) -> Draft:
    """Return what the check page showed and sends back in its hidden fields."""
    places = [name.removeprefix(POSITION) for name in given if name.startswith(POSITION)]
    texts = _texts(given, [*places, GENERAL])
    return Draft(
        member=member,
        choices={code: choice_of(given[POSITION + code]) for code in places},
        comments={
            place: Words(
                text, _known(given.get(LANGUAGE + place, "")) or language, kind_of(given, place)
            )
            for place, text in texts.items()
        },
        base=base_of(given),
        note=_named(given),
    )


def on_items(page: Page, draft: Draft) -> Draft:
    """Return *draft* on the items that the letter has now; of those withdrawn it says nothing."""
    stand = {item.code for item in standing(page.items)}
    return Draft(
        draft.member,
        {
            item.code: draft.choices.get(item.code) if item.code in stand else None
            for item in page.items
        },
        {place: said for place, said in draft.comments.items() if place in {*stand, GENERAL}},
        draft.base,
        draft.note if draft.note in page.notes else None,
    )


def kind_of(given: Given, place: str) -> CommentKind:
    """Return of what kind the words at a place are; a form that does not say means a comment."""
    kind = given.get(KIND + place, CommentKind.COMMENT)
    if kind not in set(CommentKind):
        raise BadRequest
    return CommentKind(kind)


def _named(given: Given) -> str | None:
    named = given.get("note", "")
    return named if HASH.fits(named) else None


def _note(page: Page, given: Given) -> str | None:
    """Return the PDF that a form names, if it is the member's and is not to be taken away."""
    named = _named(given)
    kept = page.note_asked and named in page.notes and not given.get("note-off")
    return named if kept else None


def base_of(given: Given) -> int:
    """Return the version from which the form started."""
    digits = given.get("base", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _VERSIONS):
        raise BadRequest
    return int(digits)


def revision_of(given: Given) -> int | None:
    """Return the revision of the letter that the form showed; None if it does not say."""
    digits = given.get("revision", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _VERSIONS):
        return None
    return int(digits)


def choice_of(value: str) -> Choice | None:
    """Return the position that a control stands for; an empty one is none.

    Raises:
        BadRequest: No form of ours sends that.
    """
    if not value:
        return None
    if value not in set(Choice):
        raise BadRequest
    return Choice(value)


def filled(page: Page, draft: Draft, choice: Choice) -> tuple[Draft, int]:
    """Set every item that is blank to *choice*, where it is offered; return how many were."""
    blanks = {
        item.code: choice
        for item in page.items
        if choice in item.choices and page.asks(item) and draft.choices[item.code] is None
    }
    choices = {**draft.choices, **blanks}
    return replace(draft, choices=choices), len(blanks)


def faults(page: Page, draft: Draft, *, to_send: bool, asks: bool = False) -> list[Fault]:
    """Return what is wrong with *draft*, in the order of the form.

    Args:
        to_send: A draft that is only kept may lack what the letter requires of a reply.
        asks: Whether it is a paper without a position of which something is put to the member.
    """
    found = faults_of(page.items, draft, votes=page.entitled)
    found |= {place: "control-characters" for place in draft.comments if _unseen(draft, place)}
    if not to_send:
        found = {place: code for place, code in found.items() if code in _NEVER}
    order = [*(item.code for item in page.items), GENERAL]
    said = [_fault(page, draft, place, found[place]) for place in order if place in found]
    if to_send and not said and not asks and says_nothing(page, draft):
        return [_nothing(page)]
    return said


def says_nothing(page: Page, draft: Draft) -> bool:
    """Say whether this would be a first reply without any position, or without any words."""
    if not page.entitled:
        return not draft.comments and not page.versions
    return draft.blank and not page.versions and not objections_only(page.items)


def _unseen(draft: Draft, place: str) -> bool:
    return "\0" in draft.comments[place].text


def _fault(page: Page, draft: Draft, place: str, code: str) -> Fault:
    if code == "too-long":
        words = _(
            "Shorten it to %(most)s characters; it has %(has)s",
            most=number(LONGEST_COMMENT),
            has=number(len(split(draft.comments[place].text)[1].strip())),
        )
        return Fault(place, COMMENT + place, words)
    if code == "choice-not-offered":
        return Fault(place, first_control(page, place), fault(code), position=True)
    if code == "item-withdrawn":  # it has no control any more: its title is led to
        return Fault(place, f"t{place}", fault(code), position=True)
    return Fault(place, COMMENT + place, fault(code))


def _nothing(page: Page) -> Fault:
    if not page.entitled:
        return Fault(GENERAL, COMMENT + GENERAL, _("Write the comment"))
    first = standing(page.items)[0].code
    words = _("Give a position on one item at least: a first reply without any says nothing")
    return Fault(first, first_control(page, first), words, position=True)


def first_control(page: Page, place: str) -> str:
    """Return the id of the first control of an item."""
    return f"{POSITION}{place}-{page.rule_of(place).choices[0].value}"


def _texts(given: Given, places: Iterable[str]) -> dict[str, str]:
    texts = {place: normal(given.get(COMMENT + place, "")) for place in places}
    return {place: text for place, text in texts.items() if text.strip()}


def _on_paragraphs(
    page: Page, given: Given, texts: Mapping[str, str], language: str
) -> dict[str, str]:
    """Let each comment name the paragraph chosen beside it; one that is not there is none."""
    chosen = {place: given.get(PARAGRAPH + place, "") for place in texts}
    return {
        place: on_paragraph(chosen[place], split(text)[1])
        if chosen[place] in [number for number, _words in choices(page, place, language)]
        else text
        for place, text in texts.items()
    }


def choices(page: Page, place: str, language: str) -> tuple[tuple[str, str], ...]:
    """Return the paragraphs of a text under vote, each with how it begins; none of one alone."""
    for item in page.content["items"]:
        if item["id"] == place and item["kind"] == ItemKind.TEXT.value:
            found = paragraphs(pick(item["text"], language))
            return tuple((one.number, _begins(one.text)) for one in found) if found[1:] else ()
    return ()


def _begins(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _BEGINNING else f"{words[:_BEGINNING]}…"


def _language_of(page: Page, place: str, text: str) -> str | None:
    for said in (page.draft, page.newest):
        words = said.comments.get(place) if said else None
        if words is not None and words.text == text:
            return words.language
    return None


def _known(language: str) -> str | None:
    return language if language in LANGUAGES else None
