"""The wheel carries all that the product needs, and works from anywhere."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SAY_WHERE = """
import consult.app, consult.cli
from consult.tables.migrating import configured
print(consult.app.data_folder("templates"))
print(configured("").get_main_option("script_location"))
consult.cli.main(["init", "--name", "A", "--address", "a@example.org"])
"""
pytestmark = pytest.mark.xdist_group("packaging")  # the wheel is built once


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.mark.parametrize(
    "name",
    [
        "templates/layout.html",
        "migrations/env.py",
        "migrations/versions/0001_the_letter_and_its_replies.py",
        "rules/itu-council.yaml",
        "data/zones.csv",
        "data/common-passwords.txt",
        "data/common-passwords.md",
        "data/itu-council-2020/replies.yaml",
        "data/demo/virtual-sessions.yaml",
        "static/consult.css",
        "documents/record.typ",
        "fonts/NotoNaskhArabic-Regular.ttf",
        "py.typed",
    ],
)
def test_the_wheel_carries(unpacked: Path, name: str) -> None:
    assert (unpacked / "consult" / name).is_file()


def test_the_wheel_carries_nothing_of_this_deployment(unpacked: Path) -> None:
    assert {path.name for path in unpacked.iterdir() if path.suffix != ".dist-info"} == {"consult"}


def test_an_installed_product_finds_its_migrations_and_templates(
    unpacked: Path, tmp_path: Path
) -> None:
    said = subprocess.run(
        [sys.executable, "-c", SAY_WHERE],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(unpacked),
            "CONSULT_DATABASE_URL": f"sqlite:///{tmp_path / 'consult.db'}",
            "CONSULT_INSTANCE": str(tmp_path),
        },
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    assert said[0] == str(unpacked / "consult" / "templates")
    assert said[1] == str(unpacked / "consult" / "migrations")
    assert (tmp_path / "consult.db").is_file()
