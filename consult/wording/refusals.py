"""What is refused, as sentences: what did not happen, and what to do."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.life import Act, NotNow, State
from consult.errors import (
    AlreadyContested,
    AlreadyDecided,
    AnothersAccount,
    BadInput,
    Changed,
    Closed,
    Incomplete,
    KeyReused,
    LastFactor,
    LinkEnded,
    LinkNeeded,
    NoPosition,
    NoSigningKey,
    NotAllowed,
    NotEntitled,
    NotFound,
    NotOpenYet,
    NotProven,
    NotReadmitted,
    NotSettled,
    Overtaken,
    Refused,
    SamePerson,
    SilenceBroken,
    TooOften,
    Unavailable,
    Undisposed,
    Unscanned,
    Waiting,
    Withdrawn,
    WrongCode,
)
from consult.tables.migrating import NewerDatabase
from consult.wording import instants, kinds
from consult.wording.instants import Place

_UTC = Place("UTC", "UTC")
_Facts = Mapping[str, Any]


def sentence(refused: Refused, place: Place | None = None) -> str:
    """Return why something was refused.

    Args:
        place: In whose time instants are said; the body's seat where the page knows it.
    """
    for kind in type(refused).__mro__:
        if kind in _SENTENCES:
            return str(_SENTENCES[kind](refused.facts, place or _UTC))
    raise AssertionError(f"{type(refused).__name__} has no sentence")


def _allowed(_facts: _Facts, _place: Place) -> str:
    return _("What you asked for is done by another role.")


def _found(_facts: _Facts, _place: Place) -> str:
    return _("There is no such page, or it is not yours to see.")


def _input(_facts: _Facts, _place: Place) -> str:
    return _("Something in the form is missing or cannot be read.")


def _not_open(facts: _Facts, place: Place) -> str:
    at = facts.get("opens_at")
    if not isinstance(at, datetime):
        return _("The consultation is not open yet.")
    return _("The consultation is not open yet. It opens on %(at)s.", at=instants.full(at, place))


def _closed(_facts: _Facts, _place: Place) -> str:
    return _(
        "The result is certified: nothing is registered any more, not even as late. Write to the"
        " secretariat."
    )


def _silence_broken(_facts: _Facts, _place: Place) -> str:
    return _(
        "An objection has broken the silence on the whole letter. Nothing is registered any more,"
        " and nothing of yours was sent."
    )


def _withdrawn(_facts: _Facts, _place: Place) -> str:
    return _("The consultation is withdrawn: no reply is taken any more.")


def _entitled(facts: _Facts, _place: Place) -> str:
    provision = facts.get("provision")
    if not provision:
        return _("The Member State has no right to vote in this consultation.")
    return _(
        "The Member State has no right to vote in this consultation (%(provision)s).",
        provision=provision,
    )


def _changed(facts: _Facts, _place: Place) -> str:
    what = facts.get("what")
    if what == "reply":
        return _("A colleague sent a reply meanwhile. Nothing of yours was sent.")
    if what == "letter":
        return _("The letter was revised meanwhile. Nothing was sent: read the revision first.")
    if what == "items":
        return _(
            "An item was withdrawn while you wrote. Nothing was sent: look at the letter as it now"
            " stands, then check and send again."
        )
    if what == "address":
        return _(
            "Somebody else was given this address since this was asked for. Nothing was confirmed:"
            " it is to be asked for again, with another address."
        )
    if what in ("request", "letters"):
        return _("What was asked for has changed since you saw it. Nothing was confirmed.")
    return _("Somebody changed it since you saw it. Nothing was saved.")


def _key_reused(_facts: _Facts, _place: Place) -> str:
    return _(
        "This form was sent before, with other positions. Nothing was changed: open the form"
        " again to change the reply."
    )


def _no_position(_facts: _Facts, _place: Place) -> str:
    return _("Give a position on one item at least: a first reply without any says nothing.")


def _readmitted(facts: _Facts, _place: Place) -> str:
    return NOT_READMITTED[facts["why"]](facts)


def _contested(_facts: _Facts, _place: Place) -> str:
    return _("This reply was contested before. Its contest stands, and waits for the ruling.")


def _same_person(_facts: _Facts, _place: Place) -> str:
    return _("You asked for this yourself: another person must confirm it.")


def _decided(_facts: _Facts, _place: Place) -> str:
    return _("The request was decided before, or its time has passed. Nothing was changed.")


def _waiting(facts: _Facts, _place: Place) -> str:
    act = facts.get("act")
    if act is None:
        return _("A request that waits must be decided first.")
    return _("This request must be decided first: %(act)s.", act=kinds.act(Act(act)))


def _settling(facts: _Facts, place: Place) -> str:
    at = facts.get("settled_at")
    if not isinstance(at, datetime):
        return _("What came before the deadline may still be on its way.")
    return _(
        "What came before the deadline may still be on its way, until %(at)s.",
        at=instants.exact(at, place),
    )


def _incomplete(facts: _Facts, _place: Place) -> str:
    missing = len(facts.get("missing") or ())
    return ngettext(
        "The draft is not complete: %(num)d thing is missing.",
        "The draft is not complete: %(num)d things are missing.",
        missing,
    )


def _overtaken(_facts: _Facts, _place: Place) -> str:
    return _(
        "Your reply could not be stored in time. It is not received: write to the secretariat at"
        " once, by telephone too."
    )


def _not_now(facts: _Facts, _place: Place) -> str:
    state = facts.get("state")
    if state is None:
        return _("This cannot be done now.")
    return _(
        "This cannot be done now: the state of the consultation is “%(state)s”.",
        state=kinds.state(State(state)),
    )


def _link_ended(_facts: _Facts, _place: Place) -> str:
    return _("This link was used before, or its time has passed. Ask for a new one.")


def _wrong_code(facts: _Facts, _place: Place) -> str:
    left = int(facts.get("left") or 0)
    if left <= 0:
        return _("That was the fifth wrong attempt: the link has ended. Ask for a new one.")
    if facts.get("what") == "password":
        return ngettext(
            "The password is not right. %(num)d attempt is left.",
            "The password is not right. %(num)d attempts are left.",
            left,
        )
    return ngettext(
        "The code is not right. %(num)d attempt is left.",
        "The code is not right. %(num)d attempts are left.",
        left,
    )


def _no_signing_key(_facts: _Facts, _place: Place) -> str:
    return _("Nothing was stored: the service cannot sign. Tell those who run it.")


def _not_proven(_facts: _Facts, _place: Place) -> str:
    return _("You are not signed in: what you gave does not fit together.")


def _link_needed(_facts: _Facts, _place: Place) -> str:
    return _(
        "There were many wrong attempts for this address. Ask for a link, and give the password"
        " beside it."
    )


def _too_often(facts: _Facts, _place: Place) -> str:
    wait = timedelta(seconds=int(facts.get("seconds") or 1))
    return _(
        "This was asked too often. Try again after this time: %(time)s.",
        time=instants.duration(wait),
    )


def _last_factor(_facts: _Facts, _place: Place) -> str:
    return _("Your role needs it to sign in: add another way first.")


def _anothers_account(_facts: _Facts, _place: Place) -> str:
    return _("That account of the provider belongs to another person here. Nothing was linked.")


def _unavailable(_facts: _Facts, _place: Place) -> str:
    return _("The service cannot reach its database. Nothing was kept: try again in a minute.")


def _unscanned(_facts: _Facts, _place: Place) -> str:
    return _(
        "The file could not be checked for harmful content. It was not kept: try again in a minute."
    )


def _newer(_facts: _Facts, _place: Place) -> str:
    return _("The database was made by a newer version of the service.")


def _refused(_facts: _Facts, _place: Place) -> str:
    return _("This was refused. Nothing was changed.")


def _undisposed(facts: _Facts, _place: Place) -> str:
    said: str = ngettext(
        "%(num)d comment waits for its disposition: say first what becomes of it.",
        "%(num)d comments wait for their disposition: say first what becomes of them.",
        facts["count"],
    )
    return said


_SENTENCES: Mapping[type, Callable[[_Facts, Place], str]] = {
    NotAllowed: _allowed,
    NotFound: _found,
    BadInput: _input,
    NotOpenYet: _not_open,
    Closed: _closed,
    SilenceBroken: _silence_broken,
    NotEntitled: _entitled,
    Changed: _changed,
    NotReadmitted: _readmitted,
    AlreadyContested: _contested,
    KeyReused: _key_reused,
    NoPosition: _no_position,
    SamePerson: _same_person,
    AlreadyDecided: _decided,
    Waiting: _waiting,
    NotSettled: _settling,
    Incomplete: _incomplete,
    Undisposed: _undisposed,
    Overtaken: _overtaken,
    NotNow: _not_now,
    Withdrawn: _withdrawn,
    LinkEnded: _link_ended,
    WrongCode: _wrong_code,
    NoSigningKey: _no_signing_key,
    NotProven: _not_proven,
    LinkNeeded: _link_needed,
    TooOften: _too_often,
    LastFactor: _last_factor,
    AnothersAccount: _anothers_account,
    Unavailable: _unavailable,
    Unscanned: _unscanned,
    NewerDatabase: _newer,
    Refused: _refused,
}

NOT_READMITTED: Mapping[str, Callable[[_Facts], str]] = {
    "unreadable": lambda facts: _("It cannot be read: %(detail)s", detail=facts["detail"]),
    "no-receipt": lambda _facts: _("It is no receipt of a reply."),
    "of-comments": lambda _facts: _(
        "It is the receipt of comments on a text: record them on behalf, with it as the paper."
    ),
    "unsigned": lambda _facts: _(
        "It is not signed: nobody can tell whose it is. Ask the Member State for the file that was"
        " attached to the acknowledgement."
    ),
    "foreign-key": lambda facts: _(
        "It is signed with the key %(kid)s, which is not among the keys of this service.",
        kid=facts["kid"],
    ),
    "not-then": lambda facts: _(
        "It is signed with the key %(kid)s at a time when that key was not in force.",
        kid=facts["kid"],
    ),
    "revoked": lambda facts: _(
        "It is signed with the key %(kid)s after that key was revoked.", kid=facts["kid"]
    ),
    "altered": lambda facts: _(
        "It is not what was signed: something in it was altered (%(detail)s).",
        detail=facts["detail"],
    ),
    "not-here": lambda facts: _(
        "It is of the consultation %(reference)s, and no consultation here has that ledger.",
        reference=facts["reference"],
    ),
    "other-letter": lambda facts: _(
        "It is of another consultation: %(reference)s.", reference=facts["reference"]
    ),
    "not-on-roll": lambda facts: _(
        "%(member)s does not stand on the roll of this consultation.", member=facts["member"]
    ),
    "other-words": lambda facts: _(
        "It answers revision %(revision)s of the letter in words that the letter here does not"
        " have: the database lost that revision too. Ask the Member State to reply again.",
        revision=facts["revision"],
    ),
    "state": lambda facts: _(
        "Nothing is readmitted in this state of the consultation: “%(state)s”.",
        state=kinds.state(State(facts["state"])),
    ),
}
