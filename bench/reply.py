"""Replies per second and server CPU per reply, beside the floor, in one interleaved run.

    python bench/reply.py [--members 193] [--runs 3] [--databases sqlite postgresql]

Both are served alike (gunicorn, two workers of four threads) on the same database server. Each
member signs in and opens the form before the clock starts, and a few reply; what is measured is
the sending: one POST a member, all at once. PostgreSQL: CONSULT_BENCH_POSTGRESQL, an address with the right to
make databases.
"""

import argparse
import asyncio
import os
import re
import secrets
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import common
import floor
import lean
import sqlalchemy as sa

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from consult import clock, rules  # noqa: E402
from consult.actions import drafting, opening, requests  # noqa: E402
from consult.actions.change import Desk  # noqa: E402
from consult.core.answer import Draft  # noqa: E402
from consult.core.comparison import Choice  # noqa: E402
from consult.core.items import EMPTY_ITEM  # noqa: E402
from consult.core.ledger import instant, sha256_hex  # noqa: E402
from consult.core.life import Role  # noqa: E402
from consult.keys import Keyring  # noqa: E402
from consult.queries.sessions import actor_of  # noqa: E402
from consult.queries.verifying import verify_database  # noqa: E402
from consult.tables import (  # noqa: E402
    Body,
    Consultation,
    FocalPoint,
    Grant,
    Item,
    LoginSession,
    Member,
    Organisation,
    Person,
    Reply,
    Request,
    RollEntry,
    Seat,
    make_engine,
    reading,
    writing,
)
from consult.tables.migrating import upgrade  # noqa: E402

ITEMS = 10
SECRET = "a secret for the bench that is long enough"
AT_ONCE = 32
FIRST = 64  # that reply before the clock starts


def words(text: str) -> dict[str, str]:
    return {"en": text}


def token_of(code: str) -> str:
    return f"bench-{code}"


def seed(url: str, members: int, folder: Path) -> None:
    """A body of that many members, each with one focal point, and an open letter of ten items.

    Args:
        folder: The instance folder of the service that will serve it; the signing key lies there.
    """
    upgrade(url)
    engine = make_engine(url)
    keys = Keyring(folder / "keys", makes_own=True)
    desk = Desk(engine, clock.now, SECRET.encode(), folder / "files", keys)
    now = desk.clock()
    with writing(engine) as session:
        session.add(
            Organisation(id=1, name=words("Union"), short_name=words("U"), place=words("Geneva"))
        )
        body = Body(
            slug="council",
            name=words("Council"),
            seat=words("Geneva"),
            zone="Europe/Zurich",
            languages=["en"],
            working_language="en",
            groups=[{"id": "A", "name": words("A")}],
            rule=rules.load_data("itu-council"),
            presiding_title=words("Chair"),
            remarks={},
        )
        session.add(body)
        session.flush()
        people = [_person(session, f"{role}", now, role) for role in (Role.OFFICER, Role.APPROVER)]
        for place in range(members):
            code = f"M{place:05}"
            member = Member(code=code, name=words(f"Member State {place}"))
            session.add(member)
            who = _person(session, code, now)
            session.flush()
            session.add(
                Seat(
                    body_id=body.id,
                    member_id=member.id,
                    place=place,
                    from_on=date(2019, 1, 1),
                    groups=["A"],
                    weights={},
                )
            )
            session.add(FocalPoint(person_id=who.id, member_id=member.id, head=True, from_at=now))
            session.add(
                LoginSession(
                    token_hash=sha256_hex(token_of(code).encode()),
                    person_id=who.id,
                    made_at=now,
                    seen_at=now,
                    strong_at=now,
                    factors="link",
                    browser="bench",
                )
            )
        ids = [who.id for who in people]
    with reading(engine) as session:
        officer, approver = (actor_of(session, number, now) for number in ids)
    slug = drafting.create(desk, officer, "council", _content(now))
    request = opening.submit(desk, slug, officer)
    with reading(engine) as session:
        shown = session.get_one(Request, request).shown
    requests.confirm(desk, approver, request, shown)
    _analyse(engine)
    engine.dispose()


def _analyse(engine: sa.Engine) -> None:
    """Let PostgreSQL know what was filled, as its own housekeeping would before long."""
    if engine.dialect.name != "postgresql":
        return
    filled = (Consultation, FocalPoint, Item, LoginSession, Member, Person, RollEntry)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in filled:
            connection.exec_driver_sql(f"ANALYZE {table.__tablename__}")


def _person(session, name: str, now: datetime, *roles: Role) -> Person:
    made = Person(
        opaque=secrets.token_hex(16),
        name=name,
        address=f"{name}@example.org",
        address_key=f"{name.lower()}@example.org",
        language="en",
        staff=bool(roles),
        made_at=now,
        set_up_at=now,
    )
    session.add(made)
    session.flush()
    session.add_all(Grant(person_id=made.id, role=role) for role in roles)
    return made


def _content(now: datetime) -> dict:
    return {
        "reference": "BENCH/1",
        "languages": ["en"],
        "subject": words("Ten chairs"),
        "legal_basis": {},
        "letter": {"sections": []},
        "rule": rules.load_data("itu-council"),
        "closes_at": instant(now + timedelta(days=30)),
        "items": [
            {**EMPTY_ITEM, "id": str(n + 1), "kind": "question", "title": words(f"Chair {n + 1}")}
            for n in range(ITEMS)
        ],
    }


