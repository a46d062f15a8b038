"""The command `consult verify`: checks records, receipts and ledgers, without a database."""

import gc
import re
from collections.abc import Mapping, Sequence

import click

from consult.core.verify import RECEIPTS, Book, Findings, examine, kind_of, verify_receipt
from consult.errors import BadInput

_HEAD = re.compile(r"#?([0-9]{1,16})[: ]([0-9A-Fa-f]{32,64})").fullmatch
_NO_KEYS = (
    "this version has no signing keys yet: nothing is signed, and no fingerprint can be checked"
)
_UNSIGNED = (
    "Nothing in these files is signed. That they are whole says nothing of who made them: compare "
    "the head, or the SHA-256 of the record, with the notices and the published page."
)
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
def verify(files: Sequence[str], heads: Sequence[Head], key: str | None, database: bool) -> None:
    """Check FILES: decision records, receipts, ledger exports; or, with --db, the live database.

    Everything is computed again from the files alone: the hash of every entry and the chain of
    them, the order of the procedure, who allowed what, the case, every count and outcome, and
    that texts are the ones that were entered. A receipt beside a record or a ledger is looked up
    in it: counted, superseded, late or missing.

    What no check can find: a reply that was never acknowledged; a false statement truthfully
    recorded, such as a letter that was never sent; a history written anew before any head of it
    left the service; entries cut off after the last head that anybody holds. Against the last
    two, give --head with the line from any notice.

    Exit status: 0 all holds, 1 something does not (each fault is a line on standard error),
    2 a file cannot be read.
    """
    if key is not None:
        raise click.UsageError(_NO_KEYS)
    if database == bool(files):
        raise click.UsageError("name files, or say --db")
    if database:
        _check_database()
        return
    read = {name: _content(name) for name in dict.fromkeys(files)}
    receipts = {name: raw for name, raw in read.items() if _kind(name, raw) in RECEIPTS}
    others = {name: raw for name, raw in read.items() if name not in receipts}
    if heads and not others:
        raise click.UsageError("--head needs a record or a ledger")
    # Nothing here is worth collecting before the end, and looking takes half of the time.
    gc.disable()
    try:
        holds = _check(others, receipts, heads)
    finally:
        gc.enable()
    if not holds:
        raise click.exceptions.Exit(1)
    click.echo(_UNSIGNED)


def _check_database() -> None:
    """Check every consultation of the service that the environment describes."""
    # Whoever checks a file needs neither a database nor pages.
    from consult.cli.deployment import opened  # noqa: PLC0415
    from consult.queries.verifying import verify_database  # noqa: PLC0415

    holds = True
    with opened() as desk:
        for reference, findings in verify_database(desk.engine):
            holds &= _tell(reference, findings)
    if not holds:
        raise click.exceptions.Exit(1)


def _check(
    others: Mapping[str, bytes], receipts: Mapping[str, bytes], heads: Sequence[Head]
) -> bool:
    """Check records and ledgers, then the receipts in them; say whether all holds."""
    holds = True
    books: dict[str, Book] = {}
    for name, raw in others.items():
        findings, book = examine(raw, heads)
        holds &= _tell(name, findings)
        if book:
            books[book.ledger] = book
    for name, raw in receipts.items():
        holds &= _tell(name, _look_up(raw, books, given=bool(others)))
    return holds


def _content(name: str) -> bytes:
    try:
        with click.open_file(name, "rb") as file:
            return bytes(file.read())
    except OSError as error:
        raise BadInput({name: (error.strerror or "cannot be read").lower()}) from error


def _kind(name: str, raw: bytes) -> str:
    try:
        return kind_of(raw)
    except BadInput as error:
        raise BadInput(
            {f"{name}: {place}": what for place, what in error.faults.items()}
        ) from error


def _look_up(raw: bytes, books: Mapping[str, Book], *, given: bool) -> Findings:
    findings = verify_receipt(raw)
    book = books.get(str(findings.facts.get("ledger")))
    if book:
        return verify_receipt(raw, book)
    if given:
        findings.fault("consultation.id", "is not that of a record or ledger here that holds")
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
    if findings.kind == "receipt":
        verdict = _VERDICTS.get(str(facts.get("verdict")), "No record was given to find it in.")
        if isinstance(lapsed := facts.get("lapsed"), list):
            verdict += " It was not confirmed after a revision and says nothing on item {items}."
            facts = {**facts, "items": ", ".join(map(str, lapsed))}
        return (
            f"the receipt of {facts['member']}, version {facts['version']}, for "
            f"{facts['reference']} (entry {facts['number']}) holds. {verdict.format(**facts)}"
        )
    counted = f"{facts['entries']} entries, {facts['replies']} replies, head {facts['head']}"
    said = [f"the {findings.kind} of {facts['reference']} holds: {counted}."]
    if facts["heads_held"]:
        said.append(f"Heads that were shown and are in it: {facts['heads_held']}.")
    outcomes = facts.get("outcomes", {})
    if isinstance(outcomes, Mapping):
        said += [f"Item {item}: {outcome}." for item, outcome in outcomes.items()]
    return " ".join(said)
