"""The command `consult verify`: checks records, receipts and ledgers, without a database."""

import gc
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from consult.core.verify import (
    COUNTERSIGNATURE,
    KEYS,
    RECEIPTS,
    Book,
    Findings,
    Trust,
    examine,
    kind_of,
    trust_in,
    trusting,
    verify_countersignature,
    verify_receipt,
)
from consult.errors import BadInput

if TYPE_CHECKING:
    from sqlalchemy import Engine

_LARGEST = 2**30
_HEAD = re.compile(r"#?([0-9]{1,16})[: ]([0-9A-Fa-f]{32,64})").fullmatch
_OWN_KEY = (
    "The key in these files is their own: that all is signed with it says nothing of whose it is. "
    "Compare its fingerprint ({keys}) with your letter of invitation, or ask another member state "
    "for the one in its own; then give it with --key."
)
_GIVEN_KEY = "All of it is signed with the key that was given, or one for which that key speaks."
_STANDS = (
    "the countersignature of the record of {reference} holds. The key {signers}, with which that "
    "record was signed, may be in other hands since {revoked_at}. On {at} the service said with "
    "its newer key that the file with the SHA-256 {record} is the record as it was published, and "
    "that its notices had carried {heads} heads of the ledger. "
)
_BESIDE = "It is the record beside it, and these heads are those of its ledger."
_ALONE = "The record itself was not given: give both, to see that they belong together."
_VERDICTS = {
    "counted": "The reply is in the ledger and is the one that counts.",
    "superseded": "The reply is in the ledger; version {superseded_by} took its place.",
    "late": "The reply is in the ledger as late; it does not count.",
    "not admitted": "The reply is in the ledger; it was not admitted to the count.",
    "not entitled": "The reply is in the ledger; its member has no right to vote; not counted.",
}

Head = tuple[int, str]


class _HeadType(click.ParamType[Head]):
    name = "number:hex"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Head:
        if isinstance(value, tuple):
            return value
        found = _HEAD(str(value))
        if found is None:
            self.fail("write the number of an entry, a colon and 32 to 64 hex digits", param, ctx)
        return int(found[1]), found[2].lower()


@click.command()
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, allow_dash=True))
@click.option(
    "heads",
    "--head",
    multiple=True,
    type=_HeadType(),
    help="A head that you were shown: the line at the end of a notice. May be repeated.",
)
@click.option(
    "--key", metavar="FINGERPRINT", help="The fingerprint of the key that must have signed."
)
@click.option("database", "--db", is_flag=True, help="Check the live database of this service.")
@click.option(
    "mail",
    "--heads-from",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="With --db: mail that left the service, a file or a folder: its heads and receipts are"
    " looked up.",
)
def verify(
    files: Sequence[str],
    heads: Sequence[Head],
    key: str | None,
    database: bool,
    mail: Sequence[Path],
) -> None:
    """Check FILES: decision records, receipts, ledger exports; or, with --db, the live database.

    A list of keys (keys.json) among them says which keys the service had, and since when. A
    countersignature beside a record says that the service stands for it with a newer key, since
    the record's own may be in other hands.

    Everything is computed again from the files alone: the hash of every entry and the chain of
    them, the order of the procedure, who allowed what, the case, every count and outcome, that
    texts are the ones that were entered, every signature and every signed head. A receipt beside
    a record or a ledger is looked up in it: counted, superseded, late or missing.

    What no check can find: a reply that was never acknowledged; a false statement truthfully
    recorded, such as a letter that was never sent; a history written anew before any head of it
    left the service; entries cut off after the last head that anybody holds. Against the last
    two, give --head with the line from any notice. Without --key the key is the file's own.

    Exit status: 0 all holds, 1 something does not (each fault is a line on standard error),
    2 a file cannot be read.
    """
    _refuse_mixed(files, mail, database=database)
    if database:
        _check_database(mail)
        return
    read = {name: _content(name) for name in dict.fromkeys(files)}
    kinds = {name: _kind(name, raw) for name, raw in read.items()}
    lists = [name for name, kind in kinds.items() if kind == KEYS]
    if len(lists) > 1:
        raise click.UsageError("give one list of keys")
    countersigned = {name: read[name] for name, kind in kinds.items() if kind == COUNTERSIGNATURE}
    try:
        trust = trust_in(key, read[lists[0]] if lists else None)
    except BadInput as error:
        _refuse_key(lists, error)
    trust = trusting(list(countersigned.values()), trust)
    beside = {name: read[name] for name, kind in kinds.items() if kind in RECEIPTS} | countersigned
    others = {name: raw for name, raw in read.items() if name not in beside and name not in lists}
    if heads and not others:
        raise click.UsageError("--head needs a record or a ledger")
    # Nothing here is worth collecting before the end, and looking takes half of the time.
    gc.disable()
    try:
        used = _check(others, beside, heads, trust)
    finally:
        gc.enable()
    if used is None:
        raise click.exceptions.Exit(1)
    if used:
        said = _OWN_KEY.format(keys=", ".join(used)) if key is None else _GIVEN_KEY
        click.echo(said)


def _refuse_mixed(files: Sequence[str], mail: Sequence[Path], *, database: bool) -> None:
    if database == bool(files):
        raise click.UsageError("name files, or say --db")
    if mail and not database:
        raise click.UsageError("--heads-from goes with --db")


def _refuse_key(lists: Sequence[str], error: BadInput) -> NoReturn:
    """Say what is wrong with the fingerprint, or that the list of keys does not hold."""
    if "key" in error.faults:
        raise click.UsageError(f"--key {error.faults['key']}") from None
    for where, what in error.faults.items():
        click.echo(f"{lists[0]}: {where}: {what}", err=True)
    raise click.exceptions.Exit(1)


