"""A deployment is saved while it runs, lost, and made again; what is missing is told (T98)."""

import io
import tarfile
from pathlib import Path

from sqlalchemy import func, select

from consult.queries.verifying import verify_database
from consult.tables import Reply, make_engine, reading
from tests.deployments import Deployment, run


def replies(environ: dict[str, str]) -> int:
    engine = make_engine(environ["CONSULT_DATABASE_URL"])
    try:
        with reading(engine) as session:
            assert all(found.holds for _reference, found in verify_database(engine))
            return session.scalars(select(func.count()).select_from(Reply)).one()
    finally:
        engine.dispose()


def test_what_was_saved_is_made_again_with_its_files(
    places: list[dict[str, str]], tmp_path: Path
) -> None:
    """T98: the drill of every year, on both databases."""
    before, after = places
    service = Deployment(before)
    saved = tmp_path / "backup.tar.gz"
    made = run(before, "backup", saved)
    assert made.exit_code == 0, made.output
    assert "CONSULT_SECRET_KEY" in made.stdout
    assert saved.stat().st_mode & 0o077 == 0
    service.engine.dispose()
    restored = run(after, "restore", saved)
    assert restored.exit_code == 0, restored.output
    assert "Everything holds" in restored.stdout
    assert replies(after) == 1
    (kept,) = Path(after["CONSULT_INSTANCE"], "files").glob("??/*")
    assert kept.read_bytes() == b"%PDF-1.7\na note\n"


def test_what_came_after_the_backup_is_told_by_the_heads_that_left(
    places: list[dict[str, str]], tmp_path: Path
) -> None:
    """T50, T98: a reply that was acknowledged and is not there any more is known."""
    before, after = places
    service = Deployment(before)
    saved, mail = tmp_path / "backup.tar.gz", tmp_path / "mail"
    mail.mkdir()
    (mail / "known").write_text(f"Your reply\n\n{service.head()}\n")
    assert run(before, "backup", saved).exit_code == 0
    service.reply(sorted(service.heads)[1])
    lost = service.head()
    service.engine.dispose()
    assert run(after, "restore", saved, "--heads-from", mail).exit_code == 0
    (mail / "acknowledgement").write_text(f"Your reply\n\n{lost}\n")
    told = run(after, "verify", "--db", "--heads-from", mail)
    assert told.exit_code == 1
    assert lost.split("#")[1] in told.stderr
    assert "is lost" in told.stderr


def test_a_database_in_use_is_never_restored_into(
    places: list[dict[str, str]], tmp_path: Path
) -> None:
    before, _after = places
    service = Deployment(before)
    saved = tmp_path / "backup.tar.gz"
    assert run(before, "backup", saved).exit_code == 0
    again = run(before, "backup", saved)
    assert (again.exit_code, again.stdout) == (1, "")
    refused = run(before, "restore", saved)
    assert refused.exit_code == 1
    assert "not empty" in refused.stderr
    service.engine.dispose()


def test_a_damaged_archive_is_refused_before_anything_is_written(
    places: list[dict[str, str]], tmp_path: Path
) -> None:
    before, after = places
    service = Deployment(before)
    saved, damaged = tmp_path / "backup.tar.gz", tmp_path / "damaged.tar.gz"
    assert run(before, "backup", saved).exit_code == 0
    service.engine.dispose()
    with tarfile.open(saved, "r:gz") as old, tarfile.open(damaged, "w:gz") as new:
        for member in old:
            file = old.extractfile(member)
            data = file.read() if file else b""
            if member.name.startswith("files/"):
                data = data.replace(b"note", b"vote")
            new.addfile(member, io.BytesIO(data))
    refused = run(after, "restore", damaged)
    assert refused.exit_code == 1
    assert "damaged" in refused.stderr
    assert not Path(after["CONSULT_INSTANCE"], "files").exists()
    (tmp_path / "no.tar.gz").write_bytes(b"no archive")
    assert run(after, "restore", tmp_path / "no.tar.gz").exit_code == 2
