"""A change of who may reply for a member: who, for whom, on what paper."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from consult.core.ledger import hash_of
from consult.queries.requests import Asked
from consult.web.confirming.shown import Shown
from consult.wording import LANGUAGES


def mandate(found: Asked, what: Mapping[str, Any]) -> Shown:
    role, ends = what["role"], what["ends"] is not None
    facts = [
        (_("Name"), what["person"]),
        (_("Role"), _role(role)),
        (_("E-mail"), what.get("address")),
        (_("Language of the mail"), LANGUAGES.get(what.get("language") or "", "")),
        (_("Telephone"), what.get("telephone")),
        (_("On what paper"), what.get("paper") or _("Not noted")),
    ]
    return Shown(
        hash=hash_of(dict(what)),
        sentence=_sentence(role, ends=ends, person=what["person"], member=found.member),
        facts=tuple((term, str(value)) for term, value in facts if value),
        parts={"sha256": what["paper_sha256"], "name": what["paper_filename"]}
        if what.get("paper_sha256")
        else {},
    )


def _role(role: str) -> str:
    said: dict[str, str] = {"head": _("head focal point"), "adviser": _("adviser")}
    return said.get(role) or str(_("alternate"))


def _sentence(role: str, *, ends: bool, **names: str) -> str:
    if ends and role == "adviser":
        return str(_("%(person)s is no longer an adviser of %(member)s.", **names))
    if ends:
        return str(_("%(person)s may no longer reply for %(member)s.", **names))
    if role == "head":
        return str(
            _(
                "%(person)s becomes head focal point of %(member)s, in the place of the present"
                " one.",
                **names,
            )
        )
    if role == "adviser":
        return str(
            _(
                "%(person)s becomes an adviser of %(member)s, who reads its letters and writes"
                " its draft, and cannot send.",
                **names,
            )
        )
    return str(_("%(person)s may reply for %(member)s from then on, as an alternate.", **names))
