"""`make` on a machine that lacks something: one line saying what to do."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OLD = "#!/bin/sh\nexit 1\n"
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize(
    ("interpreter", "said"),
    [(OLD, "Consult needs Python 3.11 or later"), (WITHOUT_VENV, "apt install python3-venv")],
    ids=["an old Python", "no module venv"],
)
def test_a_machine_that_lacks_something_is_told_what_to_do(
    checkout: Path, interpreter: str, said: str
) -> None:
    python = checkout / "python"
    python.write_text(interpreter)
    python.chmod(0o755)
    result = subprocess.run(
        ["make", "run", f"PYTHON={python}"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in result.stderr.splitlines() if not line.startswith("make")]
    assert result.returncode != 0
    assert len(lines) == 1
    assert said in lines[0]
    assert not (checkout / ".venv").exists()


def test_every_target_of_the_readme_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in ("run", "env", "test", "messages", "help"):
        assert f"`make {target}`" in readme or f"make {target}\n" in readme
        assert f"\n{target}:" in makefile
