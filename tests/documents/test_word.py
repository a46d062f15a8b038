"""A Word file holds whatever people write: it leaves out what no XML can, and cuts its title."""

import io

import docx
import pytest

from consult.documents.word import Word


@pytest.mark.parametrize("language", ["en", "ar"])
def test_signs_that_no_xml_holds_are_left_out_of_text_and_title(language: str) -> None:
    """T106: one comment must not take the file of a record from everybody."""
    unfit = "a\x01\x08\x0b\x1f\x7f\ufffe\uffff\ud800 \U0001f3f3 b"
    word = Word(language, unfit, "2020-07-17")
    word.heading(unfit, 1)
    word.paragraph(unfit)
    word.table([unfit], [[unfit]])
    file = docx.Document(io.BytesIO(word.bytes()))
    texts = [one.text for one in file.paragraphs if one.text]
    texts += [cell.text for row in file.tables[0].rows for cell in row.cells]
    assert {*texts, file.core_properties.title} == {"a\x7f \U0001f3f3 b"}
    assert len(texts) == 4


def test_a_subject_of_a_thousand_characters_has_its_file() -> None:
    word = Word("en", "x" * 1000, "2020-07-17")
    assert docx.Document(io.BytesIO(word.bytes())).core_properties.title == "x" * 255
