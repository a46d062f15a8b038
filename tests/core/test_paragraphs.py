"""A document's text falls into paragraphs whose numbers a comment can name."""

import pytest

from consult.core.paragraphs import numbers, paragraphs


def told(text: str) -> list[tuple[str, str]]:
    return [(one.number, one.text) for one in paragraphs(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("One.\n\nTwo.", [("1", "One."), ("2", "Two.")]),
        ("One,\nstill one.\n \nTwo.\n\n\n", [("1", "One,\nstill one."), ("2", "Two.")]),
        ("1.1 One.\n\n1.2 Two.", [("1.1", "One."), ("1.2", "Two.")]),
        ("a) One.\n\nb) Two.", [("a", "One."), ("b", "Two.")]),
        ("4. One.\n\n7. Two.", [("4", "One."), ("7", "Two.")]),
        ("1 One.\n\nTwo.", [("1", "1 One."), ("2", "Two.")]),
        ("1 One.\n\n1 Two.", [("1", "1 One."), ("2", "1 Two.")]),
    ],
    ids=[
        "nothing",
        "counted",
        "lines of one",
        "its own numbers",
        "letters",
        "gaps",
        "one without",
        "one twice",
    ],
)
def test_a_text_falls_into_numbered_paragraphs(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == expected


def test_a_language_without_the_text_takes_the_numbers_of_another() -> None:
    assert numbers({"fr": "a) Un.\n\nb) Deux."}, "en") == ("a", "b")
    assert numbers({}, "en") == ()
