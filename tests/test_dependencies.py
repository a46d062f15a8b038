"""Each dependency has its reason in the documentation, and each reason its dependency."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
ROW = re.compile(r"^\| ([\w.-]+) \| (.+) \| (.+) \|$", re.MULTILINE)


def named(requirement: str) -> str:
    found = NAME.match(requirement)
    assert found, requirement
    return found.group().lower()


def test_each_dependency_has_its_reason_and_each_reason_its_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    asked_for = {named(each) for group in groups for each in group if isinstance(each, str)}
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    given = [name.lower() for name, *_why in ROW.findall(text) if name != "package"]
    assert sorted(given) == sorted(asked_for)


def test_every_package_that_is_installed_is_pinned_with_its_hash() -> None:
    """T103."""
    for lock in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
        pins = [n for n, line in enumerate(lines) if re.match(r"[A-Za-z0-9]", line)]
        assert pins, lock
        for number in pins:
            assert "==" in lines[number], lines[number]
            assert "--hash=sha256:" in lines[number + 1], lines[number]
