"""The doctor finds what is planted, says what to do, and is content with what is right."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from consult import clock
from consult.actions import documents, rotating
from consult.actions.change import Desk
from consult.app import create_app, make_desk
from consult.cli import doctor, machine, main
from consult.core.life import Role
from consult.core.signing import COMPROMISED
from consult.keys import Keyring
from consult.settings import load
from consult.tables import Document, make_engine, reading
from tests import build


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(machine, "synchronised", lambda: True)
    return {
        "CONSULT_DATABASE_URL": f"sqlite:///{tmp_path / 'consult.db'}",
        "CONSULT_INSTANCE": str(tmp_path),
    }


@pytest.fixture
def desk(environ: dict[str, str]) -> Iterator[Desk]:
    """A deployment with a letter that is open and one document."""
    first = ("init", "--name", "A. Admin", "--address", "admin@example.org")
    assert run(environ, *first).exit_code == 0
    settings = load(environ)
    engine = make_engine(settings.database)
    made = make_desk(settings, clock.now, engine)
    build.council(made, 3)
    asks = build.officer(made)
    slug = build.draft(made, asks)
    kept = documents.keep(made, b"%PDF-1.7\nan annex\n", "a.pdf", "application/pdf")
    documents.add(made, slug, asks, kept, documents.About(build.in_all("Annex")))
    yield made
    engine.dispose()


def run(environ: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environ)


def bad(result: Result) -> list[str]:
    return [line for line in result.output.splitlines() if line.startswith("bad")]


def test_a_sound_service_passes(environ: dict[str, str], desk: Desk) -> None:
    result = run(environ, "doctor")
    assert (result.exit_code, bad(result)) == (0, [])
    assert "Every ledger holds (1)" in result.output
    assert "Nobody is approver" in result.output


def test_a_database_of_an_earlier_version_is_told(environ: dict[str, str]) -> None:
    result = run(environ, "doctor")
    assert result.exit_code == 1
    assert "consult upgrade" in bad(result)[0]


def test_a_file_that_is_gone_is_missed(environ: dict[str, str], desk: Desk) -> None:
    with reading(desk.engine) as session:
        digest = session.scalars(select(Document.sha256)).one()
    assert digest is not None
    documents.path_of(desk, digest).unlink()
    (found,) = bad(run(environ, "doctor"))
    assert digest in found


def test_a_row_that_was_edited_is_found(
    environ: dict[str, str], desk: Desk, tmp_path: Path
) -> None:
    """T47."""
    with closing(sqlite3.connect(tmp_path / "consult.db")) as database:
        database.execute("UPDATE consultation SET state = 'published'")
        database.commit()
    (found,) = bad(run(environ, "doctor"))
    assert "the ledger says draft" in found
    assert run(environ, "doctor", "--quick").exit_code == 0


def test_a_file_that_is_not_what_was_kept_is_found(environ: dict[str, str], desk: Desk) -> None:
    """T93: the paper on which a reply or a mandate rests, changed on disk by whoever can."""
    with reading(desk.engine) as session:
        digest = session.scalars(select(Document.sha256)).one()
    assert digest is not None
    path = documents.path_of(desk, digest)
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.7\nanother annex\n")
    (found,) = bad(run(environ, "doctor"))
    assert f"The file {digest} is not what was kept" in found


def test_a_table_that_anybody_may_change_is_found(
    environ: dict[str, str], desk: Desk, tmp_path: Path
) -> None:
    """T43: who takes a trigger away prepares something, or has done it."""
    with closing(sqlite3.connect(tmp_path / "consult.db")) as database:
        database.execute("DROP TRIGGER reply_is_kept_from_update")
        database.commit()
    (found,) = bad(run(environ, "doctor"))
    assert "Nothing keeps the table reply from being changed" in found


def test_rows_of_a_letter_that_is_gone_are_found(
    environ: dict[str, str], desk: Desk, tmp_path: Path
) -> None:
    """T47."""
    with closing(sqlite3.connect(tmp_path / "consult.db")) as database:
        database.execute("DELETE FROM consultation")
        database.commit()
    found = bad(run(environ, "doctor"))
    assert any("ledger_entry has rows of a letter that is not there" in line for line in found)


def test_a_weak_secret_and_mail_in_the_open_are_found(environ: dict[str, str], desk: Desk) -> None:
    """T99."""
    weak = {"CONSULT_SECRET_KEY": "a" * 40, "CONSULT_MAIL": "smtp"}
    open_mail = {"CONSULT_MAIL_TLS": "none", "CONSULT_MAIL_SERVER": "mail.example.org"}
    found = bad(run({**environ, **weak, **open_mail}, "doctor"))
    assert ["CONSULT_SECRET_KEY" in found[0], "CONSULT_MAIL_TLS" in found[1]] == [True, True]


def test_a_secret_that_others_may_read_is_found(environ: dict[str, str], desk: Desk) -> None:
    secret = Path(environ["CONSULT_INSTANCE"]) / "secret"
    secret.write_text("x")
    secret.chmod(0o644)
    (found,) = bad(run(environ, "doctor"))
    assert "chmod 600" in found


def test_a_clock_that_nobody_sets_is_found(
    environ: dict[str, str], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T72."""
    monkeypatch.setattr(machine, "synchronised", lambda: False)
    (found,) = bad(run(environ, "doctor"))
    assert "NTP" in found


