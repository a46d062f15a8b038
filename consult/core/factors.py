"""What a person has shown to be who it is, and whether that is enough (T11, T12)."""

from collections.abc import Iterable
from enum import StrEnum


class Factor(StrEnum):
    """What was shown at a sign-in; a session keeps them as words."""

    LINK = "link"  # or its code: the mailbox
    PASSWORD = "password"  # noqa: S105 - the name of it
    APP = "app"  # a code of the authenticator app
    RECOVERY = "recovery"
    PASSKEY = "passkey"  # the device, and its owner's finger or number
    PROVIDER = "provider"
    PROVIDER_TWO = "provider-two"  # the provider asked for two, as a setting says


class FactorChanged(StrEnum):
    """What happened to how a person signs in; told to the person (T15)."""

    PASSWORD_SET = "password-set"  # noqa: S105 - the name of it
    PASSWORD_REMOVED = "password-removed"  # noqa: S105
    APP_ADDED = "app-added"
    APP_REMOVED = "app-removed"
    CODES_RENEWED = "codes-renewed"
    RECOVERY_USED = "recovery-used"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    PROVIDER_LINKED = "provider-linked"
    PROVIDER_UNLINKED = "provider-unlinked"
    ADDRESS_CHANGED = "address-changed"  # to which links are mailed
    RESET = "reset"


_TWO_ALONE = frozenset({Factor.PASSKEY, Factor.PROVIDER_TWO})
# The app and its recovery codes are one thing, which one has.
_ONE = (
    frozenset({Factor.LINK}),
    frozenset({Factor.APP, Factor.RECOVERY}),
    frozenset({Factor.PROVIDER}),
)
_WITH_PASSWORD = frozenset({Factor.LINK, Factor.APP, Factor.RECOVERY})


def count(factors: str) -> int:
    """Return how many factors the words of a session are worth: 0, 1 or 2.

    A password counts only beside something one has; T12.
    """
    held = frozenset(Factor(word) for word in factors.split())
    if held & _TWO_ALONE:
        return 2
    found = sum(bool(held & alike) for alike in _ONE)
    found += Factor.PASSWORD in held and bool(held & _WITH_PASSWORD)
    return min(2, found)


def together(*several: str | Iterable[str]) -> str:
    """Return the words of several proofs as a session keeps them, each once."""
    words = [word for each in several for word in (each.split() if isinstance(each, str) else each)]
    return " ".join(dict.fromkeys(words))
