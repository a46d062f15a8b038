"""Every form without our mark, with a stale one, with a name twice, or with a name too many.

T20, T32.
"""

from collections.abc import Iterator

import pytest
from markupsafe import escape

from tests.web.fuzz.conftest import Ground
from tests.web.fuzz.sending import Pair, filled, foreign, post
from tests.web.fuzz.sheets import TOKEN, Sheet
from tests.web.fuzz.test_forms import judged

pytestmark = [
    pytest.mark.xdist_group("fuzz"),
    # What is refused before it comes to the database is refused alike with each.
    pytest.mark.parametrize("ground", ["sqlite"], indirect=True, scope="session"),
]

REFUSED = 400
UNKNOWN: tuple[Pair, ...] = tuple(
    (name, "administrator")
    for name in ("role", "roles", "state", "channel_", "person_id", "actor", "received_at", "id")
)


def repeatable(ground: Ground, sheet: Sheet) -> frozenset[str]:
    view = ground.world.app.view_functions[sheet.endpoint]
    found: frozenset[str] = getattr(view, "_consult_repeated", frozenset())
    return found


def typed(sheet: Sheet) -> Iterator[str]:
    """Return what was typed into a form and is no secret."""
    for field in sheet.fields:
        if field.kind in {"text", "textarea", "email"} and field.name not in SECRET:
            yield from (value for name, value in filled(sheet) if name == field.name and value)  # type: ignore[misc]


SECRET = {"code", "second", "p-second", "answer", "challenge"}


def test_a_form_without_our_mark_does_nothing_and_loses_nothing(ground: Ground) -> None:
    """T20: none, another session's, or one that is none; what was typed stands in the answer."""
    wrong = []
    sheets = list(ground.sheets.values())
    for sheet, other in zip(sheets, [*sheets[7:], *sheets[:7]], strict=True):
        theirs = next(f.values[0] for f in other.fields if f.name.endswith(TOKEN))
        ours = next(f.values[0] for f in sheet.fields if f.name.endswith(TOKEN))
        tokens = [None, "", "x" * 200, theirs if other.cookie != sheet.cookie else ours[::-1]]
        for token in tokens:
            answer = post(ground.client, sheet, foreign(filled(sheet), token), files=False)
            lost = [said for said in typed(sheet) if str(escape(said)) not in answer.text]
            if answer.status_code != REFUSED or lost or ground.kept.changed():
                wrong.append(f"{sheet.endpoint} ({token!r:.20}): {answer.status_code} {lost}")
            ground.kept.put_back()
    assert not wrong, "\n".join(wrong)


def test_a_name_that_comes_twice_is_refused(ground: Ground) -> None:
    """T32: which of the two would count?"""
    wrong, tried = [], 0
    for sheet in ground.sheets.values():
        several = repeatable(ground, sheet)
        for field in sheet.fields:
            if field.name in several or field.kind == "file":
                continue
            tried += 1
            value = next(iter(field.values), "x") or "x"
            pairs = [pair for pair in filled(sheet) if pair[0] != field.name]
            answer = post(ground.client, sheet, [*pairs, (field.name, value), (field.name, "y")])
            if answer.status_code != REFUSED or ground.kept.changed():
                wrong.append(f"{sheet.endpoint} {field.name}: {answer.status_code}")
            ground.kept.put_back()
    assert tried > 500
    assert not wrong, "\n".join(wrong)


def test_names_that_a_form_has_not_are_not_read(ground: Ground) -> None:
    """T32: role, state, person and times are never taken from a form."""
    wrong = []
    for sheet in ground.sheets.values():
        names = {field.name for field in sheet.fields}
        answers = []
        for more in ((), [pair for pair in UNKNOWN if pair[0] not in names]):
            answer = post(ground.client, sheet, [*filled(sheet), *more])
            answers.append((answer.status_code, answer.location, frozenset(ground.kept.changed())))
            wrong += [f"{sheet.endpoint}: {fault}" for fault in judged(ground, answer)]
            ground.kept.put_back()
        if answers[0] != answers[1]:
            wrong.append(f"{sheet.endpoint}: {answers}")
    assert not wrong, "\n".join(wrong)
