"""What a person is refused, each with a stable code: `wording` turns it into a sentence."""

from collections.abc import Mapping
from typing import ClassVar


class Refused(Exception):
    """Something is not allowed, not open or not understood; nothing was changed.

    Args:
        facts: What the sentence needs to say why; also readable as ``error.facts``.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code}: {said}" if said else self.code


class NotAllowed(Refused):
    """The actor may see this, and may not do it."""

    code, status = "not-allowed", 403


class NotFound(Refused):
    """There is no such thing, or it is not the actor's to see."""

    code, status = "not-found", 404


class BadInput(Refused):
    """What was given is not understood.

    Args:
        faults: Of each faulty place (``roll[3].weights``, a field's name) what is wrong there,
            as one short English phrase or a code that `wording` knows.
    """

    code, status = "bad-input", 422

    def __init__(self, faults: Mapping[str, str], **facts: object) -> None:
        super().__init__(**facts)
        self.faults = dict(faults)

    def __str__(self) -> str:
        return "; ".join(f"{path}: {what}" for path, what in self.faults.items())


class NotOpenYet(Refused):
    """The reply came before the opening.  Facts: opens_at."""

    code = "not-open-yet"


class Closed(Refused):
    """Nothing is registered any more, not even as late; one writes to the secretariat."""

    code, status = "closed", 410


class SilenceBroken(Refused):
    """An objection ended the silence procedure of the whole letter: nothing is accepted."""

    code, status = "silence-broken", 410


class Withdrawn(Refused):
    """The letter is withdrawn: nothing is accepted or registered any more."""

    code, status = "withdrawn", 410


class NotEntitled(Refused):
    """The member is on the roll without the right to vote.  Facts: member, provision."""

    code, status = "not-entitled", 403


class Changed(Refused):
    """Somebody changed it since it was shown.  Facts: what, and the newer version's number."""

    code = "changed"


class KeyReused(Refused):
    """Other content came under the key of a reply that is already stored.  Facts: version."""

    code = "key-reused"


class NoPosition(Refused):
    """A first reply without any position says nothing."""

    code, status = "no-position", 422


class NotReadmitted(Refused):
    """A receipt proves no reply that could be taken in again.

    Args:
        why: A code: see `core.readmitting` and `actions.readmitting`.
        facts: What the sentence says besides, such as detail, kid, reference, member, state.
    """

    code, status = "not-readmitted", 422

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why=why, **facts)


class AlreadyContested(Refused):
    """The reply was contested before; one contest of a reply stands."""

    code = "already-contested"


class SamePerson(Refused):
    """Who asked may not confirm."""

    code, status = "same-person", 403


class AlreadyDecided(Refused):
    """The request was decided, or has lapsed."""

    code = "already-decided"


class Waiting(Refused):
    """A request must be settled first.  Facts: act."""

    code = "waiting"


class NotSettled(Refused):
    """Something received before the deadline may still be on its way.  Facts: settled_at."""

    code = "not-settled"


class Incomplete(Refused):
    """The draft cannot be submitted or opened yet.  Facts: missing (list of codes)."""

    code = "incomplete"


class Undisposed(Refused):
    """Comments wait for their disposition.  Facts: count."""

    code = "undisposed"


class Overtaken(Refused):
    """A reply in time could not be stored in time; it is not acknowledged (T66)."""

    code, status = "overtaken", 503


class LinkEnded(Refused):
    """A link or code from a mail is unknown, used, too old or void."""

    code, status = "link-ended", 410


class WrongCode(Refused):
    """The code, or the password, is not the right one.

    Args:
        what: ``code`` or ``password``.
        left: How many attempts are left; with none the request has ended.
    """

    code, status = "wrong-code", 422

    def __init__(self, what: str, left: int) -> None:
        super().__init__(what=what, left=left)
        self.what, self.left = what, left


class NoSigningKey(Refused):
    """There is no private key to sign with, or its file cannot be used.  Facts: kid, why."""

    code, status = "no-signing-key", 503


class NotProven(Refused):
    """Address, password, code or passkey do not fit; which of them is not said (T3)."""

    code, status = "not-proven", 422


class LinkNeeded(Refused):
    """After too many failures a password is taken only beside a mailed link (T13)."""

    code, status = "link-needed", 422


class TooOften(Refused):
    """It was asked more often than is allowed.  Facts: seconds, until it may be asked again."""

    code, status = "too-often", 429


class LastFactor(Refused):
    """Without it the person could not sign in as the role asks."""

    code = "last-factor"


class AnothersAccount(Refused):
    """The account at the identity provider is linked to another person."""

    code = "anothers-account"


class Unscanned(Refused):
    """The scanner could not say whether a file is clean; it was not kept (T93).  Facts: why."""

    code, status = "unscanned", 503


class Unavailable(Refused):
    """The database cannot be asked, or cannot keep anything; nothing was kept (T71)."""

    code, status = "unavailable", 503
