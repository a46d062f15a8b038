"""The command that takes a decision record or a ledger out of the database."""

from collections.abc import Callable
from typing import BinaryIO

import click
from flask import Flask

from consult.actions.change import Desk
from consult.actions.documents import read_stored
from consult.actions.drafting import slug_of
from consult.cli.deployment import opened
from consult.core.life import NotNow
from consult.documents.dossier import dossier_zip
from consult.documents.forms import FORMS
from consult.documents.round import is_table
from consult.errors import NotFound
from consult.queries.dossier import dossier
from consult.queries.exporting import ledger_text, record_text
from consult.wording import LANGUAGES, catalogues

_KINDS = ("json", "csv", "pdf", "docx", "ledger", "dossier")


@click.command()
@click.argument("reference", metavar="REF")
@click.option(
    "kind", "--format", type=click.Choice(_KINDS), default="json", show_default=True, help="Which."
)
@click.option("spoken", "--language", type=click.Choice(list(LANGUAGES)), default="en")
@click.option(
    "out",
    "-o",
    "--output",
    type=click.File("wb"),
    default="-",
    help="A file; else standard output.",
)
def export(reference: str, kind: str, spoken: str, out: BinaryIO) -> None:
    """Write the decision record of REF, its whole ledger, or its dossier (a ZIP of everything).

    A record that is published is written as it was published, byte for byte in JSON; one that is
    counted and not published yet, as it would be now. Before the count nothing is written: until
    then nobody sees a position.
    """
    with opened() as desk:
        try:
            if kind == "dossier":
                out.write(_dossier(desk, reference, spoken))
                return
            text = (ledger_text if kind == "ledger" else record_text)(
                desk.engine, desk.keys, reference
            )
        except NotFound:
            raise click.ClickException(f"There is no consultation {reference}.") from None
        except NotNow:
            raise click.ClickException(
                f"{reference} is not counted yet; until then nobody sees a position."
            ) from None
    if kind == "pdf" and is_table(text):
        raise click.ClickException("A table of comments is written as docx, csv or json.")
    out.write(_made(kind, text, spoken))


def _dossier(desk: Desk, reference: str, spoken: str) -> bytes:
    record_text(desk.engine, desk.keys, reference)  # refuses what is not there, or not counted yet
    found = dossier(desk.engine, desk.keys, slug_of(reference), desk.clock(), spoken)
    return _speaking(lambda: dossier_zip(found, spoken, lambda sha: read_stored(desk, sha)))


def _made(kind: str, text: str, spoken: str) -> bytes:
    if kind == "ledger":
        return text.encode()
    return _speaking(lambda: FORMS[kind].make(text, spoken))


def _speaking(make: Callable[[], bytes]) -> bytes:
    """Make a document with the catalogues, without the pages."""
    app = Flask("consult")
    catalogues.set_up(app, lambda: "en")
    with app.app_context():
        return make()
