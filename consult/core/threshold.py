"""The number that a line of a rule is held against, as a person types it: exact, never rounded."""

import re
from fractions import Fraction

from consult.errors import BadInput

MOST_DIGITS = 12

_WHOLE = re.compile(r"\d{1,12}")
_SHARE = re.compile(r"(\d{1,12}) ?[/⁄] ?(\d{1,12})")
_PERCENT = re.compile(r"(\d{1,12})(?:[.,٫](\d{1,12}))? ?[%٪]")
_HUNDRED = 100


def read_threshold(typed: str, *, share: bool) -> int | str:
    """Return the threshold as a rule's data hold it: a whole number, or ``"2/3"``.

    Args:
        typed: ``10``; for a share ``2/3``, ``70 %`` or ``66.66 %``.
        share: Whether it is a share of a set.

    Raises:
        BadInput: It is neither; the place is ``value``.
    """
    text = " ".join(typed.split())
    if not share:
        if not _WHOLE.fullmatch(text):
            raise BadInput({"value": "threshold-whole"})
        return int(text)
    found = _read_share(text)
    if found is None:
        raise BadInput({"value": "threshold-share"})
    return f"{found.numerator}/{found.denominator}"


def threshold_text(threshold: Fraction, *, share: bool) -> str:
    """Return what `read_threshold` reads as *threshold*."""
    if not share:
        return str(int(threshold))
    return f"{threshold.numerator}/{threshold.denominator}"


def _read_share(text: str) -> Fraction | None:
    if (spelled := _SHARE.fullmatch(text)) and int(spelled[2]):
        return Fraction(int(spelled[1]), int(spelled[2]))
    if spelled := _PERCENT.fullmatch(text):
        decimals = spelled[2] or ""
        return Fraction(int(spelled[1] + decimals), _HUNDRED * 10 ** len(decimals))
    return None
