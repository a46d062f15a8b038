"""A revision of the letter or of its roll: what it changes, and what it takes before and after."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from consult.actions.corrected_roll import corrected
from consult.core import shown as as_shown
from consult.core.difference import differences
from consult.core.life import Revising, Unconfirmed
from consult.core.need import need
from consult.core.revision import changed_items, with_attached
from consult.core.roll import RollLine
from consult.core.rule import parse
from consult.documents.differences import places
from consult.documents.roll_change import roll_view
from consult.queries.drafting import draft_of
from consult.queries.requests import Asked
from consult.queries.revisions import roll_lines
from consult.web.confirming.shown import Shown
from consult.web.frame import desk, language
from consult.wording import LANGUAGES, kinds, letters, revisions, rules


def revision(found: Asked, what: Mapping[str, Any]) -> Shown:
    kind = Revising(what["kind"])
    make = _roll if kind is Revising.ROLL else _letter
    sentence, facts, shown = make(found, what, kind)
    if found.decided == "confirmed":
        number = what["revision"]
        made = url_for("revising.revision", slug=found.head.slug, number=number)
        shown = {"made": made}
    return Shown(
        hash=as_shown.revision(what),
        sentence=sentence,
        facts=tuple((term, words) for term, words in facts if words),
        parts=shown,
    )


_Made = tuple[str, list[tuple[str, str]], dict[str, Any]]


def _letter(found: Asked, what: Mapping[str, Any], kind: Revising) -> _Made:
    content = draft_of(desk().engine, found.head.slug).content
    after = with_attached(content, what["content"])
    changed = changed_items(kind, content, after) if found.decided != "confirmed" else []
    facts = [
        (_("Kind"), kinds.revising(kind)),
        (_("Language"), LANGUAGES.get(what["language"] or "", "")),
        (_("Reason"), what["reason"]),
        (_("Authority"), what["authority"]),
        (_("Asked to confirm"), revisions.items(changed)) if changed else ("", ""),
        (_("A reply given before"), letters.if_revised(Unconfirmed(content["unconfirmed"])))
        if changed
        else ("", ""),
    ]
    sentence = _(
        "The letter becomes Rev.%(number)s as shown below. %(what)s",
        number=what["revision"],
        what=revisions.what(kind),
    )
    return sentence, facts, {"places": places(differences(content, after), language())}


def _roll(found: Asked, what: Mapping[str, Any], _kind: Revising) -> _Made:
    view = roll_view(what["member"], what["before"], what["after"], language())
    facts = [(_("Reason"), what["reason"]), (_("Authority"), what["authority"])]
    if found.decided != "confirmed" and found.head.rule:
        lines = roll_lines(desk().engine, found.head.slug, "en")
        facts += figures(
            found.head.rule, lines, corrected(list(lines), what["member"], what["after"])
        )
    return (
        _(
            "The roll becomes Rev.%(number)s. %(what)s",
            number=what["revision"],
            what=view.told,
        ),
        facts,
        {"roll": view},
    )


def figures(
    rule: Mapping[str, Any], before: Sequence[RollLine], after: Sequence[RollLine]
) -> list[tuple[str, str]]:
    """Return what adoption takes on the roll as it stands and on the corrected one."""
    read = parse(rule)
    return [
        (_("It takes now"), rules.takes(read, need(read, before))),
        (_("It takes then"), rules.takes(read, need(read, after))),
    ]
