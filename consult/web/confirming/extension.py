"""An extension: the deadline that stands and the one asked for, by whom, why, how much longer."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from consult.core import shown as as_shown
from consult.core.extension import SECRETARIAT
from consult.core.ledger import instant, read_instant
from consult.queries.requests import Asked
from consult.web.confirming.shown import Shown
from consult.web.office.heading import place_of
from consult.wording import instants


def extension(found: Asked, what: Mapping[str, Any]) -> Shown:
    place, now_at = place_of(found.head), found.head.closes_at
    assert now_at is not None  # noqa: S101 - it was opened
    was, to = read_instant(what["from"]), read_instant(what["to"])
    by_secretariat = what["asked_for_by"] == SECRETARIAT
    current = as_shown.extension(what, what["from"] if found.decided else instant(now_at))
    return Shown(
        hash=current,
        sentence=_(
            "The deadline moves from %(was)s to %(to)s. Replies already sent stand, reminders"
            " count to the new deadline, and every focal point on the roll is told.",
            was=instants.full(was, place),
            to=instants.full(to, place),
        ),
        facts=(
            (_("Longer by"), instants.duration(to - was)),
            (_("Asked for by"), _("The secretariat") if by_secretariat else found.asked_for),
            (_("Reason"), what["reason"]),
            (_("Authority of the presiding officer"), what["authority"]),
        ),
        before=(
            (
                _(
                    "When it was asked for, the deadline was %(was)s; it has moved since.",
                    was=instants.full(was, place),
                ),
            )
            if current != found.shown
            else ()
        ),
    )
