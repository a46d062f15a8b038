"""Databases of a test's own, where the shared ones would not do."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def beside(shared: sa.Engine) -> Iterator[str]:
    """Give the address of a new, empty PostgreSQL database on the server of *shared*."""
    server = sa.create_engine(shared.url, isolation_level="AUTOCOMMIT")
    name = f"consult_test_{secrets.token_hex(4)}"
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield shared.url.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
