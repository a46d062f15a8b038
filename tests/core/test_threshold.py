"""What is typed as a number, a fraction or per cent is taken exactly."""

from fractions import Fraction

import pytest

from consult.core.threshold import read_threshold, threshold_text
from consult.errors import BadInput


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2/3", "2/3"),
        (" 50 / 100 ", "1/2"),
        ("70 %", "7/10"),
        ("66.66%", "3333/5000"),
        ("66,66 %", "3333/5000"),
        ("٧٠٪", "7/10"),
    ],
)
def test_a_share(typed: str, read: str) -> None:
    assert read_threshold(typed, share=True) == read


@pytest.mark.parametrize("typed", ["", "0.5", "1/0", "half", "-1/2", "10", "1e3 %"])
def test_no_share(typed: str) -> None:
    with pytest.raises(BadInput):
        read_threshold(typed, share=True)


@pytest.mark.parametrize("typed", ["", "-1", "1.5", "2/3", "70 %", "1" * 13])
def test_no_whole_number(typed: str) -> None:
    with pytest.raises(BadInput):
        read_threshold(typed, share=False)


def test_a_whole_number() -> None:
    assert read_threshold(" 10 ", share=False) == 10


@pytest.mark.parametrize(("threshold", "share"), [(Fraction(7, 10), True), (Fraction(10), False)])
def test_what_is_shown_is_read_again(threshold: Fraction, share: bool) -> None:
    assert Fraction(read_threshold(threshold_text(threshold, share=share), share=share)) == (
        threshold
    )
