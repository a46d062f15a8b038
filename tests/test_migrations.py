"""The migrations make the tables of the models, on both databases, and can be taken back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from consult.actions import replying
from consult.actions.change import Desk
from consult.tables import Base, make_engine
from consult.tables.migrating import NewerDatabase, at_head, configured, revision_of, upgrade
from tests import build
from tests.databases import beside

KEPT = ("ledger_entry", "reply")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which nothing is yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'consult.db'}"
        return
    with beside(request.getfixturevalue("postgresql")) as made:
        yield made


@pytest.fixture
def migrated(url: str) -> Iterator[sa.Engine]:
    upgrade(url)
    engine = make_engine(url)
    yield engine
    engine.dispose()


def test_the_migrations_make_what_the_models_say(url: str) -> None:
    upgrade(url)
    command.check(configured(url))


def test_a_database_at_the_head_says_so_and_is_left_alone(migrated: sa.Engine, url: str) -> None:
    assert at_head(migrated)
    upgrade(url)
    assert at_head(migrated)


def test_every_migration_can_be_taken_back(migrated: sa.Engine, url: str) -> None:
    command.downgrade(configured(url), "base")
    assert sa.inspect(migrated).get_table_names() == ["alembic_version"]
    assert revision_of(migrated) is None
    upgrade(url)
    assert set(sa.inspect(migrated).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_a_database_of_a_later_version_is_refused(migrated: sa.Engine, url: str) -> None:
    with migrated.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase) as refused:
        upgrade(url)
    assert refused.value.facts == {"revision": "9999"}
    assert not at_head(migrated)


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", KEPT)
def test_what_is_written_once_cannot_be_changed_or_dropped(  # T43
    desk: Desk, table: str, statement: str
) -> None:
    slug = build.open_consultation(desk, members=3)
    head = build.person(desk, "Head of Argentina", member="ARG")
    draft = build.answer("ARG", "approve", "approve", "approve")
    replying.reply(desk, slug, head, build.sent(desk, draft))
    with pytest.raises(sa.exc.DBAPIError, match="written once"), desk.engine.begin() as connection:
        connection.exec_driver_sql(statement.format(table))


def test_the_migrations_know_nothing_of_the_product() -> None:
    for script in (Path(__file__).parent.parent / "migrations").rglob("*.py"):
        said = script.read_text(encoding="utf-8")
        assert "import consult" not in said
        assert "from consult" not in said


def test_no_migration_touches_what_is_written_once() -> None:
    """T73: entries and replies pass through every later version as they were written."""
    folder = Path(__file__).parent.parent / "migrations" / "versions"
    written = re.compile(
        r"(UPDATE|DELETE FROM|DROP TABLE)\s+(ledger_entry|reply|checkpoint)\b", re.IGNORECASE
    )
    for script in sorted(folder.glob("*.py")):
        source = script.read_text(encoding="utf-8")
        forward = source[source.index("def upgrade") : source.index("def downgrade")]
        assert not written.search(forward), script.name
        assert 'batch_alter_table("ledger_entry"' not in forward, script.name
        assert 'batch_alter_table("reply"' not in forward, script.name
    assert "transaction_per_migration=True" in (folder.parent / "env.py").read_text()
