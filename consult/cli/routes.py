"""The command that lists every route with who may use it."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import click

from consult import clock
from consult.app import create_app
from consult.cli.deployment import settings
from consult.tables import make_engine
from consult.web.routes import Route, aligned, as_markdown, routes_of


@click.command()
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option("--markdown", "form", flag_value="markdown", help="Print the documentation's page.")
def routes(form: str | None) -> None:
    """List every address of the pages with its methods, its policy and its roles.

    Needs no database: it asks the same table by which each request is judged.
    """
    shown: Callable[[list[Route]], str] = {"json": _json, "markdown": as_markdown}.get(
        form or "", aligned
    )
    click.echo(shown(_served()).removesuffix("\n"))


def _served() -> list[Route]:
    """Return the routes of the pages as these settings make them; nothing is left behind."""
    engine = make_engine("sqlite://")
    with tempfile.TemporaryDirectory() as nowhere:
        found = replace(settings(), instance=Path(nowhere))
        try:
            return routes_of(create_app(found, clock.now, engine))
        finally:
            engine.dispose()


def _json(found: list[Route]) -> str:
    return json.dumps([asdict(route) for route in found], indent=2)
