"""Brings a database to the tables of this version, and says where it stands."""

from importlib import resources
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from consult.errors import Refused
from consult.tables.base import Base

_PACKAGE = Path(str(resources.files("consult")))


class NewerDatabase(Refused):
    """A later version of the product migrated this database.  Facts: revision."""

    code = "newer-database"


def configured(url: str) -> Config:
    """Return alembic's configuration for the database at *url*."""
    inside = _PACKAGE / "migrations"
    folder = inside if inside.is_dir() else _PACKAGE.parent / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["url"] = url
    config.attributes["metadata"] = Base.metadata
    return config


def upgrade(url: str) -> None:
    """Bring the database at *url* to the tables of this version; make it if there is none.

    Raises:
        NewerDatabase: It was migrated by a later version.
    """
    stands_at = _revision_at(url)
    if stands_at is not None and stands_at not in known():
        raise NewerDatabase(revision=stands_at)
    command.upgrade(configured(url), "head")


def known() -> frozenset[str]:
    """Return the migrations that this version knows."""
    scripts = ScriptDirectory.from_config(configured("")).walk_revisions()
    return frozenset(script.revision for script in scripts)


def revision_of(engine: sa.Engine) -> str | None:
    """Return the migration at which the database stands, None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def at_head(engine: sa.Engine) -> bool:
    """Say whether the database has the tables of this very version."""
    newest = ScriptDirectory.from_config(configured("")).get_current_head()
    return revision_of(engine) == newest


def _revision_at(url: str) -> str | None:
    """Ask a database that may not exist yet; asking makes no file."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        path = Path(address.database or "")
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            return None
    engine = sa.create_engine(address, poolclass=sa.NullPool)
    try:
        return revision_of(engine)
    finally:
        engine.dispose()
