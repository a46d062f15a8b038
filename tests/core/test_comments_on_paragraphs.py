"""A comment may name a paragraph; its words and the number come apart again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.paragraphs import on_paragraph, split


@given(number=st.sampled_from(["1", "12", "2.3", "4.1.2", "a"]), words=st.text())
def test_number_and_words_come_apart_as_they_were(number: str, words: str) -> None:
    assert split(on_paragraph(number, words)) == (number, words)


@pytest.mark.parametrize(
    "text", ["", "words", "1. words", "¶ words", "¶ 1", "x\n¶ 1\ny", "¶ 1.\na"]
)
def test_a_comment_that_names_none_is_its_words_alone(text: str) -> None:
    assert split(text) == ("", text)
