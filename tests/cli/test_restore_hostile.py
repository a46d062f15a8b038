"""An archive that somebody forged or damaged is refused before anything is written (T98, T106)."""

import gzip
import io
import json
import sqlite3
import tarfile
from collections.abc import Callable, Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from consult.cli import archive_reading, main
from consult.cli.archive_reading import MANIFEST, check
from consult.errors import BadInput
from tests.damage import damaged, ends

PDF = b"%PDF-1.7\n"
NAME = f"files/{sha256(PDF).hexdigest()}"
EMPTY = f"files/{sha256(b'').hexdigest()}"


@pytest.fixture
def place(tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "after"
    return {
        "CONSULT_DATABASE_URL": f"sqlite:///{folder / 'consult.db'}",
        "CONSULT_INSTANCE": str(folder),
    }


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("database") / "database.sqlite"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE thing (id INTEGER)")
        made.commit()
    return path.read_bytes()


def manifest(parts: Mapping[str, bytes], /, **said: Any) -> bytes:
    listed = [
        {"name": name, "sha256": sha256(content).hexdigest()} for name, content in parts.items()
    ]
    whole = {
        "format": "consult-backup/1",
        "made_at": "2020-06-20T08:00:00.000000Z",
        "database": "sqlite",
        "revision": "0001",
        "parts": listed,
    }
    return json.dumps(whole | said).encode()


def member(name: str, content: bytes = b"", kind: bytes = tarfile.REGTYPE, **more: Any) -> Any:
    made = tarfile.TarInfo(name)
    made.size, made.type = len(content), kind
    for key, value in more.items():
        setattr(made, key, value)
    return made, content


def tar(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as made:
        for info, content in members:
            made.addfile(info, io.BytesIO(content))
    return out.getvalue()


def saved(parts: Mapping[str, bytes]) -> bytes:
    whole = {MANIFEST: manifest(parts), **parts}
    return tar(*(member(name, content) for name, content in whole.items()))


def restored(place: dict[str, str], folder: Path, data: bytes) -> Result:
    path = folder / "backup.tar.gz"
    path.write_bytes(data)
    return CliRunner().invoke(main, ["restore", str(path)], env=place)


def nothing_is_there(place: dict[str, str]) -> bool:
    return not any(Path(place["CONSULT_INSTANCE"]).rglob("*"))


def with_member(parts: Mapping[str, bytes], *more: Any) -> bytes:
    whole = [member(MANIFEST, manifest(parts))]
    return tar(*whole, *(member(name, content) for name, content in parts.items()), *more)


FORGED: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "a link to another part": lambda parts: with_member(
        parts, member(EMPTY, kind=tarfile.SYMTYPE, linkname=NAME)
    ),
    "a listed link": lambda parts: tar(
        member(MANIFEST, manifest({**parts, EMPTY: b""})),
        *(member(name, content) for name, content in parts.items()),
        member(EMPTY, kind=tarfile.SYMTYPE, linkname="/etc/passwd"),
    ),
    "a listed hard link": lambda parts: tar(
        member(MANIFEST, manifest({**parts, EMPTY: b""})),
        *(member(name, content) for name, content in parts.items()),
        member(EMPTY, kind=tarfile.LNKTYPE, linkname="database.sqlite"),
    ),
    "a listed device": lambda parts: tar(
        member(MANIFEST, manifest({**parts, EMPTY: b""})),
        *(member(name, content) for name, content in parts.items()),
        member(EMPTY, kind=tarfile.CHRTYPE, devmajor=1, devminor=5),
    ),
    "a part twice": lambda parts: tar(
        member(MANIFEST, manifest(parts)),
        member(NAME, b"another"),
        *(member(name, content) for name, content in parts.items()),
    ),
    "a part above": lambda parts: with_member(parts, member("../../outside", b"x")),
    "an absolute part": lambda parts: with_member(parts, member("/tmp/outside", b"x")),  # noqa: S108
    "another part": lambda parts: with_member(parts, member("files/x", b"x")),
    "a folder": lambda parts: with_member(parts, member("files", kind=tarfile.DIRTYPE)),
    "a lost part": lambda parts: tar(member(MANIFEST, manifest(parts))),
    "a database that is none": lambda parts: saved({**parts, "database.sqlite": b"no database"}),
    "a damaged database": lambda parts: saved(
        {**parts, "database.sqlite": parts["database.sqlite"][:4096] + b"\xff" * 4096}
    ),
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_archive_is_refused_before_anything_is_written(
    kind: str, place: dict[str, str], tmp_path: Path, database: bytes
) -> None:
    """T98, T106: whatever the list of parts says with the right hashes."""
    refused = restored(place, tmp_path, FORGED[kind]({"database.sqlite": database, NAME: PDF}))
    assert refused.exit_code == 1, refused.output
    assert "damaged" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert nothing_is_there(place)
    assert not (tmp_path.parent / "outside").exists()


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"format": "consult-backup/2"}, "format"),
        ({"made_at": 5}, "made_at"),
        ({"made_at": "yesterday"}, "made_at"),
        ({"database": ["sqlite"]}, "database"),
        ({"database": "oracle"}, "database"),
        ({"revision": ["0001"]}, "revision"),
        ({"revision": "0001; DROP"}, "revision"),
        ({"parts": "none"}, "parts"),
        ({"parts": [5]}, "parts[0]"),
        ({"parts": [{"name": "../../x", "sha256": "0" * 64}]}, "parts[0]"),
        ({"parts": [{"name": "files/" + "0" * 64, "sha256": "../../x"}]}, "parts[0]"),
        ({"parts": [{"name": ["files"], "sha256": {}}]}, "parts[0]"),
        ({"parts": []}, "parts"),
    ],
)
def test_a_list_of_parts_that_lies_is_refused_by_its_path(
    said: dict[str, Any], path: str, place: dict[str, str], tmp_path: Path
) -> None:  # T96
    refused = restored(place, tmp_path, tar(member(MANIFEST, manifest({}, **said))))
    assert refused.exit_code == 2
    assert f"{MANIFEST}: {path}: " in refused.stderr
    assert nothing_is_there(place)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 10_000,
        b'{"format": "consult-backup/1", "format": "consult-backup/1"}',
        b"[]",
        b"9" * 10_000,
    ],
)
def test_a_list_of_parts_that_is_none_is_refused(
    content: bytes, place: dict[str, str], tmp_path: Path
) -> None:  # T96
    refused = restored(place, tmp_path, tar(member(MANIFEST, content)))
    assert refused.exit_code == 2
    assert refused.stderr.startswith(MANIFEST)


def test_a_head_that_asks_for_much_is_not_read(
    place: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T96: what a part says of its own head would be taken into memory whole."""
    monkeypatch.setattr(archive_reading, "_MOST_AT_ONCE", 1024 * 1024)
    head = member("x", bytes(8 * 1024 * 1024), tarfile.XHDTYPE)
    raw = head[0].tobuf(tarfile.PAX_FORMAT) + head[1]
    refused = restored(place, tmp_path, gzip.compress(raw))
    assert refused.exit_code == 2
    assert "too large" in refused.stderr


def test_a_damaged_archive_is_whole_or_refused_in_words(tmp_path: Path, database: bytes) -> None:
    """T98: each bit may be another, and it may end anywhere."""
    whole = saved({"database.sqlite": database, NAME: PDF})
    plain = gzip.decompress(whole)
    path = tmp_path / "backup.tar.gz"
    tried = [*damaged(whole, 300), *ends(whole, 60)]
    tried += [gzip.compress(one, 1) for one in [*damaged(plain[:3072], 300), *ends(plain, 40)]]
    for data in tried:
        path.write_bytes(data)
        said = ""
        try:
            check(path)
        except (BadInput, click.ClickException) as refused:
            said = str(refused)
        assert not said or said.isprintable()
