"""Web and worker are killed in the midst of replies: what was acknowledged is there, once."""

from pathlib import Path

import pytest

from tests.databases import beside
from tests.durability.service import Place, furnish, kill_and_restart, left

CYCLES, EACH, MEMBERS = 2, 5, 3


def survives(place: Place) -> None:
    acknowledged = kill_and_restart(place, CYCLES, EACH)
    assert len(acknowledged) >= CYCLES * EACH
    assert left(place, acknowledged, CYCLES) == []


@pytest.mark.xdist_group("processes")
def test_acknowledged_replies_outlive_kill_9_on_sqlite(tmp_path: Path) -> None:
    """T61, T62, T67, T70, T80."""
    survives(furnish(f"sqlite:///{tmp_path / 'consult.db'}", tmp_path, MEMBERS))


@pytest.mark.xdist_group("processes")
def test_acknowledged_replies_outlive_kill_9_on_postgresql(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """T61, T63, T67, T70, T80."""
    with beside(request.getfixturevalue("postgresql")) as url:
        survives(furnish(url, tmp_path, MEMBERS))