def test_postgresql_that_does_not_wait_for_the_disk_is_refused(
    postgresql, environ: dict[str, str]
) -> None:  # type: ignore[no-untyped-def]
    """T63: the tests' own database has synchronous_commit off."""
    url = postgresql.url.render_as_string(hide_password=False)
    found = bad(run({**environ, "CONSULT_DATABASE_URL": url}, "doctor", "--quick"))
    assert any("synchronous_commit is off" in line for line in found)


def test_one_person_is_named_by_the_command(environ: dict[str, str], desk: Desk) -> None:
    given = ("--name", "O. Officer", "--address", "o@example.org", "--role", "officer")
    assert "gets an invitation" in run(environ, "create-user", *given).output
    assert "so already" in run(environ, "create-user", *given).output
    assert run(environ, "create-user", *given, "--member", "ARG").exit_code == 2


def test_a_test_mail_is_handed_over(environ: dict[str, str], desk: Desk, tmp_path: Path) -> None:
    assert run(environ, "mail-test", "o@example.org").exit_code == 0
    (mail,) = (tmp_path / "mail" / "new").iterdir()
    assert "test of the mail settings" in mail.read_text()
    away = {"CONSULT_MAIL": "smtp", "CONSULT_MAIL_PORT": "1", "CONSULT_MAIL_TIMEOUT": "1"}
    refused = run({**environ, **away}, "mail-test", "o@example.org")
    assert refused.exit_code == 1
    assert "did not go out" in refused.stderr
    assert run(environ, "mail-test", "nobody").exit_code == 2


def keys_of(environ: dict[str, str]) -> tuple[Path, str]:
    """Return the folder of the private keys and the name of the one in force."""
    folder = Path(environ["CONSULT_INSTANCE"]) / "keys"
    (path,) = folder.glob("*.pem")
    return folder, path.stem


def test_the_key_in_force_is_named_and_its_folder_looked_at(  # T52
    environ: dict[str, str], desk: Desk
) -> None:
    _folder, kid = keys_of(environ)
    said = run(environ, "doctor", "--quick").output
    assert f"ok    The service signs with the key {kid}, in force." in said
    assert "look  The private keys lie in the folder of the database" in said


def _gone(path: Path) -> None:
    path.unlink()


def _read_by_others(path: Path) -> None:
    path.chmod(0o644)


def _another(path: Path) -> None:
    other = Keyring(path.parent / "other", makes_own=True)
    other.path(other.make().kid).replace(path)


