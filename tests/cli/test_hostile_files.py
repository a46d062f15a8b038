"""Each command that reads a file says what is wrong with it, ends with 2, and leaves no trace."""

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consult.cli import heads, imports, main, tally, verify
from tests.damage import packed

BOMB = b"a: &a [x]\n" + b"".join(
    b"b%d: &b%d [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n" % (n, n) for n in range(9)
)
FILES: dict[str, bytes] = {
    "empty": b"",
    "a NUL": b"\0",
    "no UTF-8": b"\xff\xfe\xff",
    "UTF-16": '{"format": "consult-record/1"}'.encode("utf-16"),
    "UTF-7": b"+AHs-+AH0-",
    "a mark alone": b"\xef\xbb\xbf",
    "nested": b"[" * 10_000,
    "nested objects": b'{"a":' * 10_000,
    "a long number": b"9" * 10_000,
    "a repeated key": b'{"format": "x", "format": "x"}',
    "half a sign": b'{"\\ud800": "\\ud800"}',
    "signs of a terminal": b'{"\\u001b[2J": "\\u001b]0;x\\u0007"}',
    "a bomb of anchors": BOMB,
    "an archive": packed({"a": b"b"}),
    "a tag": b"a: !!python/object/apply:os.system [id]\n",
}
COMMANDS: dict[str, tuple[str, ...]] = {
    "tally": ("tally",),
    "verify": ("verify",),
    "import-body": ("import-body",),
    "import-members": ("import-members", "--body", "itu-council"),
    "import-people": ("import-people",),
    "import-consultation": ("import-consultation",),
    "import-calendar": ("import-calendar",),
    "restore": ("restore",),
}


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("service")
    made = {
        "CONSULT_DATABASE_URL": f"sqlite:///{folder / 'consult.db'}",
        "CONSULT_INSTANCE": str(folder),
    }
    first = ("init", "--name", "A. Admin", "--address", "admin@example.org")
    assert CliRunner().invoke(main, first, env=made).exit_code == 0
    body = folder / "body.yaml"
    body.write_text(
        "body:\n  id: itu-council\n  languages: [en]\n  zone: Europe/Zurich\n"
        "  name: {en: Council}\n  organisation: {en: ITU}\n  default_rule: itu-council-majority\n"
    )
    CliRunner().invoke(main, ("import-body", str(body)), env=made)
    return made


def run(environ: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environ)


def refused(result: Result) -> None:
    """Hold a refusal to what it must be: plain lines, no result, no trace."""
    assert result.exit_code == 2, (result.exit_code, result.output, result.exception)
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    lines = result.stderr.splitlines()
    assert lines
    assert all(line.isprintable() and len(line) < 2100 for line in lines)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_cannot_be_understood_is_refused(
    command: str, environ: dict[str, str], tmp_path: Path
) -> None:
    """T96, T106."""
    for kind, data in FILES.items():
        path = tmp_path / f"{kind.replace(' ', '-')}.{'ics' if kind == 'a NUL' else 'yaml'}"
        path.write_bytes(data)
        refused(run(environ, *COMMANDS[command], str(path)))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_not_there_is_refused(
    command: str, environ: dict[str, str], tmp_path: Path
) -> None:
    refused(run(environ, *COMMANDS[command], str(tmp_path / "absent")))


@pytest.mark.parametrize(
    ("module", "limit", "command"),
    [
        (tally, "MAX_BYTES", "tally"),
        (verify, "_LARGEST", "verify"),
        (imports, "_LARGEST", "import-body"),
        (imports, "_LARGEST", "import-calendar"),
    ],
)
def test_no_more_is_read_than_is_allowed(
    module: object,
    limit: str,
    command: str,
    environ: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """T96: an endless file is read to its limit and no further."""
    monkeypatch.setattr(module, limit, 1024 * 1024)
    result = run(environ, *COMMANDS[command], "/dev/zero")
    refused(result)
    assert "larger than" in result.stderr


def test_mail_that_cannot_be_looked_through_is_no_proof(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T50: a file that is too large was passed over in silence."""
    monkeypatch.setattr(heads, "_LARGEST", 100)
    (tmp_path / "mail").write_bytes(b"x" * 101)
    result = run(environ, "verify", "--db", "--heads-from", str(tmp_path))
    assert result.exit_code == 2
    assert "larger than" in result.stderr


def test_a_case_with_a_fault_names_its_path(environ: dict[str, str], tmp_path: Path) -> None:
    case = json.loads(Path("tests/cases/cabf-208.json").read_text(encoding="utf-8"))
    case["roll"][1]["name"] = "half \ud800"
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case), encoding="ascii")
    result = run(environ, "tally", str(path))
    refused(result)
    assert result.stderr == "roll[1].name: has a character that no text has\n"


def test_standard_input_is_read_as_a_file_is(environ: dict[str, str]) -> None:
    result = CliRunner().invoke(main, ("tally", "-"), input=io.BytesIO(b"\xff"), env=environ)
    refused(result)
    assert result.stderr == "file: is not UTF-8 at byte 0\n"
