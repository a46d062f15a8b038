"""A change of who may reply for a member: who, for whom, on what paper."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from consult.core.ledger import hash_of
from consult.queries.requests import Asked
from consult.web.confirming.shown import Shown
from consult.wording import LANGUAGES


def mandate(found: Asked, what: Mapping[str, Any]) -> Shown:
    head, ends = what["role"] == "head", what["ends"] is not None
    names = {"person": what["person"], "member": found.member}
    if ends:
        sentence = _("%(person)s may no longer reply for %(member)s.", **names)
    elif head:
        sentence = _(
            "%(person)s becomes head focal point of %(member)s, in the place of the present one.",
            **names,
        )
    else:
        sentence = _("%(person)s may reply for %(member)s from then on, as an alternate.", **names)
    facts = [
        (_("Name"), what["person"]),
        (_("Role"), _("head focal point") if head else _("alternate")),
        (_("E-mail"), what.get("address")),
        (_("Language of the mail"), LANGUAGES.get(what.get("language") or "", "")),
        (_("Telephone"), what.get("telephone")),
        (_("On what paper"), what.get("paper") or _("Not noted")),
    ]
    return Shown(
        hash=hash_of(dict(what)),
        sentence=sentence,
        facts=tuple((term, str(value)) for term, value in facts if value),
    )
