"""Passkeys (WebAuthn): registered, used to sign in or to show oneself again, removed (T11)."""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.actions import factors
from consult.actions.change import Desk
from consult.actions.sessions import Browser, SignedIn, begin, strengthen
from consult.core.factors import Factor, FactorChanged
from consult.core.ledger import sha256_hex
from consult.core.tokens import link_token, same
from consult.errors import BadInput, NotFound, NotProven
from consult.tables import Passkey, Person, SpentChallenge, reading, writing

SIGN_IN = "passkey-sign-in"
_ADD = "passkey-add"
_LASTS = timedelta(hours=1)  # a page may stand open
_MOST = 20  # keys of one person
_LONGEST = 20_000  # characters of what a browser sends


@dataclass(frozen=True, slots=True)
class Party:
    """For whom keys are made: from the settings, never from a request.

    Args:
        host: The relying party's id.
        origin: The public address.
        name: What the browser shows.
    """

    host: str
    origin: str
    name: str


def new_challenge(desk: Desk, purpose: str) -> str:
    """Return a challenge that says itself for what and until when it is; nothing is stored."""
    until = int((desk.clock() + _LASTS).timestamp())
    stem = f"{secrets.token_urlsafe(16)}.{until}"
    return f"{stem}.{link_token(desk.secret, purpose, stem)}"


def options_to_sign_in(
    desk: Desk, party: Party, keys: Sequence[str] = ()
) -> tuple[str, dict[str, Any]]:
    """Return a challenge and what the browser is asked.

    Args:
        keys: The credentials that will do; with none, whichever the person chooses.
    """
    challenge = new_challenge(desk, SIGN_IN)
    options: dict[str, Any] = {  # by hand: every visit of the sign-in page makes one
        "challenge": _text(challenge.encode()),
        "rpId": party.host,
        "userVerification": "required",
        "timeout": 60_000,
        "allowCredentials": [{"type": "public-key", "id": key} for key in keys],
    }
    return challenge, options


