"""What every page, file, feed and mail says to somebody: to look in it for what nobody may know."""

import email
import io
import re
import zipfile
from collections.abc import Iterator
from email import policy
from pathlib import Path

from flask.testing import FlaskClient

from tests.office import SLUG, Office

OWN = "ARG"
# What differs between two visits, or between two databases that say the same: marks, keys, hashes.
_RANDOM = re.compile(
    rb'(?<=value=")[0-9A-Za-z._=-]{20,}(?=")'
    rb"|[0-9a-f]{32,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


def readable(office: Office) -> Iterator[str]:
    """Return every address that can be read, of one letter, for each of its members."""
    adapter = office.app.url_map.bind("127.0.0.1")
    values = {
        "lang": "en", "slug": SLUG, "body": "itu-council", "code": "1", "remark": "none",
        "kind": "invitation", "table": "turnout", "key": "none", "place": 0, "token": "none",
        "sha256": "0" * 64, "person": "none",
        "path": "contact", "version": 1, "number": 1, "document": 1, "step": 1,
    }  # fmt: skip
    for rule in office.app.url_map.iter_rules():
        # Whether the service is ready depends on how fast its database answers.
        if "GET" not in (rule.methods or ()) or rule.endpoint in {"static", "health.readyz"}:
            continue
        for member in office.codes if "member" in rule.arguments else [OWN]:
            given = {**values, "member": member, **(rule.defaults or {})}
            yield adapter.build(
                rule.endpoint, {name: given[name] for name in rule.arguments}, "GET"
            )


def said(client: FlaskClient, address: str) -> bytes:
    """Return an answer with its status, unpacked and without random values."""
    with client.get(address) as answer:
        told = f"{answer.status_code} {answer.location}\n".encode()
        return _RANDOM.sub(b"", told + _unpacked(answer.data))


def mails(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Return of each captured mail its address and its parts, without random values."""
    for path in sorted((folder / "new").iterdir()):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        parts = [part.get_payload(decode=True) for part in message.walk()]
        text = b"\n".join(part for part in parts if isinstance(part, bytes))
        yield str(message["To"]), _RANDOM.sub(b"", f"{message['Subject']}\n".encode() + text)


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(b"PK\x03\x04"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"\n".join(_unpacked(packed.read(name)) for name in packed.namelist())
