"""Signs that reverse or hide text are shown; a time that we isolated ourselves is left as it is."""

import pytest

from consult.wording.signs import shown


def test_the_time_beside_an_arabic_instant_stays_isolated() -> None:
    said = "بتوقيت جنيف (\u206614:00:03 UTC\u2069)"
    assert shown(said) == said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("I \u202eevorppa", "I [U+202E]evorppa"),
        ("\u2066approve\u2069", "[U+2066]approve[U+2069]"),
        ("\u206614:00 UTC \u202e\u2069", "[U+2066]14:00 UTC [U+202E][U+2069]"),
        ("\u206614:00 UTC", "[U+2066]14:00 UTC"),
    ],
)
def test_what_a_person_isolated_is_shown(typed: str, said: str) -> None:
    assert shown(typed) == said
