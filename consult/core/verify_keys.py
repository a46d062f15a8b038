"""Checks keys and what they signed: who says so, whether it may, and when it might."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consult.core.findings import Findings
from consult.core.reading import Reading, read, twice_within
from consult.core.shapes import HASH, INSTANT, KEY_ID, OBJECT, Shape, misfit, one_of, or_null
from consult.core.signing import (
    COMPROMISED,
    FIRST,
    KEY_NAMES,
    KEYS_FORMAT,
    PLANNED,
    fingerprint_of,
    has_signed,
    key_bytes,
    kid_of,
)
from consult.errors import BadInput

SHORTEST_FINGERPRINT = 16
UNSIGNED = (
    "it is not signed: it is of a version before there were keys, or its signatures were taken "
    "away. Nobody can tell whose it is; ask for the file anew"
)

_FOREIGN = "is not in the list of keys that was given"

Key = Mapping[str, Any]

_SHAPES: Mapping[str, Shape] = {
    "kid": KEY_ID,
    "public_key": HASH,
    "valid_from": INSTANT,
    "valid_to": or_null(INSTANT),
    "revoked_at": or_null(INSTANT),
    "reason": one_of(FIRST, PLANNED, COMPROMISED),
    "previous": or_null(KEY_ID),
    "revokes_from": or_null(INSTANT),
    "signatures": OBJECT,
}


@dataclass(frozen=True, slots=True)
class Trust:
    """What a reader brings along to judge the keys of a file.

    Args:
        fingerprint: At least 16 hex digits of the SHA-256 of a public key that the reader was
            given on another way, in lower case; None if the file must speak for itself.
        keys: A list of keys that was checked, newer perhaps than the file's own.
    """

    fingerprint: str | None = None
    keys: tuple[Key, ...] = ()


NO_TRUST = Trust()


def trust_in(fingerprint: str | None = None, key_file: bytes | None = None) -> Trust:
    """Return what to trust, from what a person typed and perhaps from a ``keys.json``.

    Raises:
        BadInput: It is no fingerprint, or the list of keys cannot be read or does not hold.
    """
    digits = None if fingerprint is None else "".join(fingerprint.lower().split()).replace(":", "")
    if digits is not None and not (
        SHORTEST_FINGERPRINT <= len(digits) <= len("0" * 64) and _is_hex(digits)
    ):
        raise BadInput({"key": "must be 16 to 64 hex digits of the fingerprint"})
    if key_file is None:
        return Trust(digits)
    found, keys = check_key_file(read(key_file), Trust(digits))
    if not found.holds:
        raise BadInput({each.where: each.what for each in found.faults})
    return Trust(digits, tuple(keys))


def _is_hex(text: str) -> bool:
    return all(letter in "0123456789abcdef" for letter in text)


def check_key_file(reading: Reading, trust: Trust = NO_TRUST) -> tuple[Findings, list[Key]]:
    """Check a ``keys.json``; return what was found, and its keys."""
    findings, value = Findings("keys"), reading.value
    if value.keys() != {"format", "keys"} or value["format"] != KEYS_FORMAT:
        findings.fault("file", "must hold exactly format and keys")
        return findings, []
    if twice := twice_within(reading, value):
        findings.fault("keys", f"has the name {twice!r} twice")
    keys = keys_in(findings, value["keys"], trust)
    findings.facts |= {"keys": len(keys.all), "key": keys.last}
    return findings, keys.all


class KeySet:
    """The keys of one file, and of which of them the reader may believe a word.

    Args:
        listed: Those of the file, in their order.
        known: Those that judge, newer perhaps than the file's own.
        believed: The kids of those that the reader trusts.
    """

    def __init__(
        self, listed: Sequence[Key], known: Sequence[Key], believed: frozenset[str]
    ) -> None:
        self.all = list(listed)
        self.used: set[str] = set()  # the kids of which a signature was checked and holds
        self._known = {key["kid"]: key for key in known}
        self._believed = believed

    @property
    def last(self) -> str | None:
        """The fingerprint of the newest key."""
        return fingerprint_of(self.all[-1]["public_key"]) if self.all else None

    def fingerprints(self) -> list[str]:
        """Return those of the keys that signed something, in their order."""
        return [fingerprint_of(k["public_key"]) for k in self.all if k["kid"] in self.used]

    def fault(self, kid: str, at: str, signature: object, covered: bytes) -> str | None:
        """Say why a signature does not hold; None if it does.

        Args:
            kid: Of the key that is said to have signed.
            at: When, as what was signed says.
        """
        key = self._known.get(kid)
        if key is None:
            return f"is signed by the key {kid}, which is not among the keys"
        if not isinstance(signature, str) or not has_signed(key["public_key"], signature, covered):
            return f"its signature is not that of the key {kid}"
        if kid not in self._believed:
            return f"is signed by the key {kid}, for which the key that was given cannot speak"
        self.used.add(kid)
        return date_fault(key, at)


def keys_in(findings: Findings, given: object, trust: Trust) -> KeySet:
    """Check the list of keys of a file; without a good one no signature holds."""
    listed: list[Key] = []
    if not isinstance(given, list) or not given:
        findings.fault("keys", UNSIGNED if given == [] else "must be a list")
        return KeySet((), (), frozenset())
    for place, key in enumerate(given):
        if found := _key_fault(key, listed[-1] if listed else None):
            findings.fault(f"keys[{place}]{found[0]}", found[1])
            return KeySet((), (), frozenset())
        listed.append(key)
    if found := _end_fault(listed):
        findings.fault(*found)
    known = trust.keys or tuple(listed)
    by_kid = {key["kid"]: _lasting(key) for key in known}
    for place, key in enumerate(listed):
        if by_kid.get(key["kid"]) != _lasting(key):
            findings.fault(f"keys[{place}]", _FOREIGN)
    return KeySet(listed, known, _believed(findings, known, trust.fingerprint))


def key_alone(findings: Findings, public_key: str, trust: Trust) -> KeySet:
    """Return what judges a file that holds its public key alone, such as a receipt."""
    alone: dict[str, Any] = {
        **dict.fromkeys(KEY_NAMES),
        "kid": kid_of(public_key),
        "public_key": public_key,
    }
    known = trust.keys or (alone,)
    if all(key["public_key"] != public_key for key in known):
        findings.fault("public_key", _FOREIGN)
    return KeySet([alone], known, _believed(findings, known, trust.fingerprint))


def _key_fault(key: object, last: Key | None) -> tuple[str, str] | None:
    """Say why a key is not the next one after the *last*."""
    if not isinstance(key, dict):
        return "", "must be an object"
    if wrong := misfit(key, _SHAPES):
        return f".{wrong[0]}", wrong[1]
    return _place_fault(key, last) or _statement_fault(key, last)


def _place_fault(key: Key, last: Key | None) -> tuple[str, str] | None:
    if key["kid"] != kid_of(key["public_key"]):
        return ".kid", "is not that of the public key"
    if key["previous"] != (last["kid"] if last else None):
        return ".previous", "is not the key before it"
    if (key["reason"] == FIRST) != (last is None):
        return ".reason", "is not that of its place"
    if (key["reason"] == COMPROMISED) != (key["revokes_from"] is not None):
        return ".revokes_from", "does not fit the reason"
    if last and key["valid_from"] < last["valid_from"]:
        return ".valid_from", "is before that of the key before it"
    return None


def _statement_fault(key: Key, last: Key | None) -> tuple[str, str] | None:
    covered, signers = key_bytes(key), [key, *([last] if last else [])]
    if key["signatures"].keys() != {each["kid"] for each in signers}:
        return ".signatures", "must be those of the key itself and of the one before it"
    for each in signers:
        said = key["signatures"][each["kid"]]
        if not isinstance(said, str) or not has_signed(each["public_key"], said, covered):
            return f".signatures.{each['kid']}", "is not the signature of that key"
    return None


def _end_fault(keys: Sequence[Key]) -> tuple[str, str] | None:
    """Say at which key the end is not the one that the key after it states."""
    ends: list[Key | None] = [*keys[1:], None]
    for place, (key, later) in enumerate(zip(keys, ends, strict=True)):
        if key["valid_to"] != (later["valid_from"] if later else None):
            return f"keys[{place}].valid_to", "is not when the next key came into force"
        if key["revoked_at"] != (later["revokes_from"] if later else None):
            return f"keys[{place}].revoked_at", "is not what the next key says"
    return None


def _lasting(key: Key) -> list[object]:
    """Return what of a key never changes, whatever follows it."""
    return [key[name] for name in ("public_key", "valid_from", "previous", "reason")]


def _believed(findings: Findings, keys: Sequence[Key], fingerprint: str | None) -> frozenset[str]:
    """Return the keys for which the one that the reader was given speaks.

    It speaks for those before it, which it names, and for those after it as long as none was
    changed because it might be in other hands: then the thief can speak with its voice.
    """
    if fingerprint is None:
        return frozenset(key["kid"] for key in keys)
    for place, key in enumerate(keys):
        if fingerprint_of(key["public_key"]).startswith(fingerprint):
            later = list(keys[place + 1 :])
            broken = [n for n, each in enumerate(later) if each["reason"] == COMPROMISED]
            trusted = [*keys[: place + 1], *later[: broken[0] if broken else None]]
            return frozenset(each["kid"] for each in trusted)
    findings.fault("keys", f"none has the fingerprint {fingerprint}: another key signed this")
    return frozenset()


def date_fault(key: Key, at: str) -> str | None:
    """Say why *key* could not sign at *at*; what came before the first key it may sign later."""
    if key["previous"] is not None and at < key["valid_from"]:
        return f"is dated before the key {key['kid']} came into force"
    if key["valid_to"] is not None and at > key["valid_to"]:
        return f"is dated after the key {key['kid']} was replaced"
    if key["revoked_at"] is not None and at >= key["revoked_at"]:
        return f"is dated after the key {key['kid']} was revoked"
    return None
