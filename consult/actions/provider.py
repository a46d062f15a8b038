"""Accounts at the organisation's identity provider: linked by a signed-in word, then used (T14)."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.actions import factors
from consult.actions.change import Desk
from consult.actions.sessions import Browser, SignedIn, begin, strengthen
from consult.core.factors import Factor, FactorChanged
from consult.errors import AnothersAccount, NotFound, NotProven
from consult.tables import Person, ProviderAccount, reading, writing


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the provider said, its signature checked.

    Args:
        two: Whether it asked for two factors, as a setting reads ``acr`` and ``amr``.
    """

    issuer: str
    subject: str
    two: bool

    @property
    def factor(self) -> Factor:
        return Factor.PROVIDER_TWO if self.two else Factor.PROVIDER


def sign_in(desk: Desk, vouched: Vouched, browser: Browser) -> SignedIn:
    """Sign in whoever linked this account; an address is never looked at.

    Raises:
        NotProven: Nobody has linked it.
    """
    with writing(desk.engine) as session:
        person = session.scalar(
            sa.select(Person)
            .join(ProviderAccount, ProviderAccount.person_id == Person.id)
            .where(
                ProviderAccount.issuer == vouched.issuer,
                ProviderAccount.subject == vouched.subject,
                Person.disabled_at.is_(None),
                Person.set_up_at.is_not(None),
            )
        )
        if person is None:
            raise NotProven
        token = begin(session, person.id, vouched.factor, browser, desk.clock())
        return SignedIn(token, person.opaque, vouched.factor, "")


def again(desk: Desk, person_id: int, token_hash: str, vouched: Vouched) -> SignedIn:
    """Show one's account at the provider in a session that goes on.

    Raises:
        NotProven: It is not this person's.
    """
    with reading(desk.engine) as session:
        found = session.scalar(
            sa.select(ProviderAccount.id).where(
                ProviderAccount.issuer == vouched.issuer,
                ProviderAccount.subject == vouched.subject,
                ProviderAccount.person_id == person_id,
            )
        )
    if found is None:
        raise NotProven
    return strengthen(desk, person_id, token_hash, vouched.factor)


def link(desk: Desk, person_id: int, issuer: str, subject: str) -> None:
    """Link an account to the person who is signed in and says so; linked twice, it is once.

    Raises:
        AnothersAccount: It is linked to somebody else.
    """
    now = desk.clock()
    with writing(desk.engine) as session:
        owner = session.scalar(
            sa.select(ProviderAccount.person_id).where(
                ProviderAccount.issuer == issuer, ProviderAccount.subject == subject
            )
        )
        if owner == person_id:
            return
        if owner is not None:
            raise AnothersAccount
        session.add(
            ProviderAccount(person_id=person_id, issuer=issuer, subject=subject, linked_at=now)
        )
        factors.changed(
            session, session.get_one(Person, person_id), FactorChanged.PROVIDER_LINKED, now
        )


def unlink(desk: Desk, person_id: int, number: int) -> None:
    """Take the link away.

    Raises:
        NotFound: The person has no such link.
    """
    with writing(desk.engine) as session:
        found = session.scalar(
            sa.select(ProviderAccount).where(
                ProviderAccount.id == number, ProviderAccount.person_id == person_id
            )
        )
        if found is None:
            raise NotFound
        session.delete(found)
        factors.changed(
            session,
            session.get_one(Person, person_id),
            FactorChanged.PROVIDER_UNLINKED,
            desk.clock(),
        )
