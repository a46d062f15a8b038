"""The roll: the members entitled, their groups and weights, and the hash of it once frozen."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from consult.core import fields
from consult.core.canonical import hash_of

# Denominators beyond this would let sums grow with the square of the roll.
MAX_DENOMINATOR = 10 ** (2 * fields.MAX_DIGITS)

_SPELLING = re.compile(r"([0-9]{1,30})(?:\.([0-9]{1,30})|/([0-9]{1,30}))?", re.ASCII)


class Weight(Fraction):
    """An exact weight that remembers how it was spelled."""

    __slots__ = ("spelled",)
    spelled: str

    def __new__(cls, spelled: str) -> "Weight":
        """Take a decimal or a fraction.

        Raises:
            BadInput: It is neither, or is longer than thirty digits.
        """
        return read_weight(spelled, "weight")

    def __reduce__(self) -> tuple[type["Weight"], tuple[str]]:
        return (Weight, (self.spelled,))

    def __copy__(self) -> "Weight":
        return self

    def __deepcopy__(self, memo: object) -> "Weight":
        return self


def read_weight(value: object, path: str) -> Weight:
    """Read a weight: a text such as "45.8" or "2/3", or a whole number.

    Raises:
        BadInput: It is negative, inexact, endless or too long.
    """
    if type(fields.fit(value, path)) is int:
        value = str(value)
    found = _SPELLING.fullmatch(value) if isinstance(value, str) else None
    if found is None or (found[3] is not None and not int(found[3])):
        fields.refuse(path, 'must be a number as text, such as "45.8" or "2/3"')
    whole, decimals, denominator = found[1], found[2] or "", found[3]
    if len(whole) + len(decimals) > fields.MAX_DIGITS:
        fields.refuse(path, f"has more than {fields.MAX_DIGITS} digits")
    weight = Fraction.__new__(
        Weight, int(whole + decimals), int(denominator) if denominator else 10 ** len(decimals)
    )
    assert isinstance(weight, Weight)  # noqa: S101 - for the type checker
    weight.spelled = found[0]
    return weight


def weight_text(weight: Fraction) -> str:
    """Write *weight* as it was spelled, or as a fraction in lowest terms."""
    return weight.spelled if isinstance(weight, Weight) else str(weight)


@dataclass(frozen=True, slots=True)
class RollLine:
    """One member as it stood at opening.

    Args:
        code: What it is known by, such as ``ARG``.
        name: What it is called.
        groups: The groups it belongs to.
        weights: Of each weight, its exact size; a `Weight` keeps the spelling.
        entitled: Whether it has the right to vote.
    """

    code: str
    name: str
    groups: tuple[str, ...] = ()
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    entitled: bool = True


def roll_data(lines: Sequence[RollLine]) -> list[dict[str, object]]:
    """Write the roll as it stands in case files, records and the ledger."""
    return [
        {
            "code": line.code,
            "name": line.name,
            "groups": list(line.groups),
            "weights": {name: weight_text(size) for name, size in line.weights.items()},
            "entitled": line.entitled,
        }
        for line in lines
    ]


def roll_hash(lines: Sequence[RollLine]) -> str:
    """Give the SHA-256 of the roll's canonical JSON, in lower-case hex."""
    return hash_of(roll_data(lines))


@dataclass(frozen=True, slots=True)
class Units:
    """What each entitled member of a scope weighs, in whole units of one size.

    Args:
        of: The units of each member; a member outside the group is not there.
        size: How many units make one.
    """

    of: Mapping[str, int]
    size: int


def units(lines: Sequence[RollLine], among: str | None, by: str | None) -> Units:
    """Measure the entitled members *among* a group *by* a weight, exactly.

    Weights are brought to a common denominator once: whole numbers then add up fast.

    Raises:
        KeyError: A member lacks the weight: a defect, for `fit` is asked before.
    """
    chosen = [line for line in lines if line.entitled and (among is None or among in line.groups)]
    if by is None:
        return Units({line.code: 1 for line in chosen}, 1)
    size = common_denominator(line.weights[by] for line in chosen)
    return Units({line.code: int(line.weights[by] * size) for line in chosen}, size)


def common_denominator(weights: Iterable[Fraction]) -> int:
    """Give the least common denominator, or one beyond `MAX_DENOMINATOR` as soon as it is."""
    size = 1
    for weight in weights:
        size = math.lcm(size, weight.denominator)
        if size > MAX_DENOMINATOR:
            break
    return size
