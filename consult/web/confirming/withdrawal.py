"""A withdrawal: of what, why, on whose authority, and what it leads to."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from consult.actions.referring import SECRETARIAT
from consult.core import shown as as_shown
from consult.queries.extending import withdrawable
from consult.queries.requests import Asked
from consult.web.confirming.shown import Shown
from consult.web.frame import desk, language
from consult.wording import kinds


def withdrawal(found: Asked, what: Mapping[str, Any]) -> Shown:
    letter = withdrawable(desk().engine, found.head.slug, desk().clock(), language())
    standing = letter.items
    titles, items = dict(standing), what["items"]
    current = as_shown.withdrawal(what, [code for code, _title in standing])
    if items is None:
        sentence = _(
            "The whole consultation ends without a result. No reply is taken any more, the"
            " positions that were sent stay closed, and every focal point on the roll is told."
        )
    else:
        sentence = _(
            "Nothing is decided on these items any more; the consultation goes on for the others,"
            " and every focal point on the roll is told."
        )
    said = [
        _("%(item)s. %(title)s", item=code, title=titles[code]) if code in titles else code
        for code in items or ()
    ]
    return Shown(
        hash=found.shown if found.decided else current,
        sentence=sentence,
        facts=(
            (_("Withdrawn"), kinds.listed(said) or str(_("The whole consultation"))),
            *_referred(what, dict(letter.members)),
            (_("Reason"), what["reason"]),
            (_("Authority of the presiding officer"), what["authority"]),
        ),
        before=(
            (_("Other items stood when it was asked for."),)
            if not found.decided and current != found.shown
            else ()
        ),
    )


def _referred(what: Mapping[str, Any], names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    if not what.get("to"):
        return ()
    asked = what["asked_for_by"]
    by = str(_("The secretariat")) if asked == SECRETARIAT else names.get(asked, asked)
    return (_("Referred to"), what["to"]), (_("Asked for by"), by)
