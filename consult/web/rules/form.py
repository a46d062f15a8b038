"""The form of a rule: its texts, what may be said, and the fields of the lines there are."""

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import HiddenInput

from consult.actions.bodyrules import LONGEST_SOURCE
from consult.core.comparison import SETS, Choice, Compare, Silence
from consult.core.comparison import comparisons as comparisons_in
from consult.core.roll import RollLine
from consult.core.rule import Rule
from consult.queries.bodyrules import Book
from consult.queries.texts import pick
from consult.web.drafting.forms import choose, clean, line, made
from consult.web.frame import language
from consult.web.rules.sheet import ALL, ANY, KEPT, MOST_LINES, NEW_QUORUM, PARTS, Line, Sheet
from consult.wording import LANGUAGES, comparisons, kinds

QUORUM, NO_QUORUM, ONE = "quorum", "none", "one"
_NOT_COPIED = frozenset({"csrf_token", "do", "lines"})


class RuleForm(FlaskForm):
    """What every rule has; its texts and lines are added by `made`."""

    seen = IntegerField(widget=HiddenInput(), default=0)
    do = HiddenField(default="")
    lines = IntegerField(widget=HiddenInput())


@dataclass(frozen=True, slots=True)
class Around:
    """What a form offers to choose from.

    Args:
        groups: Of the body and its roll, id and words.
        weights: Of the roll.
        new: Whether the rule needs a name in addresses yet.
    """

    languages: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    weights: tuple[str, ...]
    new: bool


def around_of(book: Book, roll: tuple[RollLine, ...], rule: Rule, *, new: bool) -> Around:
    """Return what the body and its roll offer, and what *rule* names besides."""
    tongue = language()
    groups = {one["id"]: pick(one["name"], tongue) or one["id"] for one in book.groups}
    weights: dict[str, None] = {}
    for seated in roll:
        groups |= {group: group for group in seated.groups if group not in groups}
        weights |= dict.fromkeys(seated.weights)
    for test in (part for whole in rule.tests for part in comparisons_in(whole)):
        if test.among is not None:
            groups.setdefault(test.among, test.among)
        if test.by is not None:
            weights[test.by] = None
    return Around(book.languages, tuple(groups.items()), tuple(weights), new)


def form_of(around: Around, rule: Rule, sheet: Sheet, slug: str, version: int) -> FlaskForm:
    """Make the form: as *rule* says, or as it comes back, with the lines it came with."""
    if request.method != "POST":
        return _made(around, sheet, None, _data(rule, sheet, slug, version))
    count = request.form.get("lines", "")
    number = min(int(count), MOST_LINES) if count.isascii() and count.isdecimal() else 1
    kept = [request.form.get(f"line-{n}-{KEPT}", "") for n in range(max(number, 1))]
    quorum = request.form.get(f"{QUORUM}-{KEPT}", "")
    given = Sheet(Line(kept=quorum), ALL, tuple(Line(kept=one) for one in kept))
    return _made(around, given, request.form, {})


def with_lines(around: Around, form: FlaskForm, sheet: Sheet) -> FlaskForm:
    """Return the form as it was typed, with the lines of *sheet* in place of its own."""
    values = {
        one.name: one.data
        for one in form
        if one.name not in _NOT_COPIED and not one.name.startswith("line-")
    }
    return _made(around, sheet, None, {**values, **_lines_data(sheet)})


def _made(around: Around, sheet: Sheet, given: Any, data: dict[str, Any]) -> FlaskForm:
    fields = _texts(around) | _meaning() | _tests(around, sheet)
    form: FlaskForm = made(RuleForm, fields)(given, data=data)
    return form


def _texts(around: Around) -> dict[str, Any]:
    fields: dict[str, Any] = {
        f"title-{code}": line(
            _("Title in %(language)s", language=LANGUAGES.get(code, code)), longest=200
        )
        for code in around.languages
    }
    if around.new:
        fields["slug"] = line(_("Name in addresses"), longest=40)
    fields["source"] = line(_("Source"), longest=LONGEST_SOURCE)
    for choice in Choice:
        for code in around.languages:
            label = _(
                "%(position)s, in %(language)s",
                position=kinds.choice(choice),
                language=LANGUAGES.get(code, code),
            )
            fields[f"name-{choice}-{code}"] = line(label, longest=60)
    return fields


