"""Headers and cookies that no browser sends: read as nothing, never a defect.

T19, T20, T96, T101.
"""

import pytest

from tests.web.fuzz.conftest import Ground
from tests.web.fuzz.sending import filled, post
from tests.world import World

pytestmark = [
    pytest.mark.xdist_group("fuzz"),
    # What is refused before it comes to the database is refused alike with each.
    pytest.mark.parametrize("ground", ["sqlite"], indirect=True, scope="session"),
]

LONG = "x" * 60_000
SIGNED = "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"
COOKIES = (
    "consult=", "consult=garbage", f"consult={SIGNED}", f"consult={LONG}", "consult=.",
    "consult=..",
    "consult=\xff\xfe", 'consult="\\777"', "consult=.eJwDAAAAAAE.aaaaaa.bbb", "=; ;;,=", "ask=k.",
    f"ask={LONG}", "ask=\xff", "consult=a; consult=b", "; ".join(f"c{n}=x" for n in range(2000)),
)  # fmt: skip
HEADERS = (
    ("Accept-Language", "xx-YY, ;q=, *;q=nan, en;q=1e999, ../..;q=-1"),
    ("Accept-Language", ",".join(f"a{n};q=0.{n}" for n in range(5000))),
    ("Accept-Encoding", "br;q=x, gzip;q=9999, ;,*"),
    ("Accept", LONG),
    ("Range", "bytes=0-0,5-1,-"),
    ("Range", "bytes=" + ",".join(f"{n}-{n}" for n in range(5000))),
    ("Range", "x=9-8"),
    ("If-Range", "garbage"),
    ("If-None-Match", '"", W/, *, "unfinished'),
    ("If-Match", "*"),
    ("If-Modified-Since", "Thu, 99 Foo 99999 25:61:61 GMT"),
    ("If-Modified-Since", "0000-00-00"),
    ("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 -9999"),
    ("X-Forwarded-For", "1.2.3.4, evil, ::1, \xff"),
    ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-Proto", "javascript"),
    ("X-Forwarded-Port", "99999999"),
    ("X-Forwarded-Prefix", "//evil.example"),
    ("Forwarded", 'for="_x";host=evil.example;proto=x'),
    ("X-Original-URL", "/en/office"),
    ("X-Rewrite-URL", "/en/office"),
    ("X-HTTP-Method-Override", "POST"),
    ("Authorization", "Basic \xff"),
    ("Authorization", f"Bearer {LONG}"),
    ("Referer", "javascript:alert(1)"),
    ("User-Agent", "\xff\x80<fuzz-mark>%s{{7*7}}"),
    ("Expect", "nothing"),
    ("Content-Type", "multipart/form-data; boundary="),
    ("Content-Length", "x"),
    ("Cache-Control", "max-age=x, \xff"),
    ("Sec-Fetch-Site", "cross-site"),
)
ADDRESSES = ("/", "/en/", "/en/sign-in", "/en/desk", "/static/consult.css", "/keys.json")
HOSTS = (
    "evil.example", "localhost.evil.example", "localhost@evil.example", "evil.example:80",
    "localhost:99999", "localhost:x", "[::1", "[::1]:", "\xff", "a" * 300,
    "localhost, evil.example",
    "127.0.0.1.evil.example", "localhost#evil", "localhost/evil", ".localhost",
)  # fmt: skip
DEFECT = 500


@pytest.fixture
def world(ground: Ground) -> World:
    ground.defects.taken()
    return ground.world


def test_no_header_breaks_or_leads_a_page(ground: Ground, world: World) -> None:
    """T90, T101: no address is made of it, whoever it says that we are."""
    for name, value in HEADERS:
        for address in ADDRESSES:
            with ground.client.get(address, headers={name: value}) as answer:
                told = answer.data.decode("latin-1")
                assert answer.status_code < DEFECT, (name, address)
                assert ground.defects.taken() == [], (name, address)
                assert "evil" not in f"{answer.location} {told}", (name, address)
                assert "<fuzz-mark" not in told, (name, address)


def test_no_cookie_signs_anybody_in_or_breaks_a_page(ground: Ground, world: World) -> None:
    """T16, T19: it is a stranger's."""
    for cookie in COOKIES:
        for address in ADDRESSES:
            with ground.client.get(address, headers={"Cookie": cookie}) as answer:
                assert answer.status_code < DEFECT, (cookie[:40], address)
                assert ground.defects.taken() == []
                if address == "/en/desk":
                    assert answer.location == "/en/sign-in?back=/en/desk"


@pytest.mark.parametrize("host", HOSTS)
def test_no_other_host_is_served(ground: Ground, world: World, host: str) -> None:
    """T101: refused before anything is made of it."""
    for address in ("/", "/en/sign-in", "/en"):
        with ground.client.get(address, headers={"Host": host}) as answer:
            assert answer.status_code == 400, host
            assert "evil" not in answer.text
            assert answer.location is None
    assert ground.defects.taken() == []


ORIGINS = (
    "null", "", "http://localhost.evil.example", "http://localhost@evil.example",
    "HTTP://LOCALHOST:99", "file://", "http://localhost/", "http://localhost, x", "\xff",
)  # fmt: skip


def test_a_form_of_another_origin_does_nothing(ground: Ground, world: World) -> None:
    """T20: whatever mark it carries, and whoever says `null`."""
    endpoint, names = next(shape for shape in ground.sheets if shape[0] == "reply.save")
    sheet = ground.sheets[endpoint, names]
    for origin in ORIGINS:
        answer = ground.client.post(
            sheet.action,
            data=dict(filled(sheet)),
            headers={"Cookie": sheet.cookie, "Origin": origin},
        )
        assert answer.status_code == 400, origin
        assert ground.kept.changed() == set()
    assert post(ground.client, sheet, filled(sheet)).status_code < 400
    ground.kept.put_back()
