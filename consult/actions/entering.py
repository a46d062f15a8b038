"""Signing in without mail: a password beside the code of an app; showing it again (T12, T13)."""

from dataclasses import dataclass

from consult.actions import authenticator, own_password, passwords, throttling
from consult.actions.change import Desk
from consult.actions.sessions import Browser, SignedIn, begin, strengthen
from consult.core.addresses import address_key
from consult.core.factors import Factor, together
from consult.core.throttle import SIGN_IN, SIGN_IN_NETWORK
from consult.errors import LinkNeeded, NotProven
from consult.queries.accounts import people_at
from consult.tables import Person, reading, writing


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed.

    Args:
        second: A code of the app, or a recovery code.
        network: The prefix from which it comes.
    """

    password: str
    second: str
    network: str


def by_password(desk: Desk, address: str, given: Given, browser: Browser) -> SignedIn:
    """Sign in by address, password and code; whatever does not fit, the answer is the same (T3).

    Several may share a mailbox: the code says who of them it is.

    Raises:
        TooOften: The delay after the last failures has not passed.
        LinkNeeded: There were ten failures: ask for a link.
        NotProven: It does not fit.
    """
    key, now = address_key(address), desk.clock()
    throttling.take(desk, SIGN_IN, key)
    throttling.take(desk, SIGN_IN_NETWORK, given.network)
    throttling.admit(desk, key, given.network)
    if throttling.needs_link(desk, key):
        raise LinkNeeded
    with reading(desk.engine) as session:
        people = {one.id: one for one in people_at(session, key) if one.set_up_at is not None}
        found = authenticator.find(desk, session, people, given.second, now)
    person = people[found.person_id] if found else None
    if not _fits(desk, person, given.password) or found is None or person is None:
        throttling.failed(desk, key, given.network)
        raise NotProven
    own_password.renew(desk, person, given.password)
    with writing(desk.engine) as session:
        if not authenticator.spend(session, found, now):
            raise NotProven
        shown = together(Factor.PASSWORD, found.factor)
        token = begin(session, person.id, shown, browser, now)
    throttling.clear(desk, key, given.network)
    return SignedIn(token, person.opaque, shown, "")


def again(desk: Desk, person_id: int, token_hash: str, given: Given) -> SignedIn:
    """Show a factor again, or one more, in a session that goes on: its token is new (T15, T16).

    Wrong ones slow down who guesses; the session is not ended by them (T13).

    Raises:
        TooOften: The delay after the last failures has not passed.
        NotProven: It does not fit.
    """
    now = desk.clock()
    with reading(desk.engine) as session:
        person = session.get_one(Person, person_id)
        found = (
            authenticator.find(desk, session, [person_id], given.second, now)
            if given.second
            else None
        )
    # A name of its own, so that guessing in a stolen session shuts no sign-in.
    who = f"again {person.opaque}"
    throttling.admit(desk, who, given.network)
    right = [Factor.PASSWORD] if given.password and _fits(desk, person, given.password) else []
    wrong = (given.password and not right) or (given.second and found is None)
    if wrong or not (right or found):
        throttling.failed(desk, who, given.network)
        raise NotProven
    if found is not None:
        with writing(desk.engine) as session:
            if not authenticator.spend(session, found, now):
                raise NotProven
    shown = together(right, found.factor if found else "")
    return strengthen(desk, person_id, token_hash, shown)


def _fits(desk: Desk, person: Person | None, password: str) -> bool:
    """Compute one hash for everyone, whether or not a password is kept (T3)."""
    if person is None or person.password_hash is None:
        passwords.make_hash(password, desk.password_memory)
        return False
    return passwords.matches(person.password_hash, password)