def _no_key(path: Path) -> None:
    path.write_text("nothing")


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (_gone, "is not there"),
        (_read_by_others, "chmod 600"),
        (_another, "holds another key"),
        (_no_key, "holds no Ed25519 key"),
    ],
)
def test_a_key_that_cannot_sign_is_found(  # T52
    environ: dict[str, str], desk: Desk, plant: Callable[[Path], None], said: str
) -> None:
    folder, kid = keys_of(environ)
    plant(folder / f"{kid}.pem")
    (found,) = bad(run(environ, "doctor", "--quick"))
    assert "The service cannot sign" in found
    assert said in found


def test_readiness_says_that_the_key_is_gone(environ: dict[str, str], desk: Desk) -> None:
    """T52, T71."""
    app = create_app(load(environ), clock.now, engine=desk.engine)
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["key"]) == (200, True)  # type: ignore[index]
    folder, kid = keys_of(environ)
    (folder / f"{kid}.pem").unlink()
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["key"]) == (503, False)  # type: ignore[index]


def test_a_row_of_a_key_that_was_edited_is_found(  # T47, T52
    environ: dict[str, str], desk: Desk, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "consult.db")) as database:
        database.execute("UPDATE signing_key SET public_key = ?", ("0" * 64,))
        database.commit()
    found = bad(run(environ, "doctor", "--quick"))
    assert "its columns are not what it says" in found[0]
    assert "holds another key than the list of keys names" in found[1]


def test_a_new_key_waits_and_a_revoked_one_is_to_be_destroyed(  # T52, T54
    environ: dict[str, str], desk: Desk
) -> None:
    _folder, old = keys_of(environ)
    made = desk.keys.make()
    assert f"The key {made.kid} is not in force" in run(environ, "doctor", "--quick").output
    asks = build.person(desk, "Asks", Role.OFFICER)
    confirms = build.person(desk, "Confirms", Role.APPROVER)
    rotating.ask(desk, asks, made.kid, COMPROMISED, desk.clock())
    rotating.confirm(desk, confirms, made.kid)
    result = run(environ, "doctor", "--quick")
    assert f"{old}.pem is of a key that was revoked: destroy it" in result.output
    assert f"signs with the key {made.kid}" in result.output
    assert bad(result) == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("instance/files/keys", "the files of letters"),
        ("instance/keys", "the instance folder"),
        ("beside/keys", "the folder of the database"),
        ("checkout/a/keys", "a repository"),
    ],
)
def test_in_production_keys_lie_where_no_copy_takes_them_along(  # T52
    environ: dict[str, str], tmp_path: Path, place: str, said: str
) -> None:
    (tmp_path / "checkout" / ".git").mkdir(parents=True)
    found = replace(
        load(environ),
        profile="production",
        instance=tmp_path / "instance",
        database=f"sqlite:///{tmp_path / 'beside' / 'consult.db'}",
        keys=tmp_path / place,
    )
    found.keys.mkdir(parents=True, mode=0o700)
    (one,) = doctor._of_their_folder(found)
    assert (one.state, said in one.what) == ("bad", True)
    elsewhere = replace(found, keys=tmp_path / "elsewhere")
    elsewhere.keys.mkdir(mode=0o755)
    (one,) = doctor._of_their_folder(elsewhere)
    assert (one.state, "Others may look" in one.what) == ("bad", True)
    elsewhere.keys.chmod(0o700)
    assert list(doctor._of_their_folder(elsewhere)) == []


@pytest.mark.parametrize(
    ("scanner", "said"),
    [
        ("no-such-scanner --quick", "there is no such program"),
        ("sh -c 'exit 2'", "it ended with 2"),
        ("sh -c 'exit 1'", "it refuses a line of plain text"),
    ],
)
def test_a_scanner_that_does_not_work_is_found(
    environ: dict[str, str], desk: Desk, scanner: str, said: str
) -> None:
    """T93: no file could be kept."""
    (found,) = bad(run({**environ, "CONSULT_SCANNER": scanner}, "doctor", "--quick"))
    assert said in found


def test_a_scanner_that_works_is_told(environ: dict[str, str], desk: Desk) -> None:
    told = run({**environ, "CONSULT_SCANNER": "sh -c 'exit 0'"}, "doctor", "--quick")
    assert (told.exit_code, bad(told)) == (0, [])
    assert "looked through by sh" in told.output
