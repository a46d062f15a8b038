"""A reply to be readmitted from its receipt: what proves it, and what becomes of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from consult.core import shown as as_shown
from consult.core.ledger import read_instant
from consult.core.life import Channel
from consult.core.readmitting import Proof, proof_of
from consult.core.signing import fingerprint_of
from consult.documents.late import compared
from consult.documents.record_facts import grouped
from consult.queries.readmitting import Becomes
from consult.queries.readmitting import shown as shown_of
from consult.queries.requests import Asked
from consult.web.confirming.shown import Shown
from consult.web.frame import desk, language
from consult.web.office.heading import place_of
from consult.wording import instants, kinds


def readmission(found: Asked, what: Mapping[str, Any]) -> Shown:
    """Show what the receipt proves; no position, for its signature speaks for them (T33)."""
    proof = proof_of(what["receipt"])
    seen = shown_of(desk().engine, found.head.slug, what["receipt"], desk().clock(), language())
    becomes = seen.becomes
    now = as_shown.readmission(what, becomes.version, becomes.effect)
    changed = now != found.shown and not found.decided
    return Shown(
        hash=found.shown if found.decided else now,
        sentence=_sentence(found, proof),
        facts=tuple(_facts(found, what, proof, becomes)),
        before=(_("What becomes of the reply was otherwise when it was asked for."),)
        if changed
        else (),
        parts={"effects": _effects(found, seen.titles, becomes)},
    )


def _effects(found: Asked, titles: Mapping[str, Mapping[str, str]], becomes: Becomes) -> Any:
    if found.decided or becomes.without is None or becomes.counting is None:
        return ()
    return compared(becomes.without, becomes.counting, titles, language())


def _sentence(found: Asked, proof: Proof) -> str:
    closes_at, at = found.head.closes_at, read_instant(proof.facts["received_at"])
    named = {"member": found.member, "instant": instants.exact(at, place_of(found.head))}
    if closes_at is not None and at >= closes_at:
        return str(
            _(
                "The database lost a reply of %(member)s that had been acknowledged. It is taken in"
                " again as its receipt gives it: received on %(instant)s, after the deadline, and"
                " not counted.",
                **named,
            )
        )
    return str(
        _(
            "The database lost a reply of %(member)s that had been acknowledged. It is taken in"
            " again as its receipt gives it, and counts by the time it was received, %(instant)s."
            " Of several versions the one received last in time counts alone.",
            **named,
        )
    )


def _facts(
    found: Asked, what: Mapping[str, Any], proof: Proof, becomes: Becomes
) -> Iterator[tuple[str, str]]:
    place, facts = place_of(found.head), proof.facts
    yield _("Member State"), found.member
    yield _("Version"), str(facts["version"])
    if becomes.version != facts["version"] and not found.decided:
        yield (
            _("Kept as version"),
            _(
                "%(version)s: after the loss another reply took the number %(taken)s. Both stand.",
                version=becomes.version,
                taken=facts["version"],
            ),
        )
    yield _("Received"), instants.exact(read_instant(facts["received_at"]), place)
    yield _("How it came"), kinds.channel(Channel(facts["channel"]))
    yield (
        _("Entry that was lost"),
        _(
            "No. %(number)s, %(instant)s",
            number=proof.entry["number"],
            instant=instants.exact(read_instant(proof.entry["at"]), place),
        ),
    )
    yield _("Fingerprint of its ledger entry"), grouped(proof.leaf)
    yield _("Signed with the key"), grouped(fingerprint_of(proof.value["public_key"]))
    if facts.get("note"):
        yield (
            _("Note with the reply"),
            _(
                "A PDF. The receipt has its fingerprint alone, %(sha256)s: if the database lost the"
                " file too, ask the Member State for it.",
                sha256=grouped(facts["note"]),
            ),
        )
    if what["revoked"]:
        yield (
            _("Take care"),
            _(
                "That key was given up later, since it might be in other hands. Compare the entry"
                " with the mail that acknowledged the reply before you confirm."
            ),
        )