def options_to_add(
    desk: Desk, party: Party, opaque: str, address: str, keys: Sequence[str]
) -> tuple[str, dict[str, Any]]:
    """Return a challenge and what the browser is asked, for a key that is not one of *keys*."""
    import webauthn  # noqa: PLC0415 - heavy, and few pages need it
    from webauthn.helpers.structs import (  # noqa: PLC0415
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    challenge = new_challenge(desk, f"{_ADD} {opaque}")
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=party.name,
        user_name=address,
        user_id=opaque.encode(),
        challenge=challenge.encode(),
        exclude_credentials=_described(keys),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return challenge, json.loads(webauthn.options_to_json(options))


def add(desk: Desk, party: Party, person_id: int, name: str, challenge: str, answer: str) -> None:
    """Keep a new key under a name.

    Raises:
        BadInput: ``name``: it is missing; ``answer``: the browser's answer does not hold.
    """
    import webauthn  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    if not name.strip():
        raise BadInput({"name": "name-missing"})
    now = desk.clock()
    with writing(desk.engine) as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        if not _spend(desk, session, f"{_ADD} {person.opaque}", challenge, now):
            raise BadInput({"answer": "not-proven"})
        try:
            made = webauthn.verify_registration_response(
                credential=_read(answer),
                expected_challenge=challenge.encode(),
                expected_rp_id=party.host,
                expected_origin=party.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError) as wrong:
            raise BadInput({"answer": "not-proven"}) from wrong
        credential = _text(made.credential_id)
        credential_hash = sha256_hex(credential.encode())
        kept = session.scalars(
            sa.select(Passkey.credential_hash).where(
                sa.or_(Passkey.person_id == person_id, Passkey.credential_hash == credential_hash)
            )
        ).all()
        if credential_hash in kept or len(kept) >= _MOST:
            raise BadInput({"answer": "not-proven"})
        session.add(
            Passkey(
                person_id=person_id,
                credential=credential,
                credential_hash=credential_hash,
                public_key=_text(made.credential_public_key),
                sign_count=made.sign_count,
                name=name.strip(),
                made_at=now,
            )
        )
        factors.changed(session, person, FactorChanged.PASSKEY_ADDED, now)


def remove(desk: Desk, person_id: int, number: int) -> None:
    """Take one's own key away.

    Raises:
        NotFound: The person has no such key.
        LastFactor: See `factors.still_enough`.
    """
    with writing(desk.engine) as session:
        session.delete(_own(session, person_id, number))
        person = session.get_one(Person, person_id)
        factors.still_enough(desk, session, person)
        factors.changed(session, person, FactorChanged.PASSKEY_REMOVED, desk.clock())


def rename(desk: Desk, person_id: int, number: int, name: str) -> None:
    """Give one's own key another name.

    Raises:
        NotFound: The person has no such key.
        BadInput: The name is missing.
    """
    if not name.strip():
        raise BadInput({"name": "name-missing"})
    with writing(desk.engine) as session:
        _own(session, person_id, number).name = name.strip()


def sign_in(desk: Desk, party: Party, challenge: str, answer: str, browser: Browser) -> SignedIn:
    """Sign in by a passkey alone: it is worth two factors.

    Raises:
        NotProven: It does not hold, or the key or its owner is not known here.
    """
    with writing(desk.engine) as session:
        person = _owner(desk, session, party, challenge, answer)
        token = begin(session, person.id, Factor.PASSKEY, browser, desk.clock())
        return SignedIn(token, person.opaque, Factor.PASSKEY, "")


def again(
    desk: Desk, party: Party, person_id: int, token_hash: str, challenge: str, answer: str
) -> SignedIn:
    """Show one's passkey in a session that goes on.

    Raises:
        NotProven: It does not hold, or is another person's.
    """
    with writing(desk.engine) as session:
        if _owner(desk, session, party, challenge, answer).id != person_id:
            raise NotProven
    return strengthen(desk, person_id, token_hash, Factor.PASSKEY)


def keys_of(desk: Desk, person_id: int) -> list[str]:
    """Return the credentials of a person, as the browser is told them (one statement)."""
    with reading(desk.engine) as session:
        wanted = sa.select(Passkey.credential).where(Passkey.person_id == person_id)
        return list(session.scalars(wanted.order_by(Passkey.id)))


def _owner(desk: Desk, session: Session, party: Party, challenge: str, answer: str) -> Person:
    """Return whose key answered, and note that it did."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    now = desk.clock()
    try:
        said = _read(answer)
        credential_hash = sha256_hex(str(said["id"]).encode())
        key = session.scalar(
            sa.select(Passkey)
            .join(Person, Person.id == Passkey.person_id)
            .where(
                Passkey.credential_hash == credential_hash,
                Person.disabled_at.is_(None),
                Person.set_up_at.is_not(None),
            )
            .with_for_update(of=Passkey)
        )
        if key is None or not _spend(desk, session, SIGN_IN, challenge, now):
            raise NotProven
        proven = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=challenge.encode(),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as wrong:
        raise NotProven from wrong
    key.sign_count, key.used_at = proven.new_sign_count, now
    return session.get_one(Person, key.person_id)


def _spend(desk: Desk, session: Session, purpose: str, challenge: str, now: datetime) -> bool:
    """Say whether a challenge is ours, in time and answered for the first time."""
    stem, _, mark = challenge.rpartition(".")
    until = stem.rpartition(".")[2]
    ours = same(mark, link_token(desk.secret, purpose, stem))
    if not ours or not until.isdecimal() or now.timestamp() >= int(until):
        return False
    challenge_hash = sha256_hex(challenge.encode())
    if session.get(SpentChallenge, challenge_hash) is not None:
        return False
    session.add(SpentChallenge(challenge_hash=challenge_hash, expires_at=now + _LASTS))
    session.flush()
    return True


def _own(session: Session, person_id: int, number: int) -> Passkey:
    found = session.scalar(
        sa.select(Passkey).where(Passkey.id == number, Passkey.person_id == person_id)
    )
    if found is None:
        raise NotFound
    return found


def _described(keys: Sequence[str]) -> list[Any]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor  # noqa: PLC0415

    return [PublicKeyCredentialDescriptor(id=_bytes(key)) for key in keys]


def _read(answer: str) -> dict[str, Any]:
    """Read what the browser sent.

    Raises:
        ValueError: It is no object, or too long or nested too deeply to be one of ours.
    """
    try:
        said = json.loads(answer) if len(answer) <= _LONGEST else None
    except RecursionError:
        said = None
    if isinstance(said, dict):
        return said
    raise ValueError("not a credential")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