def _meaning() -> dict[str, Any]:
    means: dict[Silence, str] = {
        Silence.ABSENT: _("Nothing: the Member State is recorded as silent"),
        Silence.ABSTAIN: _("An abstention"),
        Silence.APPROVE: _("An approval: silence is consent"),
        Silence.OBJECT: _("An objection"),
    }
    return {
        **{f"offer-{one}": BooleanField(kinds.choice(one)) for one in Choice},
        "silence": _radio(_("What silence means"), [(s.value, means[s]) for s in Silence]),
    }


def _tests(around: Around, sheet: Sheet) -> dict[str, Any]:
    fields = {
        QUORUM: _radio(
            _("Is there a quorum?"),
            [
                (NO_QUORUM, _("No: there is a decision however few reply")),
                (ONE, _("Yes: without it there is no decision")),
            ],
        ),
        "join": _radio(
            _("An item is adopted if"),
            [(ALL, _("all of these lines hold")), (ANY, _("any of these lines holds"))],
        ),
        **_line_fields(around, QUORUM, sheet.quorum or NEW_QUORUM),
    }
    for number, one in enumerate(sheet.lines):
        fields |= _line_fields(around, f"line-{number}", one)
    return fields


def _line_fields(around: Around, place: str, one: Line) -> dict[str, Any]:
    if one.kept:
        return {f"{place}-{KEPT}": HiddenField()}
    sets = [(name, comparisons.set_words(name)) for name in SETS]
    found: dict[str, Any] = {
        "count": choose(_("What is counted"), sets),
        "compare": choose(_("Must be"), _compares()),
        "value": StringField(_("Number or share"), filters=[clean]),
        "over": choose(_("Of"), [("", _("a number alone")), *sets]),
        "among": choose(_("Among"), [("", _("all Member States")), *around.groups]),
        "by": choose(
            _("Each counts"),
            [("", _("one")), *((name, _("by %(weight)s", weight=name)) for name in around.weights)],
        ),
    }
    return {f"{place}-{part}": found[part] for part in PARTS}


def _compares() -> list[tuple[str, str]]:
    said: dict[Compare, str] = {
        Compare.MORE_THAN: _("more than"),
        Compare.AT_LEAST: _("at least"),
        Compare.LESS_THAN: _("less than"),
        Compare.AT_MOST: _("at most"),
    }
    return [(one.value, said[one]) for one in Compare]


def _radio(label: str, choices: list[tuple[str, str]]) -> RadioField:
    return RadioField(label, choices=[SelectChoice(value, said) for value, said in choices])


def _data(rule: Rule, sheet: Sheet, slug: str, version: int) -> dict[str, Any]:
    data: dict[str, Any] = {
        "seen": version,
        "slug": slug,
        "source": rule.source,
        "silence": rule.silence.value,
        **{f"title-{code}": said for code, said in rule.title.items()},
        **{f"offer-{choice}": choice in rule.choices for choice in Choice},
        QUORUM: NO_QUORUM if sheet.quorum is None else ONE,
        "join": sheet.join,
        **_line_data(QUORUM, sheet.quorum or NEW_QUORUM),
    }
    for choice, names in rule.names.items():
        data |= {f"name-{choice}-{code}": said for code, said in names.items()}
    return data | _lines_data(sheet)


def _lines_data(sheet: Sheet) -> dict[str, Any]:
    data: dict[str, Any] = {"lines": len(sheet.lines)}
    for number, one in enumerate(sheet.lines):
        data |= _line_data(f"line-{number}", one)
    return data


def _line_data(place: str, one: Line) -> dict[str, str]:
    if one.kept:
        return {f"{place}-{KEPT}": one.kept}
    return {f"{place}-{part}": one.typed[part] for part in PARTS}
