"""Every string a person sees exists in six languages, whole, with the same places in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from consult.wording.catalogues import read

ROOT = Path(__file__).parent.parent
CATALOGUES = ROOT / "consult" / "translations"
LANGUAGES = ["ar", "es", "fr", "ru", "zh"]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_lp": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
METHODS = [("consult/**.py", "python"), ("templates/**", "jinja2")]
OPTIONS = {"templates/**": {"trimmed": "true", "silent": "false"}}
PLACES = re.compile(r"%\(\w+\)[sd]")

# Words of one sort of person, for whom the catalogue may keep the English: names and codes.
Key = tuple[str, str | None]


def marked() -> set[Key]:
    """Every message that code and templates mark, with its context."""
    found = set()
    for name, _line, message, _comments, context in extract_from_dir(
        str(ROOT), METHODS, OPTIONS, KEYWORDS, directory_filter=_ours
    ):
        assert name
        found.add((message if isinstance(message, str) else message[0], context))
    return found


def _ours(path: str) -> bool:
    return not re.search(r"/(\.venv|\.git|instance|node_modules|__pycache__)", path)


def catalogue(language: str) -> Catalog:
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def template() -> Catalog:
    with (CATALOGUES / "messages.pot").open("rb") as file:
        return read_po(file)


def key_of(message: Message) -> Key:
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def forms_of(message: Message) -> list[str]:
    said = message.string
    return [said] if isinstance(said, str) else list(said)


def test_the_template_is_what_is_marked() -> None:
    """`make messages` gathers them."""
    assert {key_of(message) for message in template() if message.id} == marked()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_missing_fuzzy_or_left_over(language: str) -> None:
    found = catalogue(language)
    faults = []
    for message in template():
        if not message.id:
            continue
        said = found.get(message.id, message.context)
        if said is None:
            faults.append(f"missing: {key_of(message)}")
        elif said.fuzzy:
            faults.append(f"fuzzy: {key_of(message)}")
        elif not all(forms_of(said)):
            faults.append(f"empty: {key_of(message)}")
        elif not isinstance(message.id, str) and len(forms_of(said)) != found.num_plurals:
            faults.append(f"plural forms: {key_of(message)}")
    wanted = {key_of(message) for message in template()}
    faults += [f"left over: {key_of(m)}" for m in found if m.id and key_of(m) not in wanted]
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_same_places_and_no_markup(language: str) -> None:
    assert list(_misplaced(catalogue(language))) == []


def _misplaced(found: Catalog) -> Iterator[str]:
    for message in found:
        if not message.id:
            continue
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        places = set(PLACES.findall(" ".join(sources)))
        plural = not isinstance(message.id, str)
        for said in forms_of(message):
            has = set(PLACES.findall(said))
            if has - places or (places - has) - ({"%(num)d"} if plural else set()):
                yield f"{key_of(message)}: {said}"
            if ("<" in said or ">" in said) and not ("<" in sources[0] or ">" in sources[0]):
                yield f"markup: {said}"


@pytest.mark.parametrize("language", ["ar", "zh"])
def test_chinese_and_arabic_use_their_own_script(language: str) -> None:
    """A message of several words left in Latin letters was forgotten."""
    latin = re.compile(r"^[\x00-\x7f]*$")
    left = [
        said
        for message in catalogue(language)
        if message.id
        for said in forms_of(message)
        if latin.match(said) and re.search(r"[a-z]{3,} [a-z]{3,}", PLACES.sub("", said))
    ]
    assert left == []


@pytest.mark.parametrize("number", [0, 1, 2, 3, 10, 11, 34, 48, 99, 100, 102, 103, 111, 193])
def test_arabic_counts_in_the_order_of_its_six_forms(number: int) -> None:
    """The catalogue is written zero, one, two, few, many, other, as CLDR orders them."""
    order = ["zero", "one", "two", "few", "many", "other"]
    form = order.index(Locale("ar").plural_form(number))
    with (CATALOGUES / "ar/LC_MESSAGES/messages.po").open("rb") as file:
        message = read_po(file, locale="ar")["%(num)d item"]
    assert message is not None
    said = read("ar").ngettext(message.id[0], message.id[1], number)
    assert said == message.string[form]
