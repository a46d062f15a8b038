"""The command `consult`: its subcommands, and what their errors say and return."""

import importlib
import sys
from collections.abc import Iterable, Mapping

import click

from consult.core.fields import in_line
from consult.errors import BadInput, Refused
from consult.settings import SettingsError

# A command loads only what it needs: counting a case file needs no database and no pages.
COMMANDS: Mapping[str, str] = {
    "backup": "consult.cli.backup:backup",
    "create-user": "consult.cli.people:create_user",
    "demo": "consult.cli.demo:demo",
    "doctor": "consult.cli.doctor:doctor",
    "export": "consult.cli.export:export",
    "forget": "consult.cli.forget:forget",
    "import-body": "consult.cli.imports:import_body",
    "import-calendar": "consult.cli.imports:import_calendar",
    "import-consultation": "consult.cli.imports:import_consultation",
    "import-members": "consult.cli.imports:import_members",
    "import-people": "consult.cli.imports:import_people",
    "import-receipt": "consult.cli.readmit:import_receipt",
    "init": "consult.cli.init:init",
    "keys": "consult.cli.keys:keys",
    "mail-test": "consult.cli.mail_test:mail_test",
    "restore": "consult.cli.backup:restore",
    "routes": "consult.cli.routes:routes",
    "serve": "consult.cli.serve:serve",
    "tally": "consult.cli.tally:tally",
    "tick": "consult.cli.tick:tick",
    "upgrade": "consult.cli.upgrade:upgrade",
    "verify": "consult.cli.verify:verify",
    "worker": "consult.cli.worker:worker",
}


_LONGEST_LINE = 2000


class Commands(click.Group):
    """Subcommands, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def invoke(self, ctx: click.Context) -> object:
        """Run a command: 1 if it was refused, 2 if what it was given cannot be understood."""
        try:
            return super().invoke(ctx)
        except BadInput as refused:
            _say(f"{path}: {what}" for path, what in refused.faults.items())
            ctx.exit(2)
        except SettingsError as faults:
            _say(str(faults).splitlines())
            ctx.exit(2)
        except Refused as refused:
            _say([str(refused)])
            ctx.exit(1)


@click.group(cls=Commands)
@click.version_option(package_name="consult", prog_name="consult")
def main() -> None:
    """Decisions by correspondence, for international organisations.

    Settings come from the environment: see .env.example. Errors go to standard error; the
    command ends with 1 if something is refused or does not hold, with 2 if what it was given
    cannot be understood.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without UTF-8 must not stop a command
            stream.reconfigure(errors="backslashreplace")


def _say(lines: Iterable[str]) -> None:
    for line in lines:  # names in it may be those of a file from outside
        click.echo(in_line(line, _LONGEST_LINE), err=True)
