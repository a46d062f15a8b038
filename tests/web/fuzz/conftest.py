"""The world with every form in it, built once for each database; defects are gathered."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from consult.tables.migrating import upgrade
from tests import world as worlds
from tests.databases import beside
from tests.web.fuzz.kept import Kept
from tests.web.fuzz.places import Found, found_in
from tests.world import World


class Defects(logging.Handler):
    """What was logged as an error since it was last asked."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(self.format(record))

    def taken(self) -> list[str]:
        found, self.found = self.found, []
        return found


@dataclass
class Ground:
    """Where forms are tried.

    Args:
        client: A browser without cookies of its own: each form brings those of its own browser.
    """

    world: World
    sheets: Found
    kept: Kept
    client: FlaskClient
    defects: Defects

    @property
    def postgresql(self) -> bool:
        return self.world.desk.engine.dialect.name == "postgresql"


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def ground(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("fuzz")
    if request.param == "sqlite":
        (folder / "consult.db").write_bytes(request.getfixturevalue("migrated_file").read_bytes())
        with worlds.made(f"sqlite:///{folder / 'consult.db'}", folder) as made:
            yield from _ground(made)
        return
    with beside(request.getfixturevalue("postgresql")) as url:
        upgrade(url)
        with worlds.made(url, folder) as made:
            yield from _ground(made)


def _ground(world: World) -> Iterator[Ground]:
    found = found_in(world)
    kept, defects = Kept(world.desk.engine), Defects()
    logging.getLogger().addHandler(defects)
    yield Ground(world, found, kept, world.app.test_client(use_cookies=False), defects)
    logging.getLogger().removeHandler(defects)
    kept.close()
