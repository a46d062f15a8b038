"""What an officer types about a paper: whose it is, how and when it came, and its scan."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, RadioField, SelectChoice, StringField, TextAreaField

from consult.actions.documents import Kept
from consult.actions.recording import unclear_faults
from consult.core.answer import LONGEST_COMMENT, Draft, Unclear, Words
from consult.core.deadline import Written
from consult.core.deadline import read as read_instant
from consult.core.ledger import normal
from consult.core.life import Channel, Role
from consult.core.upload import EVIDENCE
from consult.errors import BadInput
from consult.queries.reply import Page
from consult.web import receiving
from consult.web.drafting.forms import choose, clean, months
from consult.web.reply.typed import Fault
from consult.wording import LANGUAGES, kinds
from consult.wording.faults import fault

LONGEST_REASON = 1000
FORM_AROUND = 256 * 1024  # what a form adds to the file
_BOTH = frozenset({Role.OFFICER, Role.APPROVER})
_CHANNELS = (Channel.NOTE_VERBALE, Channel.LETTER, Channel.EMAIL, Channel.FAX)
_PARTS = ("day", "month", "year", "time")
_HEX = 64
_WITH_SECONDS = 3  # hours, minutes, seconds


def keep_scan(form: Any) -> Kept | None:
    """Keep the scan; None with its fault beside the field where it cannot be kept."""
    sent = sent_file(form)
    assert sent is not None  # noqa: S101 - the form was checked
    try:
        return receiving.keep(sent, EVIDENCE)
    except BadInput as refused:
        form.file.errors = [fault(code) for code in refused.faults.values()]
        return None


def paper_form(members: Sequence[tuple[str, str]], language: str) -> Any:
    """Return the form; the address may name the member."""
    fields = {
        "member": choose(_("Member State"), [("", _("Choose")), *members]),
        "channel": RadioField(
            _("How it came"),
            choices=[SelectChoice(one.value, kinds.channel(one)) for one in _CHANNELS],
            validate_choice=False,
        ),
        "received-day": StringField(_("Day"), filters=[clean]),
        "received-month": choose(_("Month"), months()),
        "received-year": StringField(_("Year"), filters=[clean]),
        "received-time": StringField(_("Time, 24 hours"), filters=[clean]),
        "language": choose(_("Language of the reply"), list(LANGUAGES.items())),
        "reason": TextAreaField(_("Why you record it"), filters=[clean]),
        "file": FileField(_("The scan, or the e-mail")),
        "key": HiddenField(),
    }
    given = request.args.get("member", "")
    form: type[FlaskForm] = type("PaperForm", (FlaskForm,), fields)
    return form(
        data={
            "member": given if given in {code for code, _name in members} else "",
            "language": language,
            "key": secrets.token_hex(16),
        }
    )


def received_at(form: Any, zone: str) -> datetime | None:
    """Return when the paper reached the secretariat; None where a fault stands beside it."""
    try:
        return _instant({part: form[f"received-{part}"].data or "" for part in _PARTS}, zone)
    except BadInput as wrong:
        for part, code in wrong.faults.items():
            form[f"received-{part}"].errors = [fault(code)]
        return None


def _instant(typed: Mapping[str, str], zone: str) -> datetime:
    clock, seconds = _seconds(typed["time"])
    if seconds is None:
        raise BadInput({"time": "time"})
    written = Written(typed["day"], typed["month"], typed["year"], clock)
    at = read_instant(written, ZoneInfo(zone))
    if at is None:
        raise BadInput({"day": "missing"})
    return at + timedelta(seconds=seconds)


def check(form: Any, now: datetime, opens_at: datetime, at: datetime | None) -> None:
    """Put beside its field what is missing or cannot be, so that all is seen at once."""
    if not form.member.data:
        form.member.errors = [_("Choose the Member State")]
    if form.channel.data not in {one.value for one in _CHANNELS}:
        form.channel.errors = [fault("not-by-web")]
    if not form.reason.data:
        form.reason.errors = [_("Say why, such as: the mission had no access to the form")]
    elif len(form.reason.data) > LONGEST_REASON:
        form.reason.errors = [fault("too-long", {"most": LONGEST_REASON})]
    if not sent_file(form):
        form.file.errors = [_("Choose the scan: it is what the second officer confirms")]
    if at is not None and at < opens_at:
        form["received-day"].errors = [fault("before-opening")]
    if at is not None and at > now:
        form["received-day"].errors = [fault("in-the-future")]


def unclear_in(page: Page, given: Mapping[str, str], spoken: str, own: str) -> dict[str, Unclear]:
    """Return what is put to the member of each item that the paper leaves open.

    Args:
        spoken: The language of the paper.
        own: That in which the officer asks.
    """
    found = {}
    for item in page.items:
        words, question = (normal(given.get(f"{name}-{item.code}", "")) for name in ("uw", "uq"))
        if words.strip() or question.strip():
            found[item.code] = Unclear(Words(words, spoken), Words(question, own))
    return found


def unclear_wrong(draft: Draft, unclear: Mapping[str, Unclear]) -> list[Fault]:
    """Return what is wrong with it, each fault at the words of its item."""
    return [
        Fault(code, f"uw-{code}", fault(wrong, {"most": LONGEST_COMMENT}), position=True)
        for code, wrong in unclear_faults(draft, unclear).items()
    ]


def sent_file(form: Any) -> FileStorage | None:
    """Return the file that was chosen."""
    sent = form.file.data
    return sent if isinstance(sent, FileStorage) and sent.filename else None


def key_of(form: Any) -> str:
    """Return the key of the form, one that it could have made."""
    key: str = form.key.data or ""
    return key if 0 < len(key) <= _HEX and key.isalnum() else secrets.token_hex(16)


def _seconds(typed: str) -> tuple[str, int | None]:
    """Take the seconds off a time, if it has any; None if they are none."""
    parts: Sequence[str] = typed.strip().replace(".", ":").split(":")
    if len(parts) != _WITH_SECONDS:
        return typed, 0
    last = parts[2]
    whole = last.isascii() and last.isdecimal() and len(last) == len("00") and int(last) < 60  # noqa: PLR2004
    return ":".join(parts[:2]), int(last) if whole else None