class Ours:
    """Consult: each member's cookie and CSRF token first, then one POST each."""

    def __init__(self, url: str, folder: Path, members: int) -> None:
        self.url, self.members = url, members
        port = common.free_port()
        seed(url, members, folder)
        environ = {
            "CONSULT_DATABASE_URL": url,
            "CONSULT_SECRET_KEY": SECRET,
            "CONSULT_INSTANCE": str(folder),
            "CONSULT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        self.server = common.Server(
            common.gunicorn(sys.executable, "wsgi:app", port), port, env=environ, cwd=ROOT
        )

    async def prepare(self) -> list[bytes]:

        from consult.app import SignedCookie, create_app
        from consult.settings import load

        app = create_app(
            load({"CONSULT_SECRET_KEY": SECRET, "CONSULT_INSTANCE": tempfile.mkdtemp()}), clock.now
        )
        signer = SignedCookie().get_signing_serializer(app)
        client = lean.Client(self.server.port, 8)
        draft = Draft("", {str(n + 1): Choice.APPROVE for n in range(ITEMS)}, {}, 0)
        ready = []
        for place in range(self.members):
            code = f"M{place:05}"
            path = f"/en/c/BENCH-1/{code}"
            cookies = {"consult": signer.dumps({"_user_id": token_of(code), "_fresh": True})}
            status, headers, body = await client.fetch(client.raw("GET", path, cookies))
            assert status == 200, (status, body[:300])
            cookies |= lean.cookies_of(headers)
            token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', body)
            fields = {
                "csrf_token": token[1].decode(),
                "key": secrets.token_hex(16),
                "shown": draft.content_hash,
                "shown_in": "en",
                "base": "0",
                "revision": "0",
                **{f"p-{n + 1}": "approve" for n in range(ITEMS)},
            }
            ready.append(client.raw("POST", f"{path}/send", cookies, fields))
        await client.close()
        app.extensions["consult"].engine.dispose()
        return ready

    def holds(self) -> bool:
        """Every member has one reply, and every ledger and table agrees."""
        engine = make_engine(self.url)
        with reading(engine) as session:
            replied = session.scalar(sa.select(sa.func.count(sa.distinct(Reply.member))))
        sound = all(found.holds for _, found in verify_database(engine))
        engine.dispose()
        return replied == self.members and sound


class Floor:
    """The floor: the same burst on `floor.py`."""

    def __init__(self, url: str, folder: Path, members: int) -> None:
        self.url, self.members = url, members
        port = common.free_port()
        floor.seed(url, members)
        self.server = common.Server(
            common.gunicorn(sys.executable, "floor:app", port),
            port,
            env={"FLOOR_DB": url},
            cwd=Path(__file__).parent,
        )

    async def prepare(self) -> list[bytes]:
        client = lean.Client(self.server.port, 8)
        ready = []
        for who in range(1, self.members + 1):
            path = f"/in/{who}/{floor.token_of(who)}"
            status, headers, _ = await client.fetch(client.raw("POST", path, fields={}))
            cookies = lean.cookies_of(headers)
            status, headers, body = await client.fetch(client.raw("GET", "/c/1", cookies))
            assert status == 200, status
            target, fields = lean.ballot(body.decode(), "/c/1")
            ready.append(
                client.raw("POST", target or "/c/1", cookies | lean.cookies_of(headers), fields)
            )
        await client.close()
        return ready

    def holds(self) -> bool:
        return floor.verify(self.url, set(range(1, self.members + 1)))["exact"]


async def burst(port: int, ready: list[bytes]) -> tuple[float, list[float]]:
    """Send all, at most so many at once; return the seconds in all and of each."""
    turn, took = asyncio.Semaphore(AT_ONCE), []
    shared = lean.Client(port, 1)

    async def one(raw: bytes) -> None:
        async with turn:
            visit = lean.Visit(shared)
            start = time.perf_counter()
            status, _, body = await visit.fetch(raw)
            took.append(time.perf_counter() - start)
            await visit.close()
            assert status == 303, (status, body[:400])

    start = time.perf_counter()
    await asyncio.gather(*(one(raw) for raw in ready))
    return time.perf_counter() - start, took


def measure(kind: type, url: str, members: int) -> dict[str, float]:
    """One server, fresh database, one burst; CPU of the server and of PostgreSQL, in ms a reply.

    A few more members reply before the clock starts: a service that runs for weeks is measured,
    not what it does once, at its first reply (statements worked out, connections opened).
    """
    with tempfile.TemporaryDirectory() as folder:
        subject = kind(url, Path(folder), members + FIRST)
        with subject.server as server:
            ready = asyncio.run(subject.prepare())
            asyncio.run(burst(server.port, ready[:FIRST]))
            before = server.cpu()
            seconds, took = asyncio.run(burst(server.port, ready[FIRST:]))
            spent = server.cpu() - before
        assert subject.holds(), f"{kind.__name__} does not hold"
    return {
        "replies/s": members / seconds,
        "cpu ms": 1000 * spent / members,
        "p99 ms": 1000 * common.quantile(took, 0.99),
    }


def fresh(database: str, name: str, folder: Path) -> str:
    """Return the address of an empty database."""
    if database == "sqlite":
        return f"sqlite:///{folder / name}.db"
    server = os.environ.get(
        "CONSULT_BENCH_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres"
    )
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    url = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    common.PG = url
    return url


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=193)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    given = parser.parse_args()
    kinds = {"floor": Floor, "Consult": Ours}
    for database in given.databases:
        figures: dict[str, dict[str, list[float]]] = {}
        for run in range(given.runs):
            for name, kind in kinds.items():
                with tempfile.TemporaryDirectory() as folder:
                    url = fresh(database, f"consult_bench_{name.lower()}_{run}", Path(folder))
                    for figure, value in measure(kind, url, given.members).items():
                        figures.setdefault(figure, {}).setdefault(name, []).append(value)
        for figure, rows in figures.items():
            common.report(f"{database}, {given.members} members at once", rows, figure, "floor")


if __name__ == "__main__":
    main()
