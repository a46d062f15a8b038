"""A service as its operator has it: an environment, a database, files, and the commands."""

from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy import select

from consult.actions import documents, replying
from consult.actions.change import Desk
from consult.app import make_desk
from consult.cli import main
from consult.core.upload import EVIDENCE
from consult.settings import load
from consult.tables import Consultation, make_engine, reading
from consult.tables.migrating import upgrade
from tests import build

SLUG = "CONS-2020-1"
NOW = datetime(2020, 6, 20, 8, 0, tzinfo=UTC)


class Deployment:
    """A service with a council, a letter that is open, and one reply."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.environ = environ
        settings = load(environ)
        upgrade(settings.database)
        self.engine = make_engine(settings.database)
        self.desk: Desk = make_desk(settings, lambda: NOW, self.engine)
        codes = build.council(self.desk, 3)
        self.heads = {code: build.person(self.desk, f"H {code}", member=code) for code in codes}
        asks, confirms = build.officer(self.desk), build.approver(self.desk)
        build.open_it(self.desk, build.draft(self.desk, asks), asks, confirms)
        documents.keep(self.desk, b"%PDF-1.7\na note\n", "n.pdf", "application/pdf", EVIDENCE)
        self.reply(codes[0])

    def reply(self, member: str) -> None:
        said = build.answer(member, "approve", "approve", "approve")
        replying.reply(self.desk, SLUG, self.heads[member], build.sent(self.desk, said))

    def head(self) -> str:
        """The line at the end of a notice that would leave now."""
        with reading(self.engine) as session:
            row = session.execute(select(Consultation.number, Consultation.head)).one()
        return f"Ledger CONS-2020/1 #{row.number} {row.head[:32]}"


def run(environ: dict[str, str], *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments], env=environ)
