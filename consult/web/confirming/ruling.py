"""A ruling of the presiding officer: on which reply, why, and what it makes of the count."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from consult.core import shown as as_shown
from consult.core.ledger import hash_of
from consult.core.record import decision_of, result_of
from consult.documents.late import effects
from consult.queries.late import late_register
from consult.queries.requests import Asked
from consult.web.confirming.shown import Shown
from consult.web.frame import desk, language
from consult.web.office.heading import place_of
from consult.wording import instants


def ruling(found: Asked, what: Mapping[str, Any]) -> Shown | None:
    register = late_register(desk().engine, found.head.slug, desk().clock(), language())
    line = next((one for one in register.lines if one.reply.number == what["about"]), None)
    if line is None:
        return None
    case = line.counting if what["counts"] else line.without
    effect = hash_of(decision_of(result_of(case))) if case else None
    now = as_shown.ruling(what, effect)
    return Shown(
        hash=found.shown if found.decided else now,
        sentence=_sentence(found, what),
        facts=(
            (_("Member State"), found.member),
            (_("Version"), str(what["version"])),
            (
                _("Reached the secretariat"),
                instants.exact(line.reply.received_at, place_of(found.head)),
            ),
            (_("Ruling"), _("It counts") if what["counts"] else _("It does not count")),
            (_("Reasons"), what["reasons"]),
            (_("Authority of the presiding officer"), what["authority"]),
        ),
        before=(_("The count was another when it was asked for."),)
        if now != found.shown and not found.decided
        else (),
        parts={"line": line, "effects": effects(line, register.titles, language())},
    )


def _sentence(found: Asked, what: Mapping[str, Any]) -> str:
    words = (
        _(
            "The ruling is entered in the ledger: the reply of %(member)s counts.",
            member=found.member,
        )
        if what["counts"]
        else _(
            "The ruling is entered in the ledger: the reply of %(member)s does not count.",
            member=found.member,
        )
    )
    return str(
        _(
            "%(ruling)s The replies are counted again; where that changes what was certified, it"
            " must be certified anew.",
            ruling=words,
        )
    )
