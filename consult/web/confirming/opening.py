"""An opening: the letter in each language, the items, the roll, the rule, the deadline."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core import shown as as_shown
from consult.core.life import Disclosure
from consult.core.roll import roll_data
from consult.core.rule import parse
from consult.core.silence import Breaks, under_silence
from consult.documents.letter import LetterView
from consult.queries.drafting import Roll, draft_of, roll_for
from consult.queries.requests import Asked
from consult.queries.texts import pick
from consult.web.confirming.shown import Shown
from consult.web.drafting.page import editing
from consult.web.drafting.previews import letter_of
from consult.web.frame import desk, language
from consult.web.office.heading import place_of
from consult.wording import LANGUAGES, instants, kinds, rules


def opening(found: Asked, what: Mapping[str, Any]) -> Shown | None:
    if found.decided:
        return Shown(found.shown, _("The consultation is opened as its letter says."))
    draft = draft_of(desk().engine, found.head.slug)
    roll = roll_for(desk().engine, draft, desk().clock(), "en")
    now = as_shown.opening(draft.content, roll.lines)
    letter: LetterView | None = letter_of(draft, roll)
    place, closes_at = place_of(found.head), found.head.closes_at
    tongues = {code: LANGUAGES.get(code, code) for code in draft.content["languages"]}
    deadline = instants.full(closes_at, place) if closes_at else ""
    return Shown(
        hash=now,
        sentence=ngettext(
            "The roll of %(num)d Member State is frozen, the letter and its rule are entered in"
            " the ledger, and the invitations go out; replies are taken until %(deadline)s.",
            "The roll of %(num)d Member States is frozen, the letter and its rule are entered in"
            " the ledger, and the invitations go out; replies are taken until %(deadline)s.",
            len(roll.seats),
            deadline=deadline,
        ),
        facts=tuple(_terms(found, draft.content, deadline)),
        before=_roll_before(what, roll) if now != found.shown else (),
        parts={
            "letter": letter,
            "roll": roll,
            "tongues": tongues,
            "editing": editing(draft),
            "links": _links(found, draft.documents),
        },
    )


def _terms(found: Asked, content: Mapping[str, Any], deadline: str) -> list[tuple[str, str]]:
    """Return what the letter itself does not say, or not so shortly."""
    opens_at, place = found.head.opens_at, place_of(found.head)
    tongues = [LANGUAGES.get(code, code) for code in content["languages"]]
    said = [
        (_("Opening"), instants.full(opens_at, place)) if opens_at else None,
        (_("Deadline"), deadline),
        (_("Rule"), rules.title(parse(content["rule"]), language())) if content["rule"] else None,
        (_("An objection breaks the silence on"), kinds.breaks(Breaks(content["breaks"])))
        if _by_silence(content)
        else None,
        (_("Positions are shown"), kinds.disclosure(Disclosure(content["disclosure"]))),
        (_("Note with a reply"), _("One PDF may go with the reply")) if content["notes"] else None,
        (_("Languages"), kinds.listed(tongues)),
        (_("Observers"), _("Observers of the body read this letter"))
        if content["observers"]
        else None,
    ]
    return [one for one in said if one is not None]


def _by_silence(content: Mapping[str, Any]) -> bool:
    rules = [content["rule"], *(item["rule"] for item in content["items"])]
    return any(under_silence(parse(rule)) for rule in rules if rule)


def _roll_before(what: Mapping[str, Any], roll: Roll) -> tuple[str, ...]:
    """Say how the roll differs from the one that was asked for."""
    before = {line["code"]: line for line in what.get("roll", ())}
    now = {str(line["code"]): line for line in roll_data(roll.lines)}
    names = {seat.code: pick(seat.name, language()) for seat in roll.seats}
    gone = [str(before[code]["name"]) for code in before.keys() - now.keys()]
    come = [names[code] for code in now.keys() - before.keys()]
    other = [names[code] for code in now.keys() & before.keys() if now[code] != before[code]]
    said = []
    if gone:
        said.append(_("Asked for with %(members)s on the roll, now without.", members=_some(gone)))
    if come:
        said.append(_("Asked for without %(members)s on the roll, now with.", members=_some(come)))
    if other:
        said.append(
            _(
                "Name, groups, weights or right to vote were otherwise when it was asked for:"
                " %(members)s.",
                members=_some(other),
            )
        )
    return tuple(said) or (_("The letter was otherwise when it was asked for."),)


def _some(names: list[str]) -> str:
    return kinds.listed(sorted(names))


def _links(found: Asked, documents: Any) -> dict[str, str]:
    return {
        one.sha256: url_for("office.document", slug=found.head.slug, document=one.id)
        for one in documents
        if one.sha256
    }
