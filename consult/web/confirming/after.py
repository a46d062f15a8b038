"""What follows a decision: an erratum beside its record, a referral of items to a meeting."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.actions.referring import SECRETARIAT
from consult.core.ledger import hash_of
from consult.queries.requests import Asked
from consult.web.confirming.shown import Shown
from consult.wording import LANGUAGES, kinds


def erratum(_found: Asked, what: Mapping[str, Any]) -> Shown:
    return Shown(
        hash=hash_of({"words": what["words"]}),
        sentence=_(
            "The words below stand beside the published record, under the next number, for ever."
            " The record itself stays as it is."
        ),
        facts=tuple(
            (LANGUAGES.get(language, language), text) for language, text in what["words"].items()
        ),
    )


def referral(_found: Asked, what: Mapping[str, Any]) -> Shown:
    asked = what["asked_for_by"]
    facts = [
        (_("Items"), kinds.listed(what["items"])),
        (_("Meeting"), what["meeting"]),
        (_("Asked for by"), _("The secretariat") if asked == SECRETARIAT else asked),
        (_("Reason"), what["reason"]),
        (_("Authority"), what["authority"]),
    ]
    return Shown(
        hash=hash_of(dict(what)),
        sentence=ngettext(
            "%(num)d item is referred to %(meeting)s. Its outcome stays as it was counted.",
            "%(num)d items are referred to %(meeting)s. Their outcomes stay as they were counted.",
            len(what["items"]),
            meeting=what["meeting"],
        ),
        facts=tuple((term, value) for term, value in facts if value),
    )
