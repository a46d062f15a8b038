"""A clash of dates in words: what meets what, and for how many days."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.queries.texts import pick
from consult.wording import instants


def clash(found: Mapping[str, Any], language: str) -> str:
    """Return one clash as a sentence.

    Args:
        found: As `queries.clashes.clash_data` writes it.
    """
    days = found["days"]
    if found["other"]:
        return str(
            ngettext(
                "%(num)d day in common with item %(item)s.",
                "%(num)d days in common with item %(item)s.",
                days,
                item=found["other"],
            )
        )
    begins, ends = date.fromisoformat(found["begins"]), date.fromisoformat(found["ends"])
    said = ngettext(
        "%(num)d day in common with %(event)s (%(days)s).",
        "%(num)d days in common with %(event)s (%(days)s).",
        days,
        event=pick(found["title"], language),
        days=instants.days(begins, ends),
    )
    if found["estimate"]:
        return f"{said} " + str(_("These days are computed: an estimate."))
    return str(said)


def by_item(found: Sequence[Mapping[str, Any]], language: str) -> dict[str, list[str]]:
    """Return the sentences of each item that clashes."""
    said: dict[str, list[str]] = {}
    for one in found:
        said.setdefault(one["item"], []).append(clash(one, language))
    return said
