"""The small Markdown of letters: what it knows, and what stays the characters that it is."""

import pytest

from consult.documents.prose import Block, Run, plain, prose


def test_paragraphs_emphasis_and_lists_are_read() -> None:
    first, points = prose("The Council,\n\n1. *takes* note;\n2. **decides**:\n   - one\n   - two")
    assert first == Block("paragraph", (Run("The Council,"),))
    assert points.kind == "numbers"
    assert points.items[0][0].runs == (Run("takes", em=True), Run(" note;"))
    assert points.items[1][1].kind == "bullets"


def test_a_list_keeps_the_number_it_begins_with() -> None:
    (points,) = prose("3. three\n4. four")
    assert points.start == 3


@pytest.mark.parametrize(
    "text",
    ["<script>x</script>", "[a](http://b)", "![a](b)", "`code`", "http://a.example", "a | b"],
)
def test_links_pictures_code_and_tags_stay_text(text: str) -> None:
    assert plain(prose(text)) == text


def test_lines_of_a_paragraph_are_joined_as_the_script_joins_them() -> None:
    assert plain(prose("one\ntwo")) == "one two"
    assert plain(prose("一\n二")) == "一二"


def test_plain_words_keep_numbers_and_points() -> None:
    assert plain(prose("Text\n\n2. two\n3. three")) == "Text\n\n2. two\n3. three"
