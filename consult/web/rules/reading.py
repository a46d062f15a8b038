"""What is typed in the form of a rule: its lines, the rule they make, and where it is faulty."""

from collections.abc import Iterator
from typing import Any

from flask_wtf import FlaskForm

from consult.core.comparison import Choice, comparisons
from consult.core.contradictions import Found
from consult.core.rule import Rule, parse
from consult.errors import BadInput
from consult.web.rules.form import ONE, QUORUM, Around
from consult.web.rules.sheet import (
    KEPT,
    MOST_LINES,
    NEW_LINE,
    PARTS,
    Line,
    Sheet,
    adopted_if,
    kept_test,
)
from consult.wording.contradictions import sentence
from consult.wording.rulefaults import fault


def typed_sheet(form: FlaskForm) -> Sheet:
    """Return the lines as they are typed."""
    lines = tuple(_typed(form, place) for place in _places(form))
    quorum = _typed(form, QUORUM) if form[QUORUM].data == ONE else None
    return Sheet(quorum, form.join.data, lines)


def changed_sheet(form: FlaskForm, do: str) -> Sheet:
    """Return the lines with one more, or without the one that the button names."""
    sheet = typed_sheet(form)
    lines = list(sheet.lines)
    place = do.removeprefix("remove:")
    if do == "add" and len(lines) < MOST_LINES:
        lines.append(NEW_LINE)
    elif len(lines) > 1 and place in {str(n) for n in range(len(lines))}:
        del lines[int(place)]
    return Sheet(_typed(form, QUORUM), sheet.join, tuple(lines))


def typed_rule(form: FlaskForm, around: Around, *, named: bool = False) -> Rule:
    """Return the rule that is typed.

    Args:
        named: Whether it must say what it is called and whence it comes, to be saved.

    Raises:
        BadInput: At each field that is wrong.
    """
    sheet = typed_sheet(form)
    faults = _unnamed(form, around) if named else {}
    tests: dict[str, dict[str, Any]] = {}
    for place, one in _all(form, sheet):
        try:
            tests[place] = one.data()
        except BadInput as wrong:
            faults |= {f"{place}-{part}": code for part, code in wrong.faults.items()}
    offered = [choice.value for choice in Choice if form[f"offer-{choice}"].data]
    if not offered:
        faults[f"offer-{Choice.APPROVE}"] = "rule-nothing-offered"
    if faults:
        raise BadInput(faults)
    quorum = tests.pop(QUORUM, None)
    return parse(
        {
            **_texts(form, around),
            "choices": offered,
            "silence": form.silence.data,
            "adopted_if": adopted_if(sheet.join, list(tests.values())),
            **({"quorum": quorum} if quorum else {}),
        }
    )


def _unnamed(form: FlaskForm, around: Around) -> dict[str, str]:
    titles = [f"title-{code}" for code in around.languages]
    faults = {}
    if not any(form[name].data for name in titles):
        faults[titles[0]] = "rule-title-missing"
    if not form.source.data:
        faults["source"] = "rule-source-missing"
    return faults


def refuse(form: FlaskForm, refused: BadInput) -> None:
    """Put what is wrong beside its field, else before the form."""
    for place, code in refused.faults.items():
        _say(form, place, fault(code, refused.facts))


def refuse_contradictions(form: FlaskForm, found: tuple[Found, ...]) -> None:
    """Put what the rule contradicts beside the line that does."""
    places = list(_comparisons(form))
    for one in found:
        if one.refused:
            place = "" if one.line is None else places[one.line]
            _say(form, place, sentence(one))


def _say(form: FlaskForm, place: str, words: str) -> None:
    if place in form:
        form[place].errors = [*form[place].errors, words]
    else:
        form.form_errors.append(words)


def _places(form: FlaskForm) -> list[str]:
    return [f"line-{n}" for n in range(MOST_LINES) if _there(form, f"line-{n}")]


def _there(form: FlaskForm, place: str) -> bool:
    return f"{place}-{KEPT}" in form or f"{place}-{PARTS[0]}" in form


def _all(form: FlaskForm, sheet: Sheet) -> Iterator[tuple[str, Line]]:
    """Give the lines with their places, the quorum first, as the tests are taken."""
    if sheet.quorum is not None:
        yield QUORUM, sheet.quorum
    yield from zip(_places(form), sheet.lines, strict=True)


def _comparisons(form: FlaskForm) -> Iterator[str]:
    """Give for each comparison of the rule the field where it is typed; none if it is kept."""
    for place, one in _all(form, typed_sheet(form)):
        if one.kept:
            yield from ("" for _ in comparisons(kept_test(one.kept)))
        else:
            yield f"{place}-{PARTS[0]}"


def _typed(form: FlaskForm, place: str) -> Line:
    if f"{place}-{KEPT}" in form:
        return Line(kept=form[f"{place}-{KEPT}"].data)
    return Line({part: form[f"{place}-{part}"].data or "" for part in PARTS})


def _texts(form: FlaskForm, around: Around) -> dict[str, Any]:
    names = {}
    for choice in Choice:
        said = _in_languages(form, around, f"name-{choice}")
        if said:
            names[choice.value] = said
    found = {
        "title": _in_languages(form, around, "title"),
        "source": form.source.data,
        "names": names,
    }
    return {name: part for name, part in found.items() if part}


def _in_languages(form: FlaskForm, around: Around, name: str) -> dict[str, str]:
    said = {code: form[f"{name}-{code}"].data for code in around.languages}
    return {code: words for code, words in said.items() if words}
