"""What changed a letter while it was open, as lines of its record."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.documents.reading import Opened
from consult.queries.changes import Extension, Withdrawal, of_entries
from consult.wording import instants, kinds


def change_lines(opened: Opened) -> Iterator[tuple[str, str]]:
    """Return a term and a sentence for each extension, then for each withdrawal."""
    texts = {name: text["text"] for name, text in opened.record["texts"].items()}
    entries = [link["entry"] for link in opened.record["ledger"]["entries"]]
    found = of_entries(entries, texts)
    for extension in found.extensions:
        yield _("Extended"), _extended(opened, extension)
    for withdrawal in found.withdrawals:
        yield _("Withdrawn"), _withdrawn(withdrawal)
        if withdrawal.meeting:
            yield _("Referral"), _referred(opened, withdrawal)


def _extended(opened: Opened, one: Extension) -> str:
    between = {
        "was": instants.full(one.from_at, opened.place),
        "to": instants.full(one.to_at, opened.place),
    }
    if one.minutes is not None:
        away: str = ngettext(
            "From %(was)s to %(to)s, as the letter says: the service was away for %(num)d minute"
            " in the time before the deadline that it names.",
            "From %(was)s to %(to)s, as the letter says: the service was away for %(num)d minutes"
            " in the time before the deadline that it names.",
            one.minutes,
            **between,
        )
        return away
    named = {**between, "reason": one.reason, "authority": one.authority}
    if one.asked_for_by:
        return _(
            "From %(was)s to %(to)s, at the request of %(member)s: %(reason)s (authority:"
            " %(authority)s)",
            member=opened.name(one.asked_for_by),
            **named,
        )
    return _(
        "From %(was)s to %(to)s, at the request of the secretariat: %(reason)s (authority:"
        " %(authority)s)",
        **named,
    )


def _withdrawn(one: Withdrawal) -> str:
    words: str = ngettext(
        "Item %(items)s, while the consultation was open: %(reason)s (authority: %(authority)s)",
        "Items %(items)s, while the consultation was open: %(reason)s (authority: %(authority)s)",
        len(one.items),
        items=kinds.listed(one.items),
        reason=one.reason,
        authority=one.authority,
    )
    return words


def _referred(opened: Opened, one: Withdrawal) -> str:
    if one.asked_for_by:
        return _(
            "To %(meeting)s, at the request of %(member)s",
            meeting=one.meeting,
            member=opened.name(one.asked_for_by),
        )
    return _("To %(meeting)s, at the request of the secretariat", meeting=one.meeting)
