"""The opening of an exchange of views: why, who asked for it, until when."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from consult.actions.viewing import RULE, SECRETARIAT, shown_hash
from consult.core.ledger import read_instant
from consult.queries.requests import Asked
from consult.web.confirming.shown import Shown
from consult.web.office.heading import place_of
from consult.wording import instants


def views(found: Asked, what: Mapping[str, Any]) -> Shown:
    named = {RULE: str(_("The rule")), SECRETARIAT: str(_("The secretariat"))}
    asks = what["asked_for_by"]
    until = what["until"]
    end = instants.full(read_instant(until), place_of(found.head)) if until else ""
    return Shown(
        hash=shown_hash(what),
        sentence=_(
            "All Member States on the roll are told, read subject and items of the draft, and may"
            " state their views to each other until the consultation opens."
        ),
        facts=(
            (_("Who asks for it"), named.get(asks, asks)),
            (_("Reason"), what["reason"]),
            (_("Until"), end or str(_("The opening of the consultation"))),
        ),
    )
