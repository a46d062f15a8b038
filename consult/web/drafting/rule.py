"""Step 4: the rule, explained on the present roll; comments, disclosure; opening and deadline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from consult.core import deadline
from consult.core.deadline import Hour, Warn, Written
from consult.core.ledger import instant
from consult.core.life import CommentPolicy, Disclosure, Kind, Unconfirmed
from consult.core.rule import parse
from consult.core.silence import Breaks, under_silence
from consult.errors import BadInput
from consult.queries.drafting import Draft, Roll, roll_for
from consult.queries.texts import pick
from consult.queries.working_days import holidays_of
from consult.web.drafting import outage, reminding
from consult.web.drafting.forms import DraftForm, choose, clean, made, months
from consult.web.drafting.page import RULE, Page
from consult.web.drafting.rules import choosable, chosen_key, keys_of, rule_of
from consult.web.frame import desk, language
from consult.wording import kinds

_PARTS = ("day", "month", "year", "time")
PUBLIC, MEMBERS = "public", "members"
WITHOUT, WITH_NOTE = "none", "pdf"
CHECK_DATE, TAKE = "check", "take"
_SHOWN = 4  # rules in the open; the others are folded


@dataclass(frozen=True, slots=True)
class Local:
    """What the clocks show in some capitals.

    Args:
        clock: ``17:00``.
        days: How many days after the date of the seat; negative if before.
    """

    clock: str
    days: int
    capitals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What can be said of the deadline as it is written.

    Args:
        proposed: A working day with a full working day before it, where something speaks
            against the one that is written.
    """

    at: datetime
    warnings: tuple[Warn, ...]
    proposed: datetime | None
    hours: tuple[Local, ...]


def form_of(draft: Draft, *given: Any) -> FlaskForm:
    """Make the form; with the button "Use …" the proposed deadline is in its fields."""
    content = draft.content
    zone = ZoneInfo(draft.body.zone)
    data = {
        "seen": draft.version,
        "rule": chosen_key(draft),
        "comments": content["comments"],
        "disclosure": content["disclosure"],
        "breaks": content["breaks"],
        "unconfirmed": content["unconfirmed"],
        "notes": WITH_NOTE if content["notes"] else WITHOUT,
        "public": PUBLIC if content["public"] else MEMBERS,
        **_written("closes", content["closes_at"], zone),
        **_written("opens", content["opens_at"], zone),
        **outage.written(content["outage"]),
    }
    form: FlaskForm = made(DraftForm, _fields(draft))(*given, data=data)
    return form


def _fields(draft: Draft) -> dict[str, Any]:
    return {
        "rule": RadioField(
            _("Rule"),
            choices=[SelectChoice(key, key) for key in keys_of(draft)],
            validate_choice=False,
        ),
        "comments": choose(
            _("Comments"), [(one.value, kinds.comment_policy(one)) for one in CommentPolicy]
        ),
        "disclosure": choose(
            _("Positions are shown"), [(one.value, kinds.disclosure(one)) for one in Disclosure]
        ),
        "breaks": choose(
            _("An objection breaks the silence on"),
            [(one.value, kinds.breaks(one)) for one in Breaks],
        ),
        "unconfirmed": choose(
            _("A reply given before a revision of the letter"),
            [(one.value, kinds.unconfirmed(one)) for one in Unconfirmed],
        ),
        "notes": choose(
            _("Note with a reply"),
            [(WITHOUT, _("No note")), (WITH_NOTE, _("One PDF may go with the reply"))],
        ),
        "public": choose(
            _("The decision record is for"),
            [(PUBLIC, _("Everybody")), (MEMBERS, _("The Member States on the roll alone"))],
        ),
        **_instant("closes"),
        **_instant("opens"),
        **outage.fields(),
    }


def _instant(name: str) -> dict[str, Any]:
    return {
        f"{name}-day": StringField(_("Day"), filters=[clean]),
        f"{name}-month": choose(_("Month"), months()),
        f"{name}-year": StringField(_("Year"), filters=[clean]),
        f"{name}-time": StringField(_("Time, 24 hours"), filters=[clean]),
    }


def _written(name: str, text: str | None, zone: ZoneInfo) -> dict[str, str]:
    written = deadline.write(datetime.fromisoformat(text) if text else None, zone)
    return {f"{name}-{part}": getattr(written, part) for part in _PARTS}


