"""What the database of a test holds: its one letter, the kinds of its entries, what is wrong."""

from sqlalchemy import select

from consult.actions.change import Desk
from consult.queries.verifying import verify_database
from consult.tables import Consultation, LedgerEntry, reading


def letter(desk: Desk) -> Consultation:
    with reading(desk.engine) as session:
        return session.scalars(select(Consultation)).one()


def kinds(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        return list(session.scalars(select(LedgerEntry.what).order_by(LedgerEntry.number)))


def faults(desk: Desk) -> list[str]:
    """Return what the whole database's verification finds; empty if all of it holds."""
    return [str(fault) for _ref, found in verify_database(desk.engine) for fault in found.faults]
