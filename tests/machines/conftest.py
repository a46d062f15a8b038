"""A desk of its own, with an empty database, for each run of a machine."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from consult.actions.change import Desk
from consult.settings import Settings
from consult.tables import make_engine
from tests.databases import empty


@pytest.fixture
def fresh(
    engine: sa.Engine, desk: Desk, settings: Settings, tmp_path: Path, migrated_file: Path
) -> Iterator[Callable[[], Desk]]:
    """Give a desk at an empty database, as often as it is asked for."""
    made: list[sa.Engine] = []
    number = count()

    def postgresql() -> Desk:
        with engine.begin() as connection:
            empty(connection)
        return desk

    def sqlite() -> Desk:
        path = tmp_path / f"{next(number)}.db"
        path.write_bytes(migrated_file.read_bytes())
        made.append(make_engine(f"sqlite:///{path}"))
        return replace(desk, engine=made[-1])

    yield sqlite if engine.dialect.name == "sqlite" else postgresql
    for one in made:
        one.dispose()
