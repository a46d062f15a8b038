"""The drill after a loss: restore, import the receipts, confirm, count, verify (T98)."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from consult import clock
from consult.actions import certifying, posting, publishing, replying
from consult.actions.change import Desk
from consult.app import make_desk
from consult.core.life import Actor
from consult.queries.sessions import actor_of
from consult.settings import load
from consult.tables import Person, Record, Reply, Request, make_engine, reading
from tests import build
from tests.deployments import SLUG, Deployment, run

OFFICER = "a.officer@example.org"
Places = list[dict[str, str]]


class Lost:
    """A deployment that was saved, took two replies more, and is gone."""

    def __init__(self, places: Places, folder: Path) -> None:
        before, self.environ = places
        service = Deployment(before)
        self.saved = folder / "backup.tar.gz"
        assert run(before, "backup", self.saved).exit_code == 0
        codes = sorted(service.heads)
        self.here = self._kept(service, codes[0], folder / "here.json")
        service.reply(codes[1])
        self.receipt = self._kept(service, codes[1], folder / "receipt.json")
        said = build.answer(codes[2], "object", "object", "object")
        new = build.sent(service.desk, said)
        replying.reply(service.desk, SLUG, service.heads[codes[2]], new)
        self.mail = self._mailed(service, codes[2], folder / "mail.eml")
        service.engine.dispose()
        # The private key is no part of a backup: it is kept elsewhere, and put back.
        for name in ("keys", "secret"):
            kept = Path(before["CONSULT_INSTANCE"], name)
            if kept.is_dir():
                shutil.copytree(kept, Path(self.environ["CONSULT_INSTANCE"], name))

    @staticmethod
    def _kept(service: Deployment, member: str, path: Path) -> Path:
        with reading(service.engine) as session:
            path.write_text(session.scalars(select(Reply.receipt).filter_by(member=member)).one())
        return path

    def _mailed(self, service: Deployment, member: str, path: Path) -> Path:
        mail = EmailMessage()
        mail.set_content("The receipt is attached. Keep it.")
        receipt = self._kept(service, member, path.with_suffix(".json"))
        mail.add_attachment(receipt.read_bytes(), "application", "json", filename="receipt.json")
        receipt.unlink()
        path.write_bytes(mail.as_bytes())
        return path


@pytest.fixture
def lost(places: Places, tmp_path: Path) -> Lost:
    return Lost(places, tmp_path)


@contextmanager
def opened(environ: dict[str, str]) -> Iterator[Desk]:
    settings = load(environ)
    engine = make_engine(settings.database)
    try:
        yield make_desk(settings, clock.now, engine)
    finally:
        engine.dispose()


def person(desk: Desk, name: str) -> Actor:
    with reading(desk.engine) as session:
        found = session.scalars(select(Person.id).where(Person.name == name)).one()
        return actor_of(session, found, desk.clock())


def confirm_all(desk: Desk) -> None:
    """Let the second person confirm whatever waits."""
    with reading(desk.engine) as session:
        waits = session.scalars(select(Request.id).where(Request.decided_at.is_(None))).all()
    for number in waits:
        build.confirm(desk, number, person(desk, "B. Approver"))


def test_what_was_lost_is_told_imported_confirmed_and_counted(lost: Lost, tmp_path: Path) -> None:
    """T98: the drill of every year, to the record and beyond, on both databases."""
    restored = run(lost.environ, "restore", lost.saved, "--heads-from", lost.receipt)
    assert restored.exit_code == 1
    assert f"consult import-receipt {lost.receipt}" in restored.stderr
    assert "consult import-receipt" in restored.stdout

    told = run(lost.environ, "import-receipt", lost.receipt, lost.mail, lost.here, "--as", OFFICER)
    assert told.exit_code == 0, told.output
    assert told.stdout.count("readmission asked for") == 2
    assert "here already, entry" in told.stdout
    again = run(lost.environ, "import-receipt", lost.receipt, "--as", OFFICER)
    assert "waits for a second person" in again.stdout

    with opened(lost.environ) as desk:
        officer = person(desk, "A. Officer")
        confirm_all(desk)
        posting.state_post(desk, SLUG, officer)
        confirm_all(desk)
        said = certifying.Conclusion(texts=build.in_all("So decided."), adopted={})
        certifying.conclude(desk, SLUG, officer, said)
        confirm_all(desk)
        publishing.publish(desk, SLUG, officer)
        with reading(desk.engine) as session:
            record = session.scalars(select(Record.content)).one()
    positions = json.loads(record)["result"]["questions"]["1"]["positions"]
    assert sorted(positions.values()) == ["approve", "approve", "object"]

    mail = ("--heads-from", lost.receipt, "--heads-from", lost.mail)
    verified = run(lost.environ, "verify", "--db", *mail)
    assert verified.exit_code == 0, verified.output
    file = tmp_path / "record.json"
    file.write_text(record)
    found = run(lost.environ, "verify", file, lost.receipt, lost.here)
    assert found.exit_code == 0, found.output
    assert "lost and readmitted from its receipt (entry" in found.stdout


def test_a_restoration_points_to_the_command(lost: Lost) -> None:  # T98
    restored = run(lost.environ, "restore", lost.saved)
    assert restored.exit_code == 0, restored.output
    assert "Everything holds." in restored.stdout
    assert "consult import-receipt FILE" in restored.stdout


def test_what_is_refused_is_told_for_each_file_and_hinders_no_other(
    lost: Lost, tmp_path: Path
) -> None:
    """T98: foreign, altered, not a receipt; and who asks must be an officer."""
    assert run(lost.environ, "restore", lost.saved).exit_code == 0
    altered, foreign = tmp_path / "altered.json", tmp_path / "foreign.json"
    made = json.loads(lost.receipt.read_text())
    altered.write_text(json.dumps({**made, "choices": {"1": "object"}}))
    foreign.write_text(json.dumps({**made, "kid": "0" * 16}))
    files = [altered, foreign, lost.saved, lost.receipt]
    told = run(lost.environ, "import-receipt", *files, "--as", OFFICER.upper())
    assert told.exit_code == 1
    assert f"{altered}: refused. It is not what was signed" in told.stderr
    assert f"{foreign}: refused. It is signed with the key 0000" in told.stderr
    assert f"{lost.saved}: refused. It cannot be read" in told.stderr
    assert f"{lost.receipt}: reply of" in told.stdout

    assert run(lost.environ, "import-receipt", lost.receipt).exit_code == 2
    focal_point = "h.arg@example.org"
    nobody = run(lost.environ, "import-receipt", lost.receipt, "--as", focal_point)
    assert nobody.exit_code == 2
    assert "no officer or approver" in nobody.stderr
    missing = run(lost.environ, "import-receipt", tmp_path / "none", "--as", OFFICER)
    assert missing.exit_code == 2


def test_a_reply_sent_again_after_the_loss_is_told_in_words(lost: Lost) -> None:
    """T98: both stand, and the command says under which number."""
    assert run(lost.environ, "restore", lost.saved).exit_code == 0
    made = json.loads(lost.receipt.read_text())
    member = made["member"]
    with opened(lost.environ) as desk:
        said = build.answer(member, "object", "object", "object")
        new = build.sent(desk, said)
        replying.reply(desk, SLUG, person(desk, f"H {member}"), new)
    told = run(lost.environ, "import-receipt", lost.receipt, "--as", OFFICER)
    assert f"Another reply of {member} took the number 1" in told.stdout
    assert "this one as version 2" in told.stdout
