"""A rule tried on numbers: what is typed becomes replies, and the one tally counts them."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from consult.core.comparison import Choice
from consult.core.life import ItemKind
from consult.core.roll import RollLine
from consult.core.rule import Rule
from consult.core.tally import Decision
from consult.core.trial import Alike, alike, spread, tried
from consult.errors import BadInput
from consult.wording import arithmetic, kinds
from consult.wording.rulefaults import fault

CODES = "codes"
_MOST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Row:
    """Members that the rule does not tell apart, with a field for each position.

    Args:
        title: Who they are.
        cells: Of each position, name of the field, words, what is typed.
        fault: What is wrong with what is typed; empty if nothing is.
    """

    title: str
    most: int
    cells: tuple[tuple[str, str, str], ...]
    fault: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of the numbers."""

    decision: Decision
    words: str
    arithmetic: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """The fields of a trial, and its outcome once all of them can be read.

    Args:
        by_code: Whether members are named, because the rule weighs them.
    """

    rows: tuple[Row, ...]
    by_code: bool
    outcome: Outcome | None

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [
            (f"#{row.cells[0][0]}", f"{row.title}: {row.fault}") for row in self.rows if row.fault
        ]


def trial_of(
    rule: Rule, roll: tuple[RollLine, ...], typed: Mapping[str, str], *, count: bool
) -> Trial:
    """Return the trial with what is *typed*, by the names of its fields.

    Args:
        count: Whether its outcome is asked for.
    """
    kinds_of_member = alike(rule, roll)
    if kinds_of_member is None:
        return _by_code(rule, roll, typed, count=count)
    rows: list[Row] = []
    said: dict[str, Choice] = {}
    for number, some in enumerate(kinds_of_member):
        row, replies = _row(rule, number, some, typed)
        rows.append(row)
        said |= replies
    return _trial(rule, roll, rows, said, by_code=False, count=count)


def _trial(
    rule: Rule,
    roll: tuple[RollLine, ...],
    rows: list[Row],
    said: Mapping[str, Choice],
    *,
    by_code: bool,
    count: bool,
) -> Trial:
    can = count and not any(row.fault for row in rows)
    return Trial(tuple(rows), by_code, _outcome(rule, roll, said) if can else None)


def _row(
    rule: Rule, number: int, some: Alike, typed: Mapping[str, str]
) -> tuple[Row, dict[str, Choice]]:
    cells, numbers, wrong = [], {}, ""
    for choice in rule.choices:
        name = f"try-{number}-{choice}"
        text = typed.get(name, "").strip()
        cells.append((name, kinds.choice(choice), text))
        if text and not (text.isdecimal() and len(text) <= _MOST_DIGITS):
            wrong = fault("threshold-whole")
        else:
            numbers[choice] = int(text or 0)
    said: dict[str, Choice] = {}
    if not wrong:
        try:
            said = spread(some, numbers)
        except BadInput as refused:
            wrong = fault("numbers-too-many", refused.facts)
    return Row(_title(some), len(some.codes), tuple(cells), wrong), said


def _title(some: Alike) -> str:
    if not some.groups:
        return str(_("Member States entitled to vote"))
    return str(_("In group %(groups)s", groups=kinds.listed(list(some.groups))))


def _by_code(
    rule: Rule, roll: tuple[RollLine, ...], typed: Mapping[str, str], *, count: bool
) -> Trial:
    known = {line.code for line in roll if line.entitled}
    said: dict[str, Choice] = {}
    rows = []
    for choice in rule.choices:
        name, words = f"try-{CODES}-{choice}", kinds.choice(choice)
        text = typed.get(name, "")
        codes = text.replace(",", " ").split()
        strange = [code for code in codes if code not in known]
        twice = [code for n, code in enumerate(codes) if code in said or code in codes[:n]]
        wrong = ""
        if strange:
            wrong = fault("codes-unknown", {"codes": kinds.listed(strange[:5])})
        elif twice:
            wrong = fault("codes-twice", {"codes": kinds.listed(twice[:5])})
        said |= dict.fromkeys(codes, choice)
        rows.append(Row(words, len(known), ((name, words, text),), wrong))
    return _trial(rule, roll, rows, said, by_code=True, count=count)


def _outcome(rule: Rule, roll: tuple[RollLine, ...], said: Mapping[str, Choice]) -> Outcome:
    decision = tried(rule, roll, said)
    return Outcome(
        decision=decision,
        words=kinds.outcome(ItemKind.TEXT, decision.outcome),
        arithmetic=arithmetic.arithmetic(rule, decision),
        tests=tuple(arithmetic.each_test(decision)),
    )
