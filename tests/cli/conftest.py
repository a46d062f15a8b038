"""Two places for a deployment, on each database."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.databases import beside


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[dict[str, str]]]:
    """Two places for a deployment: that of before, and that of after a loss."""
    with ExitStack() as stack:
        found = []
        for name in ("before", "after"):
            url = f"sqlite:///{tmp_path / name / 'consult.db'}"
            if request.param == "postgresql":
                url = stack.enter_context(beside(request.getfixturevalue("postgresql")))
            folder = str(tmp_path / name)
            found.append({"CONSULT_DATABASE_URL": url, "CONSULT_INSTANCE": folder})
        yield found
