"""`consult tally`: a case file in, its result out, or one line that says where the fault is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consult.cli import main
from consult.cli.tally import tally

CASES = Path(__file__).parents[1] / "cases"


def run(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["tally", *arguments], input=given)


def assert_refused(found: Result, line: str) -> None:
    assert found.exit_code == 2
    assert found.stdout == ""
    assert found.stderr == f"{line}\n"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.json")), ids=lambda path: path.stem)
def test_a_published_ballot_is_reproduced_from_its_file_and_from_standard_input(
    path: Path,
) -> None:
    from_file, from_input = run(str(path)), run("-", given=path.read_bytes())

    assert from_file.exit_code == 0
    assert from_file.stderr == ""
    assert from_input.stdout == from_file.stdout
    expected = json.loads(path.read_bytes())["expected"]["1"]["outcome"]
    assert json.loads(from_file.stdout)["questions"]["1"]["outcome"] == expected


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"", "file: is not JSON at line 1, column 1"),
        (b"\xff", "file: is not UTF-8 at byte 0"),
        (
            b"\xef\xbb\xbf{}",
            "file: begins with a byte order mark: save it as UTF-8 without one",
        ),
        (b"[" * 1_000_000, "file: is nested deeper than 32"),
        (b"{}", "rule: is missing"),
    ],
)
def test_a_fault_is_one_line_and_exit_2(raw: bytes, line: str) -> None:
    assert_refused(run("-", given=raw), line)


def test_a_missing_file_is_said_in_one_line(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.json")
    assert_refused(run(missing), "file: cannot be read: No such file or directory")


def test_a_directory_is_said_in_one_line(tmp_path: Path) -> None:
    assert_refused(run(str(tmp_path)), "file: cannot be read: Is a directory")


def test_a_file_beyond_all_measure_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[tally.callback.__module__], "MAX_BYTES", 10)
    large = tmp_path / "large.json"
    large.write_bytes(b" " * 11)
    assert_refused(run(str(large)), "file: is larger than 10 bytes")


def test_the_installed_command_needs_no_settings_and_no_database(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "consult", "tally", str(CASES / "upu-2019.json")],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        check=True,
    )
    assert json.loads(found.stdout)["questions"]["1"]["outcome"] == "adopted"
    assert found.stderr == b""
