"""Every part of every address, and every parameter that a page reads, with what names nothing.

T21, T36, T96, T106.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import consult.web
from consult.web.forms import safe_path
from tests.factors import PASSWORD
from tests.forms import form_with, send
from tests.matrix import rows
from tests.matrix_row import Row
from tests.statements import UNNOTICED
from tests.web.fuzz.conftest import Ground
from tests.web.fuzz.places import SLOW
from tests.web.fuzz.values import HOSTILE, RAW_MARKUP

pytestmark = pytest.mark.xdist_group("fuzz")

OK, SEE_OTHER, DEFECT, LARGEST = 200, 303, 500, 2000
EACH = 2
READERS = ("officer", "head", "administrator", "observer", "approver", "stranger")
# All that a view, or the library beneath, reads from a query; the sources may name no other.
PARAMETERS = (
    "all", "back", "blank", "body", "code", "error", "from", "iss", "item", "language", "member",
    "outcome", "page", "purpose", "q", "rev", "saved", "show", "state", "v", "year",
    "endpoint", "values", "lang", "_anchor", "_external", "_method", "_scheme",
)  # fmt: skip
_READ = re.compile(r"""args\.get\("(\w+)"|"(\w+)" in request\.args""")
_READ_FROM = re.compile(r"given\.get\(\"(\w+)\"")
NOT_READ = 400
ELSEWHERE = (
    "//evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example", "https://evil.example",
    "HTTPS:evil.example", "javascript:alert(1)", "data:text/html,x", "/\t/evil.example",
    "/\n/evil.example", "\t//evil.example", " //evil.example", "/\r\nLocation: //evil.example",
    "//evil.example\\@localhost/", "///evil.example", "evil.example", "@evil.example", ":80",
    "?back=//evil.example", "/\u2028/evil.example", "/\x00/evil.example", "http:///evil.example",
)  # fmt: skip


def hostile(number: int, most: int) -> Iterator[tuple[str, str]]:
    """Return the names of some values, with each as an address spells it."""
    names = ["nul", *list(HOSTILE)[number % 7 :: 7][:most]]
    for name in names:
        value = HOSTILE[name]
        raw = value if isinstance(value, bytes) else value[:LARGEST].encode()
        yield name, quote_from_bytes(raw, safe="")


def faults(ground: Ground, answer: TestResponse) -> Iterator[str]:
    """Return what is wrong with an answer to a question."""
    yield from (defect.splitlines()[-1] for defect in ground.defects.taken())
    if answer.status_code >= DEFECT:
        yield f"a defect ({answer.status_code})"
    if answer.mimetype == "text/html" and RAW_MARKUP in answer.text:
        yield "markup of the address stands in the page"
    if written := ground.kept.touched - UNNOTICED:
        yield f"reading wrote {written}"
    ground.kept.touched.clear()


class Readers:
    """A browser for each of those who read, and who of them reads what."""

    def __init__(self, ground: Ground) -> None:
        self.clients = {name: ground.world.visitor(name) for name in READERS}
        ground.kept.touched.clear()

    def of(self, ground: Ground, row: Row, address: str) -> FlaskClient | None:
        """Return the browser of the first whom the page lets in."""
        for client in self.clients.values():
            with client.get(address) as answer:
                if answer.status_code == OK:
                    return client
        return None


def pages(ground: Ground) -> Iterator[tuple[Row, str]]:
    """Return every address that is read and quickly made."""
    adapter = ground.world.app.url_map.bind("127.0.0.1")
    for row in rows(ground.world):
        if row.answers.get("GET") == OK and not SLOW.search(row.endpoint):
            yield row, adapter.build(row.endpoint, {"lang": "en", **row.values}, "GET")


def test_the_sources_read_no_other_parameter() -> None:
    read: set[str] = set()
    for path in Path(consult.web.__path__[0]).rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        read |= {one or other for one, other in _READ.findall(source)}
        if "given = request.args" in source:
            read |= set(_READ_FROM.findall(source))
    assert len(read) >= 15
    assert read <= set(PARAMETERS)


def test_no_part_and_no_parameter_of_an_address_breaks_a_page(ground: Ground) -> None:
    wrong, tried, readers = [], 0, Readers(ground)
    for number, (row, address) in enumerate(pages(ground)):
        client = readers.of(ground, row, address)
        if client is None:
            continue
        for asked in (*_parts(row, address, number), *_queries(address, number)):
            tried += 1
            with client.get(asked) as answer:
                wrong += [f"{asked[:150]}: {fault}" for fault in faults(ground, answer)]
    sys.stdout.write(f"{ground.world.desk.engine.dialect.name}: {tried} addresses\n")
    ground.kept.put_back()
    assert not wrong, "\n".join(wrong)


def _parts(row: Row, address: str, number: int) -> Iterator[str]:
    for value in row.values.values():
        before, _, after = address.rpartition(f"/{value}")
        for _name, spelled in hostile(number, EACH):
            yield f"{before}/{spelled}{after}"


def _queries(address: str, number: int) -> Iterator[str]:
    for place in range(2):
        parameter = PARAMETERS[(number * 2 + place) % len(PARAMETERS)]
        for _name, spelled in hostile(number + place, EACH):
            yield f"{address}?{parameter}={spelled}"


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("to", ELSEWHERE)
def test_no_way_back_leads_elsewhere(ground: Ground, to: str) -> None:
    """T21: from the page, from its forms, and after one has shown who one is."""
    assert _stays(safe_path(to)) or not safe_path(to)
    client = ground.world.visitor("alternate")
    asked = f"/en/me/confirm?back={quote_from_bytes(to.encode(), safe='')}"
    page = client.get(asked)
    if "\0" in to:
        assert page.status_code == NOT_READ
        return
    form = form_with(page.text, "second")
    assert _stays(form.action)
    shown = send(client, asked, form, password=PASSWORD)
    ground.kept.put_back()
    assert shown.status_code == SEE_OTHER
    assert _stays(str(shown.location))


def _stays(address: str) -> bool:
    """Say whether a browser would stay with us: it takes \\ for / and leaves out tabs and lines."""
    read = re.sub(r"[\t\r\n]", "", address).strip().replace("\\", "/")
    led = urlsplit(urljoin("http://localhost/en/me/confirm", read))
    return (led.scheme, led.netloc) == ("http", "localhost")