def _check_database(mail: Sequence[Path]) -> None:
    """Check every consultation of the service that the environment describes."""
    # Whoever checks a file needs neither a database nor pages.
    from consult.cli.deployment import opened  # noqa: PLC0415

    with opened() as desk:
        holds = database_holds(desk.engine, mail)
    if not holds:
        raise click.exceptions.Exit(1)


def database_holds(engine: "Engine", mail: Sequence[Path]) -> bool:
    """Check keys, ledgers, tables, and heads and receipts in *mail*; say whether all holds."""
    from consult.cli.heads import heads_from, lost_heads, lost_receipts  # noqa: PLC0415
    from consult.queries.signed import verify_keys  # noqa: PLC0415
    from consult.queries.verifying import verify_database  # noqa: PLC0415

    holds = _tell("keys", verify_keys(engine))
    for reference, findings in verify_database(engine):
        holds &= _tell(reference, findings)
    heads, receipts = lost_heads(engine, heads_from(mail)), lost_receipts(engine, mail)
    return holds and not heads and not receipts


def _check(
    others: Mapping[str, bytes],
    beside: Mapping[str, bytes],
    heads: Sequence[Head],
    trust: Trust,
) -> list[str] | None:
    """Check records and ledgers, then the receipts in them and what countersigns them.

    Returns:
        The fingerprints of the keys that signed; None if something does not hold.
    """
    holds = True
    books: dict[str, Book] = {}
    held: list[bytes] = []
    used: dict[str, None] = {}
    for name, raw in others.items():
        findings, book = examine(raw, heads, trust)
        holds &= _tell(name, findings)
        used |= dict.fromkeys(_signed_by(findings))
        if book:
            books[book.ledger] = book
            held.append(raw)
    for name, raw in beside.items():
        if _kind(name, raw) == COUNTERSIGNATURE:
            findings = _countersigned(raw, held, trust, given=bool(others))
        else:
            findings = _look_up(raw, books, trust, given=bool(others))
        holds &= _tell(name, findings)
        used |= dict.fromkeys(_signed_by(findings))
    return list(used) if holds else None


def _signed_by(findings: Findings) -> list[str]:
    keys = findings.facts.get("keys")
    return [str(one) for one in keys] if isinstance(keys, list) else []


def _content(name: str) -> bytes:
    try:
        with click.open_file(name, "rb") as file:
            raw = bytes(file.read(_LARGEST + 1))
    except OSError as error:
        raise BadInput({name: (error.strerror or "cannot be read").lower()}) from error
    except ValueError:
        raise BadInput({name: "cannot be read: its name is none"}) from None
    if len(raw) > _LARGEST:
        raise BadInput({name: f"is larger than {_LARGEST} bytes"})
    return raw


def _kind(name: str, raw: bytes) -> str:
    try:
        return kind_of(raw)
    except BadInput as error:
        raise BadInput(
            {f"{name}: {place}": what for place, what in error.faults.items()}
        ) from error


def _look_up(raw: bytes, books: Mapping[str, Book], trust: Trust, *, given: bool) -> Findings:
    findings = verify_receipt(raw, trust=trust)
    book = books.get(str(findings.facts.get("ledger")))
    if book:
        return verify_receipt(raw, book, trust)
    if given:
        findings.fault("consultation.id", "is not that of a record or ledger here that holds")
    return findings


def _countersigned(raw: bytes, held: Sequence[bytes], trust: Trust, *, given: bool) -> Findings:
    findings = verify_countersignature(raw, held, trust)
    if given and not held and findings.holds:
        findings.fault("record", "is not the SHA-256 of a record here that holds")
    return findings


def _tell(name: str, findings: Findings) -> bool:
    """Print what was found in one file and say whether all holds."""
    for fault in findings.faults:
        click.echo(f"{name}: {fault}", err=True)
    if findings.holds:
        click.echo(f"{name}: {_sentences(findings)}")
    return findings.holds


def _sentences(findings: Findings) -> str:
    facts = findings.facts
    rehearsal = " It is a rehearsal: it counts for nothing." if facts.get("rehearsal") else ""
    if findings.kind == "keys":
        return f"{facts['keys']} keys; the newest has the fingerprint {facts['key']}."
    if findings.kind == "countersignature":
        return _STANDS.format(**facts) + (_BESIDE if facts["beside"] else _ALONE)
    if findings.kind == "receipt":
        verdict = _VERDICTS.get(str(facts.get("verdict")), "No record was given to find it in.")
        if "restored" in facts:
            verdict += " It was lost and readmitted from its receipt (entry {restored})."
        if isinstance(lapsed := facts.get("lapsed"), list):
            verdict += " It was not confirmed after a revision and says nothing on item {items}."
            facts = {**facts, "items": ", ".join(map(str, lapsed))}
        return (
            f"the receipt of {facts['member']}, version {facts['version']}, for "
            f"{facts['reference']} (entry {facts['number']}) holds. "
            f"{verdict.format(**facts)}{rehearsal}"
        )
    counted = f"{facts['entries']} entries, {facts['replies']} replies, head {facts['head']}"
    said = [f"the {findings.kind} of {facts['reference']} holds: {counted}.{rehearsal}"]
    if facts["heads_held"]:
        said.append(f"Heads that were shown and are in it: {facts['heads_held']}.")
    outcomes = facts.get("outcomes", {})
    if isinstance(outcomes, Mapping):
        said += [f"Item {item}: {outcome}." for item, outcome in outcomes.items()]
    return " ".join(said)
