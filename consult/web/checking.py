"""What somebody gives to be checked, a file or the last line of a mail, and what was found."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms.validators import Length, Optional

from consult.actions.change import Desk
from consult.core.findings import Fault, Findings
from consult.core.ledger import sha256_hex
from consult.core.verify import Trust, verify
from consult.errors import BadInput
from consult.queries.keys import key_file
from consult.queries.register import holds_head, number_of

LARGEST = 20 * 1024 * 1024

_LINE = re.compile(
    r"\s*(?:Ledger\s+)?(?:(?P<reference>[^\s\x00-\x1f]{1,64})\s+)?#?(?P<number>[0-9]{1,9})[:\s]\s*"
    r"(?P<head>[0-9A-Fa-f]{32,64})\s*"
)


class CheckForm(FlaskForm):
    """A file, the line of a mail, or both."""

    file = FileField(_l("File"))
    line = wtforms.StringField(
        _l("Line from a mail"), [Optional(), Length(max=200)], filters=[lambda s: (s or "").strip()]
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Refuse an empty form, a line that is none and a file that is none of ours."""
        if not super().validate():
            return False
        if self.line.data and _read_line(self.line.data) is None:
            self.line.errors = [
                _("Line: give it as it stands in the mail, with the number and 32 to 64 digits")
            ]
        if not self.line.data and not self.given():
            self.file.errors = [_("File: choose a file, or give the line of a mail")]
        return not self.errors

    def given(self) -> bool:
        """Say whether a file was chosen."""
        return isinstance(self.file.data, FileStorage) and bool(self.file.data.filename)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, in words; *faults* are as the command line prints them."""

    holds: bool
    heading: str
    sentences: tuple[str, ...]
    faults: tuple[Fault, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    reference: str
    number: int
    head: str


def check(desk: Desk, form: CheckForm) -> Checked:
    """Check what was given; nothing is kept."""
    line = _read_line(form.line.data) if form.line.data else None
    if not form.given():
        assert line is not None  # noqa: S101 - the form saw to it
        return _look_up(desk, line)
    raw = form.file.data.read()
    try:
        heads = [(line.number, line.head)] if line else []
        findings = verify(raw, heads, Trust(keys=tuple(key_file(desk.engine)["keys"])))
    except BadInput as unreadable:
        return _unreadable(unreadable)
    if findings.kind == "countersignature" and findings.holds:
        return _stood_for(desk, findings, sha256_hex(raw))
    told = _told(findings, sha256_hex(raw), number_of(desk.engine, sha256_hex(raw)))
    if findings.kind != "receipt" or not findings.holds:
        return told
    return replace(told, sentences=(*told.sentences, _entered(desk, raw, findings)))


def _stood_for(desk: Desk, findings: Findings, sha256: str) -> Checked:
    """Say of a countersignature for which record of the register it stands."""
    number = number_of(desk.engine, str(findings.facts["record"]))
    told = _told(findings, sha256, None)
    said = (
        _("It stands for record %(number)s of this register, as it was published.", number=number)
        if number
        else _("The record for which it stands is not public, or not of this service.")
    )
    return replace(told, sentences=(*told.sentences, str(said)))


def _entered(desk: Desk, raw: bytes, findings: Findings) -> str:
    """Say whether the entry of a receipt is in the ledger as it stands."""
    facts = findings.facts
    reference, number = str(facts["reference"]), facts["number"]
    assert isinstance(number, int)  # noqa: S101 - the receipt holds
    if holds_head(desk.engine, reference, number, json.loads(raw)["head"]):
        return str(_("Its entry is in the ledger of this service."))
    return str(_("Its entry is not in a ledger of this service."))


def _read_line(text: str) -> _Line | None:
    found = _LINE.fullmatch(text)
    if found is None:
        return None
    return _Line(found["reference"] or "", int(found["number"]), found["head"].lower())


def _look_up(desk: Desk, line: _Line) -> Checked:
    """Look for the head of a line in the ledger as it stands (T50)."""
    said = {"number": line.number, "reference": line.reference}
    if holds_head(desk.engine, line.reference, line.number, line.head):
        return Checked(
            holds=True,
            heading=_("The line is in the ledger"),
            sentences=(
                _(
                    "Entry %(number)s of the ledger of %(reference)s has the head that the line "
                    "gives. What came before it is what it was when the mail was sent.",
                    **said,
                ),
            ),
        )
    return Checked(
        holds=False,
        heading=_("The line is not in the ledger"),
        sentences=(
            _(
                "There is no entry %(number)s with this head in a ledger of %(reference)s. Compare "
                "the line with the mail; if it stands there, tell the other Member States and "
                "the secretariat.",
                **said,
            ),
        ),
    )


def _unreadable(fault: BadInput) -> Checked:
    return Checked(
        holds=False,
        heading=_("The file cannot be read"),
        sentences=(_("It is not a decision record, a receipt or a ledger of this service."),),
        faults=tuple(Fault(place, what) for place, what in fault.faults.items()),
    )


def _told(findings: Findings, sha256: str, number: str | None) -> Checked:
    if findings.holds:
        heading = _("All of it holds")
    else:
        heading = ngettext(
            "%(num)d thing does not hold", "%(num)d things do not hold", len(findings.faults)
        )
    return Checked(
        holds=findings.holds,
        heading=heading,
        sentences=tuple(_sentences(findings, number)),
        faults=tuple(findings.faults),
        facts=tuple(_facts(findings, sha256)),
    )


def _sentences(findings: Findings, number: str | None) -> Iterator[str]:
    kinds = {
        "record": _("The file is a decision record."),
        "ledger": _("The file is the export of a ledger."),
        "receipt": _("The file is a receipt."),
        "keys": _("The file is a list of keys."),
        "countersignature": _(
            "The file is a countersignature: the word of a newer key for a record."
        ),
    }
    yield kinds.get(findings.kind, "")
    if not findings.holds:
        yield _("Something in it was changed, or is missing. The places are named below.")
        return
    if number:
        yield _("It is, to the letter, record %(number)s of this register.", number=number)
    if findings.kind == "record":
        yield _("Every count and outcome in it follows from the replies in its ledger.")
    if findings.facts.get("heads_held"):
        yield _("The line of the mail is in it.")
    yield _("It is signed with a key of this service. Compare its fingerprint with your letter.")


def _facts(findings: Findings, sha256: str) -> Iterator[tuple[str, str]]:
    words = {
        "reference": _("Reference"),
        "member": _("Member State"),
        "version": _("Version"),
        "entries": _("Ledger entries"),
        "replies": _("Replies"),
        "head": _("Head of the ledger"),
    }
    for name, term in words.items():
        if findings.facts.get(name) is not None:
            yield term, str(findings.facts[name])
    keys = findings.facts.get("keys")
    if isinstance(keys, list):
        for one in keys:
            yield _("Fingerprint of the key"), str(one)
    yield _("Fingerprint (SHA-256)"), sha256
