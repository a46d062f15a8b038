"""The command that takes records and ledgers out of the database."""

import io
import json
import zipfile

import pytest
from click.testing import CliRunner

from consult.actions.change import Desk
from consult.cli import main
from consult.core.verify import verify_ledger, verify_record
from consult.settings import Settings
from tests import build
from tests.published import Office, office, publish


@pytest.fixture
def of(desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("CONSULT_DATABASE_URL", settings.database)
    monkeypatch.setenv("CONSULT_INSTANCE", str(settings.instance))
    monkeypatch.setenv("CONSULT_SECRET_KEY", "a secret for tests that is long enough")
    return office(desk)


def export(*given: str) -> tuple[int, bytes, str]:
    found = CliRunner().invoke(main, ["export", *given])
    return found.exit_code, found.stdout_bytes, found.stderr


def test_each_form_of_a_record_is_written(desk: Desk, of: Office) -> None:
    slug = publish(desk, of)
    code, made, _ = export("CONS-2020/1")
    assert (code, verify_record(made).faults) == (0, [])
    assert json.loads(made)["consultation"]["slug"] == slug
    beginnings = {"pdf": b"%PDF-", "docx": b"PK", "csv": b"\xef\xbb\xbfcode,name"}
    for kind, beginning in beginnings.items():
        assert export(slug, "--format", kind)[1].startswith(beginning)
    assert verify_ledger(export(slug, "--format", "ledger")[1]).faults == []


def test_before_the_count_nothing_is_written(desk: Desk, of: Office) -> None:
    """T33."""
    slug = build.draft(desk, of.officer)
    build.open_it(desk, slug, of.officer, of.approver)
    for kind in ("json", "ledger"):
        code, made, said = export(slug, "--format", kind)
        assert (code, made) == (1, b"")
        assert "is not counted yet" in said


def test_what_is_not_there_is_said_in_a_line(of: Office) -> None:
    code, made, said = export("NO-SUCH")
    assert (code, made) == (1, b"")
    assert "There is no consultation NO-SUCH." in said


def test_the_dossier_is_one_archive(desk: Desk, of: Office) -> None:
    slug = publish(desk, of)
    made = export(slug, "--format", "dossier", "--language", "fr")[1]
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert f"{slug}/INDEX.txt" in names
    assert f"{slug}/ledger.json" in names
