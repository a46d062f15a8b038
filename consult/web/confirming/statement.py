"""The post-room statement: how many replies came otherwise, and whose."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core import shown as as_shown
from consult.queries.requests import Asked
from consult.web.confirming.shown import Shown
from consult.wording import kinds


def statement(found: Asked, what: Mapping[str, Any]) -> Shown:
    recorded, refused = (
        (what["recorded"], what["refused"])
        if found.decided
        else (len(found.recorded), found.refused)
    )
    now = as_shown.statement(recorded, refused)
    return Shown(
        hash=now,
        sentence=ngettext(
            "It is stated that everything that reached the secretariat before the deadline by"
            " letter, fax or e-mail is recorded: %(num)d reply. Then the replies are counted and"
            " the result opens to the secretariat.",
            "It is stated that everything that reached the secretariat before the deadline by"
            " letter, fax or e-mail is recorded: %(num)d replies. Then the replies are counted"
            " and the result opens to the secretariat.",
            recorded,
        ),
        facts=(
            (_("Recorded on behalf"), kinds.listed(found.recorded) or str(_("none"))),
            (_("Recorded and sent back"), str(refused)),
        ),
        before=(
            (
                _(
                    "When it was asked for, %(recorded)s were recorded and %(refused)s sent back.",
                    recorded=what["recorded"],
                    refused=what["refused"],
                ),
            )
            if now != found.shown
            else ()
        ),
    )
