"""How people show who they are, in tests: an app's codes, a passkey in software."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from consult.actions import authenticator, passwords
from consult.actions.change import Desk
from consult.core.life import Actor
from consult.tables import Authenticator, Notice, Person, reading, writing

PASSWORD = "seven grey herons by the weir"  # noqa: S105
MEMORY = 8192


def set_password(desk: Desk, who: Actor) -> None:
    with writing(desk.engine) as session:
        person = session.get_one(Person, who.person_id)
        person.password_hash = passwords.make_hash(PASSWORD, MEMORY)


def app_of(desk: Desk, who: Actor) -> pyotp.TOTP:
    """The person's app, whether or not it is in use yet."""
    with reading(desk.engine) as session:
        row = session.get_one(Authenticator, who.person_id)
    return pyotp.TOTP(authenticator.seed_of(desk, row.person_id, row.seed))


def code_of(desk: Desk, who: Actor, steps: int = 0) -> str:
    """The code that the app shows now, or some steps of 30 seconds away."""
    return app_of(desk, who).generate_otp(int(desk.clock().timestamp()) // 30 + steps)


def set_up_app(desk: Desk, who: Actor) -> tuple[str, ...]:
    """Take an app into use a minute ago; return its recovery codes."""
    person_id = int(who.person_id or 0)
    authenticator.begin(desk, person_id)
    codes = authenticator.confirm(desk, person_id, code_of(desk, who))
    desk.clock.forward(minutes=1)  # type: ignore[attr-defined]
    return codes


def told(desk: Desk, who: Actor) -> list[str]:
    """What the person was told of changes, oldest first."""
    with reading(desk.engine) as session:
        rows = session.scalars(
            select(Notice.data).where(Notice.person_id == who.person_id).order_by(Notice.id)
        )
        return [row["what"] for row in rows if "what" in row]


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftKey:
    """A passkey in software: what a telephone does, without the telephone."""

    origin: str
    host: str
    verifies: bool = True
    credential: bytes = b"credential of a test"
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict[str, Any]) -> str:
        """Answer `navigator.credentials.create`."""
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        )
        length = len(self.credential).to_bytes(2)
        data = self._data(0x40) + bytes(16) + length + self.credential + public
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._said(
            clientDataJSON=self._client("webauthn.create", options), attestationObject=attested
        )

    def sign(self, options: dict[str, Any]) -> str:
        """Answer `navigator.credentials.get`."""
        self.count += 1
        data, client = self._data(0), self._client("webauthn.get", options)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._said(authenticatorData=data, clientDataJSON=client, signature=signed)

    def _data(self, more: int) -> bytes:
        flags = 0x01 | (0x04 if self.verifies else 0) | more
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _said(self, **response: bytes) -> str:
        return json.dumps(
            {
                "id": b64(self.credential),
                "rawId": b64(self.credential),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {name: b64(raw) for name, raw in response.items()},
            }
        )
