"""Checks the exchange of views that may go before a vote."""

from consult.core.verify_standing import Entry, Standing


def open_views(standing: Standing, entry: Entry, facts: Entry) -> str | None:
    again, standing.views = standing.views, True
    standing.views_until = facts["until"]
    if again:
        return "opens a second exchange of views"
    if facts["until"] is not None and facts["until"] <= entry["at"]:
        return "opens an exchange of views that has ended"
    return None


def view(standing: Standing, entry: Entry, _facts: Entry) -> str | None:
    if not standing.views:
        return "is a view, and no exchange was opened"
    if standing.views_until is not None and entry["at"] >= standing.views_until:
        return "is a view after the end of the exchange"
    return None
