"""Bodies that no form of ours has: too long, in too many pieces, in shapes that nothing reads.

T96: judged by what is answered and by how much of the body is read, never by a clock.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from consult.app import create_app
from consult.settings import load
from consult.web import bounds
from tests.conftest import StandingClock
from tests.web.fuzz.sending import URLENCODED
from tests.world import NOON

PARTS = "multipart/form-data; boundary=b"
WHERE = "/en/sign-in"
TOO_LARGE = 413


def many_parts(count: int) -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="a%d"\r\n\r\nx\r\n'
    return b"".join(head % number for number in range(count)) + b"--b--\r\n"


def many_fields(count: int) -> bytes:
    return b"&".join(b"a%d=x" % number for number in range(count))


FLOODS = {
    "fields": (many_fields(100_000), URLENCODED, TOO_LARGE),
    "empty fields": (b"&" * 1_000_000, URLENCODED, TOO_LARGE),
    "one field over": (many_fields(bounds.MOST_FIELDS + 1), URLENCODED, TOO_LARGE),
    "parts": (many_parts(100_000), PARTS, TOO_LARGE),
    "one part over": (many_parts(bounds.MOST_FIELDS + 1), PARTS, TOO_LARGE),
    "one byte over": (b"a=" + b"x" * (bounds.FORM_BYTES - 1), URLENCODED, TOO_LARGE),
    "the last byte": (b"a=" + b"x" * (bounds.FORM_BYTES - 2), URLENCODED, 400),
    "a part's head": (
        b'--b\r\nContent-Disposition: form-data; name="'
        + b"x" * 1_000_000
        + b'"\r\n\r\nx\r\n--b--',
        PARTS,
        400,
    ),
    "many heads": (b"--b\r\n" + b"X: y\r\n" * 100_000 + b"\r\nx\r\n--b--\r\n", PARTS, 400),
    "parts in a part": (
        (
            b"--b\r\nContent-Disposition: form-data; name=a\r\n"
            b"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n"
        ),
        PARTS,
        400,
    ),
    "line ends": (b"\r" * 500_000 + b"\n" * 500_000, PARTS, 400),
    "no end": (b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx', PARTS, 400),
    "no boundary": (b"--b\r\n", "multipart/form-data", 400),
    "a long boundary": (b"--b\r\n", "multipart/form-data; boundary=" + "x" * 5000, 400),
    "utf-7": (b"address=+ADw-x+AD4-", f"{URLENCODED}; charset=utf-7", 400),
    "no such charset": (b"address=x", f"{URLENCODED}; charset=none-such", 400),
    "json": (b'{"address": "a@example.org"}', "application/json", 400),
    "text": (b"address=a@example.org", "text/plain", 400),
    "xml": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "text/xml", 400),
    "no type": (b"address=a@example.org", "", 400),
    "no such type": (b"address=a@example.org", "\xff/;;=,", 400),
}


@pytest.fixture(scope="module")
def app(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One service for all of them: none comes as far as the database."""
    folder = tmp_path_factory.mktemp("floods")
    (folder / "consult.db").write_bytes(migrated_file.read_bytes())
    settings = load(
        {
            "CONSULT_DATABASE_URL": f"sqlite:///{folder / 'consult.db'}",
            "CONSULT_INSTANCE": str(folder),
            "CONSULT_SECRET_KEY": "a secret for tests that is long enough",
        }
    )
    made = create_app(settings, StandingClock(NOON))
    yield made
    made.extensions["consult"].engine.dispose()


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_refused_with_a_page(client: FlaskClient, name: str) -> None:
    body, kind, status = FLOODS[name]
    answer = client.post(WHERE, data=body, content_type=kind)
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert len(answer.data) < 400_000


def test_as_many_fields_as_may_be_are_read(app: Flask, client: FlaskClient) -> None:
    """Each is there, and the form is judged: it lacks our mark."""
    for body, kind in (
        (many_fields(bounds.MOST_FIELDS), URLENCODED),
        (many_parts(bounds.MOST_FIELDS), PARTS),
    ):
        answer = client.post(WHERE, data=body, content_type=kind)
        assert answer.status_code == 400
        assert "It was more than a page can carry" in answer.text


@pytest.mark.parametrize("kind", [URLENCODED, PARTS])
def test_a_body_without_a_length_is_not_read(app: Flask, kind: str) -> None:
    """The library would cut it at the limit, and a reply would lose its end unseen."""
    body = io.BytesIO(b"address=a@example.org&" + b"x" * 3_000_000)
    asked = EnvironBuilder(path=WHERE, method="POST", content_type=kind).get_environ()
    asked |= {
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
    }
    asked.pop("CONTENT_LENGTH", None)
    told, status, _headers = run_wsgi_app(app, asked)
    assert status.startswith("411 ")
    assert b"<h1>" in b"".join(told)
    assert body.tell() == 0


@pytest.mark.parametrize("length", ["5", "0", "-5", "x", "", "9" * 30])
def test_a_length_that_is_not_the_body_s_breaks_nothing(client: FlaskClient, length: str) -> None:
    answer = client.post(
        WHERE,
        data=b"address=a@example.org",
        content_type=URLENCODED,
        headers={"Content-Length": length},
    )
    assert answer.status_code in {400, TOO_LARGE}
