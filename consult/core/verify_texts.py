"""Checks the texts of a record or a receipt against the commitments in the entries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from consult.core.canonical import fault_of
from consult.core.entries import REPLIES, RESTORED
from consult.core.findings import Findings
from consult.core.ledger import commitment
from consult.core.round import COMMENTS, DISPOSED
from consult.core.shapes import HASH, LANGUAGE, NONCE, TEXT

Entry = Mapping[str, Any]

# The facts that hold a commitment; those that a reader of a decision is owed are in `_OWED`.
_OWED = ("reason", "reasons", "grounds", "conclusion", "words", "meeting")
_PERSONAL = ("signatory", "person", "recipients", "paper", "authority")
_OR_FILES = frozenset({"paper", "authority"})
_TAKEN_AWAY = frozenset({"text-erased", "text-withheld"})
_MUST = frozenset({"salt", "text"})
_MAY = _MUST | {"language"}


def check_texts(
    findings: Findings, texts: object, withheld: object, entries: Iterable[Entry]
) -> None:
    """Note each text that is not the one that was entered, is owed, or was to be withheld."""
    if not isinstance(texts, dict) or not isinstance(withheld, dict):
        findings.fault("texts", "texts and withheld must be objects")
        return
    known, owed, taken = _commitments(entries)
    for name, text in texts.items():
        findings.misfit(_at(f"texts.{name}", _given_fault(name, text, known, taken)))
    for name, ground in withheld.items():
        found = _ground_fault(name, ground, known, taken)
        findings.misfit(_at(f"withheld.{name}", found))
    for name in texts.keys() & withheld.keys():
        findings.fault(f"withheld.{name}", "is given among the texts all the same")
    for name in owed.keys() - texts.keys() - withheld.keys():
        findings.fault(f"entry {owed[name]}", f"the text of its commitment {name} is missing")


def commitments_in(entries: Sequence[Entry]) -> tuple[dict[str, int], set[str], set[str]]:
    """Return each commitment with the entry that names it, those to texts, and those erased.

    What a naming or an authority rests on may be a file, whose SHA-256 stands in that place; who
    signed a reply that was restored is in no receipt, and so in no text.
    """
    _known, owed, _taken = _commitments(entries)
    named, texts = dict(owed), set(owed)
    for entry in entries:
        for name in _PERSONAL:
            if found := entry["facts"].get(name):
                named.setdefault(found, entry["number"])
                if name not in _OR_FILES and entry["what"] != RESTORED:
                    texts.add(found)
    erased = {e["facts"]["commitment"] for e in entries if e["what"] == "text-erased"}
    return named, texts, erased


def unclear_texts(facts: Entry) -> list[str]:
    """Return the commitments to what a paper says unclearly and to what its member is asked."""
    return [name for one in facts.get("unclear", {}).values() for name in one.values()]


def texts_of(entry: Entry) -> list[str]:
    """Return the commitments to what a member said in a reply, or in comments."""
    facts = entry["facts"]
    if entry["what"] in COMMENTS:
        pairs = [(one["text"], one["proposed"]) for one in facts["remarks"]]
        return [name for pair in pairs for name in pair if name is not None]
    return [*facts["comments"].values(), *unclear_texts(facts)]


def _at(where: str, found: str | None) -> tuple[str, str] | None:
    return None if found is None else (where, found)


def _commitments(entries: Iterable[Entry]) -> tuple[set[str], dict[str, int], dict[str, str]]:
    """Return every commitment, those whose text is owed with their entry, and those taken away."""
    known: set[str] = set()
    owed: dict[str, int] = {}
    taken: dict[str, str] = {}
    for entry in entries:
        what, facts = entry["what"], entry["facts"]
        if what in _TAKEN_AWAY:
            taken[facts["commitment"]] = facts["ground"]
        if what in REPLIES | COMMENTS:
            owed |= dict.fromkeys(texts_of(entry), int(entry["number"]))
        if what == "view":
            owed[facts["text"]] = entry["number"]
        if what == DISPOSED:
            owed |= dict.fromkeys(facts["reasons_in"].values(), entry["number"])
        owed |= {
            facts[name]: entry["number"]
            for name in _OWED
            if facts.get(name) and what != "key-changed"
        }
        known.update(facts[name] for name in _PERSONAL if facts.get(name))
    return known | owed.keys(), owed, taken


def _given_fault(name: str, text: object, known: set[str], taken: Mapping[str, str]) -> str | None:
    if name not in known:
        return "is the text of no entry"
    if name in taken:
        return "was erased or withheld and is given all the same"
    return text_fault(name, text)


def _ground_fault(
    name: str, ground: object, known: set[str], taken: Mapping[str, str]
) -> str | None:
    if name not in known:
        return "is the text of no entry"
    if not TEXT.fits(ground):
        return f"its ground {TEXT.words}"
    if name in taken and taken[name] != ground:
        return "gives another ground than the ledger"
    return None


def text_fault(name: str, text: object) -> str | None:
    """Say why *text* (salt, text and perhaps its language) is not what *name* commits to."""
    if not isinstance(text, dict) or not _MUST <= text.keys() <= _MAY:
        return "must hold salt and text, and may hold language"
    if not NONCE.fits(text["salt"]) or not isinstance(text["text"], str) or fault_of(text["text"]):
        return "must hold a salt of 32 hex digits and a text"
    if not LANGUAGE.fits(text.get("language", "en")):
        return f"its language {LANGUAGE.words}"
    if not HASH.fits(name) or commitment(bytes.fromhex(text["salt"]), text["text"]) != name:
        return "is not the text that was entered"
    return None
