"""One's own password: set, changed, taken away, kept in today's strength (T2, T15)."""

from consult.actions import factors, passwords
from consult.actions.change import Desk
from consult.core.factors import FactorChanged
from consult.errors import NotFound
from consult.queries.accounts import own_words
from consult.tables import Person, reading, writing


def renew(desk: Desk, person: Person, password: str) -> None:
    """Keep the password in today's strength, when the setting rose since it was kept (T2)."""
    if person.password_hash is None or not passwords.outdated(
        person.password_hash, desk.password_memory
    ):
        return
    renewed = passwords.make_hash(password, desk.password_memory)
    with writing(desk.engine) as session:
        session.get_one(Person, person.id).password_hash = renewed


def change(desk: Desk, person_id: int, password: str) -> None:
    """Set or change one's own password, and tell the person (T15).

    Raises:
        BadInput: The password is refused (T1).
    """
    with reading(desk.engine) as session:
        words = own_words(session, session.get_one(Person, person_id))
    passwords.check(password, words)
    password_hash = passwords.make_hash(password, desk.password_memory)
    with writing(desk.engine) as session:
        person = session.get_one(Person, person_id)
        person.password_hash = password_hash
        factors.changed(session, person, FactorChanged.PASSWORD_SET, desk.clock())


def remove(desk: Desk, person_id: int) -> None:
    """Take one's own password away.

    Raises:
        NotFound: There is none.
        LastFactor: See `factors.still_enough`.
    """
    with writing(desk.engine) as session:
        person = session.get_one(Person, person_id)
        if person.password_hash is None:
            raise NotFound
        person.password_hash = None
        factors.still_enough(desk, session, person)
        factors.changed(session, person, FactorChanged.PASSWORD_REMOVED, desk.clock())
