"""Every form, each of its fields in turn with what nobody types: refused in words, or kept as text.

T92, T96, T106.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator

import pytest
from markupsafe import escape
from werkzeug.test import TestResponse

from consult.web.routes import FIELDS
from tests.web.fuzz.conftest import Ground
from tests.web.fuzz.sending import Pair, filled, post, with_value
from tests.web.fuzz.sheets import FORMS, TOKEN, Field, Sheet, named, written
from tests.web.fuzz.values import DIFFERENT, HOSTILE, RAW_MARKUP

pytestmark = pytest.mark.xdist_group("fuzz")
on_one_database = pytest.mark.parametrize("ground", ["sqlite"], indirect=True, scope="session")

UNOFFERED = HOSTILE["enumeration"]
# What asks for a key, a code, an own address or a file that no filling makes up.
UNFIT = {
    "account.address", "account.app", "account.by_code", "account.by_passkey",
    "account.by_password", "account.confirm_by_passkey", "account.keys", "account.to_provider",
    "account.use_link", "drafting.new", "drafting.table", "office.calendars", "office.readmit",
    "observers.name", "office.withdraw", "people.address", "register.verify",
}  # fmt: skip
EACH = 2  # of the values are tried in each field; over all fields every value has its turn
SEE_OTHER, REFUSED, FAULTY, DEFECT = 303, 400, 422, 500
# Rows that say that somebody tried, and a file that is kept whatever else is wrong (T93).
_TRIED = {"address_change", "counter", "login_session", "reply_note", "sign_in_request"}
CHOSEN = {"select", "radio", "checkbox", "button", "file"}
_SECRET = {"password", "again", "second", "code", "p-password", "p-second", "answer", "challenge"}
_SAID = ('aria-invalid="true"', 'class="err"', 'class="errors"', 'role="alert"')
_FAULT = re.compile(r'<p class="err" id=[^>]*>(?:<svg.*?</svg>)?([^<]*)</p>')
_CODE = re.compile(r"[a-z]+(?:-[a-z]+)*")


def values_for(ground: Ground, number: int) -> Iterator[str]:
    """Return the names of the values that the field of that number is given."""
    if ground.postgresql:
        yield from DIFFERENT[number % 2 :: 2]
        return
    names = list(HOSTILE)
    for step in range(EACH):
        yield names[(number * EACH + step) % len(names)]


def tries(ground: Ground) -> Iterator[tuple[Sheet, Field, str, list[Pair]]]:
    """Return each form with each of its fields in turn, with the name of the value in it."""
    number = 0
    for sheet in ground.sheets.values():
        pairs, buttons = filled(sheet), [one for one in sheet.fields if one.name == "do"]
        for field in sheet.fields:
            if field.name.endswith(TOKEN) or (ground.postgresql and field.kind in CHOSEN):
                continue
            number += 1
            for name in values_for(ground, number):
                choices = buttons[0].choices if buttons else ()
                press = choices[number % len(choices)] if choices else None
                yield sheet, field, name, with_value(pairs, field, HOSTILE[name], press)


def judged(ground: Ground, answer: TestResponse) -> Iterator[str]:
    """Return what is wrong with an answer to a form, whatever was in it."""
    said = answer.text if answer.mimetype == "text/html" else ""
    status = answer.status_code
    yield from (defect.splitlines()[-1] for defect in ground.defects.taken())
    if status >= DEFECT:
        yield "a defect"
    if RAW_MARKUP in said:
        yield "markup that was typed stands in the page"
    if status >= REFUSED and (stored := ground.kept.changed() - _TRIED):
        yield f"refused, and written: {stored}"
    if status == FAULTY and not any(mark in said for mark in _SAID):
        yield "refused, and nothing says where"
    if codes := _codes(said):
        yield f"a fault is not in words: {codes}"


def judged_in(answer: TestResponse, field: Field, value: str | bytes) -> Iterator[str]:
    """Return what is wrong with the answer to *value* in *field*."""
    status = answer.status_code
    shown = field.typed and field.name not in _SECRET
    if status == FAULTY and shown and not _kept(answer.text, value):
        yield "refused, and what was typed is lost"
    offered = field.kind not in {"select", "radio"} or value != UNOFFERED
    if status == SEE_OTHER and not offered:
        yield "taken, and nobody offered it"


def _codes(page: str) -> list[str]:
    """Return the faults of a page that are still codes, no words."""
    return [said for said in _FAULT.findall(page) if _CODE.fullmatch(said.strip())]


def _kept(page: str, value: str | bytes) -> bool:
    """Say whether a text stands in a page; of what cannot be shown, whatever stands."""
    text = value if isinstance(value, str) else ""
    return not text.isprintable() or str(escape(text.strip())) in page


def test_no_value_breaks_a_form(ground: Ground) -> None:
    """Nothing is a defect, nothing refused is stored, each fault is said and nothing typed lost."""
    wrong, answers = [], Counter[int]()
    for sheet, field, name, pairs in tries(ground):
        answer, value = post(ground.client, sheet, pairs), HOSTILE[name]
        answers[answer.status_code] += 1
        told = f"{sheet.endpoint} {field.name} ({name}): {answer.status_code}"
        found = (*judged(ground, answer), *judged_in(answer, field, value))
        wrong += [f"{told}, {fault}" for fault in found]
        ground.kept.put_back()
    sys.stdout.write(_said(ground, answers))
    assert not wrong, "\n".join(wrong)


def _said(ground: Ground, answers: Counter[int]) -> str:
    fields = sum(len(sheet.fields) for sheet in ground.sheets.values())
    return (
        f"{ground.world.desk.engine.dialect.name}: {len(ground.sheets)} forms, {fields} fields,"
        f" {len(HOSTILE)} values, {answers.total()} sent: {dict(sorted(answers.items()))}\n"
    )


@on_one_database
def test_every_form_that_is_served_is_tried(ground: Ground) -> None:
    """Every act has its form; `python -m tests.web.fuzz.forms` writes the list of them anew."""
    served = {
        rule.endpoint
        for rule in ground.world.app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    }
    assert served - {endpoint for endpoint, _names in ground.sheets} == set()
    assert written(ground.sheets.values()) == FORMS.read_text(encoding="utf-8")
    assert named(ground.sheets.values()) == FIELDS.read_text(encoding="utf-8")


@on_one_database
def test_most_forms_are_taken_as_they_are_filled(ground: Ground) -> None:
    """So that a hostile value comes as far into an act as it can."""
    refused = set()
    for sheet in ground.sheets.values():
        if post(ground.client, sheet, filled(sheet)).status_code >= REFUSED:
            refused.add(sheet.endpoint)
        ground.kept.put_back()
    ground.defects.taken()
    assert refused <= UNFIT, sorted(refused - UNFIT)