def changes(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return what was chosen and written.

    Raises:
        BadInput: At the field that is wrong.
    """
    if form.do.data == TAKE:
        take(draft, form)
    closes_at, opens_at = read_both(draft, form)
    decides = draft.content["kind"] == Kind.DECISION.value
    rule = rule_of(draft, form.rule.data) if decides and form.rule.data else None
    return {
        **reminding.fitting(draft, rule),
        "rule": dict(rule) if rule else None,
        "comments": form.comments.data,
        "disclosure": form.disclosure.data,
        "breaks": form.breaks.data,
        "unconfirmed": form.unconfirmed.data,
        "notes": form.notes.data == WITH_NOTE,
        "public": form.public.data == PUBLIC,
        "closes_at": instant(closes_at) if closes_at else None,
        "opens_at": instant(opens_at) if opens_at else None,
        "outage": outage.read(form),
    }


def take(draft: Draft, form: FlaskForm) -> None:
    """Put the proposed deadline into the fields."""
    found = checked(draft, form, roll_for(desk().engine, draft, desk().clock(), "en"))
    if found and found.proposed:
        written = deadline.write(found.proposed, ZoneInfo(draft.body.zone))
        for part in _PARTS:
            form[f"closes-{part}"].data = getattr(written, part)


def read_both(draft: Draft, form: FlaskForm) -> tuple[datetime | None, datetime | None]:
    """Return deadline and opening.

    Raises:
        BadInput: At every field that is wrong.
    """
    found: list[datetime | None] = []
    faults: dict[str, str] = {}
    for name in ("closes", "opens"):
        try:
            found.append(read(draft, form, name))
        except BadInput as wrong:
            faults |= wrong.faults
    if faults:
        raise BadInput(faults)
    return found[0], found[1]


def read(draft: Draft, form: FlaskForm, name: str) -> datetime | None:
    """Return the instant that four fields say; None if they say no day.

    Raises:
        BadInput: At the field that is wrong.
    """
    written = Written(*(form[f"{name}-{part}"].data or "" for part in _PARTS))
    try:
        return deadline.read(written, ZoneInfo(draft.body.zone))
    except BadInput as wrong:
        raise BadInput({f"{name}-{part}": code for part, code in wrong.faults.items()}) from None


def context(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return the rules with what they take on the roll, and what is said of the deadline."""
    tongue = language()
    roll = roll_for(desk().engine, draft, desk().clock(), tongue)
    rules = choosable(draft, roll, tongue)
    chosen = form.rule.data or ""
    shown = [one for n, one in enumerate(rules) if n < _SHOWN or one.key == chosen]
    return {
        "roll": roll,
        "rules": shown,
        "more_rules": [one for one in rules if one not in shown],
        "chosen": chosen,
        "by_silence": _by_silence(draft, chosen),
        "checked": checked(draft, form, roll),
    }


def _by_silence(draft: Draft, chosen: str) -> bool:
    """Say whether the rule chosen, or that of an item, is one of the silence procedure."""
    rules = [rule_of(draft, chosen) if chosen else None]
    rules += [item["rule"] for item in draft.content["items"]]
    return any(under_silence(parse(rule)) for rule in rules if rule)


def checked(draft: Draft, form: FlaskForm, roll: Roll) -> Checked | None:
    """Return what can be said of the deadline as written; None if none is, or it is wrong."""
    try:
        at, opens_at = read_both(draft, form)
    except BadInput:
        return None
    if at is None:
        return None
    zone, holiday = ZoneInfo(draft.body.zone), holidays_of(draft.body.holidays)
    begins_at = max(opens_at, desk().clock()) if opens_at else desk().clock()
    least = draft.body.least_days
    found = deadline.warnings(at, zone, holiday, begins_at=begins_at, least_days=least)
    proposed = None
    if found:
        proposed = deadline.nearest(at, zone, holiday, begins_at=begins_at, least_days=least)
    capitals = [(seat.code, ZoneInfo(seat.zone)) for seat in roll.seats if seat.zone]
    hours = deadline.hours(at, zone, capitals)
    return Checked(at, tuple(found), proposed, tuple(_local(hour, roll) for hour in hours))


def _local(hour: Hour, roll: Roll) -> Local:
    tongue = language()
    named = {
        seat.code: pick(seat.capital, tongue) or pick(seat.name, tongue) for seat in roll.seats
    }
    capitals = tuple(dict.fromkeys(named[code] for code in hour.members))
    return Local(f"{hour.local:%H:%M}", hour.days, capitals)


PAGE = Page(RULE, "rule.html", form_of, changes, context, only_shows=frozenset({CHECK_DATE}))
