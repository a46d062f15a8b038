"""Checks that the entries of a ledger follow one another as the procedure allows."""

from collections.abc import Callable, Mapping

from consult.core import verify_changes as changes
from consult.core import verify_replies as replies
from consult.core import verify_round as rounds
from consult.core import verify_silence as silence
from consult.core import verify_standing as letter
from consult.core import verify_views as views
from consult.core.entries import REPLIES
from consult.core.record import MAKE_THE_CASE
from consult.core.round import COMMENTS
from consult.core.verify_standing import Entry, Standing

NEW = "new"

_ENDED = frozenset({"closed", "counted", "certified", "published"})
_FROM_OPEN = _ENDED | {"open"}
_LIVE = _FROM_OPEN | {"draft"}
_ANYWHERE = _LIVE | {"over", "broken"}
_DRAFT, _OPEN = frozenset({"draft"}), frozenset({"open"})
_UNCERTIFIED = frozenset({"open", "closed", "counted"})

# In which phases an entry may stand; kinds that are not named may stand anywhere but first.
_MAY_STAND: Mapping[str, frozenset[str]] = {
    "ledger-opened": frozenset({NEW}),
    "draft-changed": _DRAFT,
    "draft-discarded": _DRAFT,
    "document-added": _DRAFT | _OPEN,
    "document-removed": _DRAFT | _OPEN,
    "approval-asked": _LIVE,
    "countersigned": _LIVE,
    "opening": _DRAFT,
    "round-opened": _DRAFT,
    "views-opened": _DRAFT,
    "view": _DRAFT,
    "reminders-changed": _DRAFT | _OPEN,
    "reply": _OPEN,
    "late-reply": _UNCERTIFIED,
    "reply-on-behalf": _UNCERTIFIED,
    "reply-restored": _FROM_OPEN,
    "reply-confirmed": _FROM_OPEN,
    "comment": _UNCERTIFIED,
    "comment-on-behalf": frozenset({"open", "closed"}),
    "disposition": frozenset({"counted"}),
    "extension": _OPEN,
    "outage-extension": _OPEN,
    "mandate": _FROM_OPEN,
    "post-stated": frozenset({"open", "closed"}),
    "contest": _FROM_OPEN,
    "ruling": _ENDED,
    "corrigendum": _OPEN,
    "closing": _OPEN,
    "broken": _FROM_OPEN,
    "mended": _FROM_OPEN,
    "withdrawal": _OPEN,
    "tally": _ENDED,
    "compilation": _ENDED,
    "certification": frozenset({"counted"}),
    "publication": frozenset({"certified", "published"}),
    "erratum": frozenset({"published"}),
    "referral": _ENDED - {"closed"},
    "followed": _ANYWHERE - {"draft", "open"},
}
_NEXT: Mapping[str, str] = {
    "ledger-opened": "draft",
    "draft-discarded": "over",
    "opening": "open",
    "round-opened": "open",
    "closing": "closed",
    "withdrawal": "over",
    "tally": "counted",
    "compilation": "counted",
    "certification": "certified",
    "publication": "published",
}


def _ask(standing: Standing, entry: Entry, _facts: Entry) -> str | None:
    return standing.approvals.ask(entry)


def _answer(standing: Standing, entry: Entry, _facts: Entry) -> str | None:
    return standing.approvals.answer(entry)


_STEPS: Mapping[str, Callable[[Standing, Entry, Entry], str | None]] = {
    "ledger-opened": letter.begin,
    "approval-asked": _ask,
    "countersigned": _answer,
    "approval-refused": _answer,
    "approval-lapsed": _answer,
    "opening": letter.open_letter,
    "round-opened": rounds.open_round,
    **dict.fromkeys(COMMENTS, rounds.comment),
    "disposition": rounds.dispose,
    "compilation": replies.count,
    "views-opened": views.open_views,
    "view": views.view,
    "corrigendum": letter.correct,
    "extension": letter.extend,
    "broken": silence.break_silence,
    "mended": silence.mend_silence,
    "outage-extension": changes.outage,
    "withdrawal": changes.withdraw,
    "closing": letter.close,
    "clock-alarm": letter.alarm,
    "key-changed": letter.rotate,
    **dict.fromkeys(REPLIES, replies.reply),
    "reply-restored": replies.restore,
    "reply-confirmed": replies.confirm,
    "mandate": replies.mandate,
    "post-stated": replies.state_post,
    "contest": replies.contest,
    "ruling": replies.rule,
    "tally": replies.count,
    "certification": replies.certify,
    "publication": replies.publish,
    "erratum": changes.erratum,
    "referral": changes.refer,
}


def take(standing: Standing, entry: Entry) -> str | None:
    """Take the next entry and return what does not fit the procedure, or None.

    Args:
        standing: At first that of the phase `NEW`.
        entry: One whose form `fault_in_entry` accepts.

    Source: trust, T35, T48, T66, T69, T74-T76; design, section 2.
    """
    what, facts = entry["what"], entry["facts"]
    if standing.phase not in _MAY_STAND.get(what, _ANYWHERE):
        return f"{what} cannot stand here: the consultation is {standing.phase}"
    if what in MAKE_THE_CASE:
        standing.told.append(entry)
    step = _STEPS.get(what)
    found = step and step(standing, entry, facts)
    if what != "mandate" and facts.get("mandate") in standing.advisers:
        found = "is sent under the mandate of an adviser, who cannot send"
    approved = facts["cause"] if what == "withdrawal" else facts.get("approved")
    if approved is not None:
        found = standing.approvals.use(entry, approved) or found
    stays = (what == "withdrawal" and facts["items"] is not None) or (
        what == "tally" and replies.still_certified(standing)
    )
    if not stays:
        standing.phase = _NEXT.get(what, standing.phase)
    return found
