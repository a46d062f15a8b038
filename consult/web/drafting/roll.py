"""Step 3: the members as they stand today; the roll itself is frozen at opening."""

from typing import Any

from flask_wtf import FlaskForm

from consult.queries.drafting import Draft, Seated, roll_of
from consult.queries.texts import pick
from consult.web.drafting.forms import DraftForm
from consult.web.drafting.page import ROLL, Page
from consult.web.frame import desk, language


def form_of(draft: Draft, *given: Any) -> FlaskForm:
    """Make the form: it only goes on."""
    return DraftForm(*given, data={"seen": draft.version})


def changes(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return nothing: the roll comes from the register of members."""
    return {}


def context(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return the members by region, and whom nobody can be reached for."""
    tongue = language()
    roll = roll_of(desk().engine, draft.body.slug, desk().clock(), tongue)
    names = {group["id"]: pick(group["name"], tongue) for group in draft.body.groups}
    regions: dict[str, list[Seated]] = {}
    for seat in roll.seats:
        regions.setdefault(seat.region, []).append(seat)
    return {
        "roll": roll,
        "regions": [(names.get(code) or code, seats) for code, seats in regions.items()],
        "unreached": [seat for seat in roll.seats if not seat.reachable],
    }


PAGE = Page(ROLL, "roll.html", form_of, changes, context)
