"""The service as real processes, members that keep replying to it, and what must be left of it."""

import http.client
import os
import re
import secrets
import socket
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from threading import Event, Thread
from typing import Self
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlalchemy import select, update

from consult import clock
from consult.actions.change import Desk
from consult.app import SignedCookie, create_app
from consult.core.ledger import instant, sha256_hex
from consult.core.schedule import NoticeKind, NoticeState
from consult.keys import Keyring
from consult.queries.verifying import verify_database
from consult.settings import load
from consult.tables import LoginSession, Notice, Reply, Seat, make_engine, reading, writing
from consult.tables.migrating import upgrade
from tests import build
from tests.revising import SLUG

SECRET = "a secret of the soak that is long enough"  # noqa: S105 - of no deployment
CHOICES = ("approve", "object", "abstain")
_SENT = NoticeState.SENT
_UNANSWERED = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Acknowledged:
    """A reply whose member saw the redirect and the receipt (T61)."""

    member: str
    version: int
    key: str


@dataclass
class Place:
    """A database and a folder with an open letter in them, and the port to serve it on."""

    url: str
    folder: Path
    members: list[str]
    port: int

    @property
    def environ(self) -> dict[str, str]:
        return {
            "CONSULT_DATABASE_URL": self.url,
            "CONSULT_SECRET_KEY": SECRET,
            "CONSULT_INSTANCE": str(self.folder),
            "CONSULT_PORT": str(self.port),
        }


def furnish(url: str, folder: Path, members: int) -> Place:
    """Migrate an empty database; open a letter in it that real time has not closed."""
    upgrade(url)
    engine = make_engine(url)
    keys = Keyring(folder / "keys", makes_own=True)
    desk = Desk(engine, clock.now, SECRET.encode(), folder / "files", keys)
    codes = build.council(desk, members)
    with writing(engine) as session:
        session.execute(update(Seat).values(to_on=date(2100, 1, 1)))
    people = {code: build.person(desk, f"Head of {code}", member=code) for code in codes}
    with writing(engine) as session:
        session.add_all(
            LoginSession(
                token_hash=sha256_hex(f"soak-{code}".encode()),
                person_id=int(who.person_id or 0),
                made_at=desk.clock(),
                seen_at=desk.clock(),
                strong_at=desk.clock(),
                factors="link",
                browser="soak",
            )
            for code, who in people.items()
        )
    asks, confirms = build.officer(desk), build.approver(desk)
    closes_at = instant(desk.clock() + timedelta(days=30))
    slug = build.draft(desk, asks, closes_at=closes_at, languages=["en"])
    build.open_it(desk, slug, asks, confirms)
    engine.dispose()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return Place(url, folder, codes, port)


class Service:
    """`consult serve --worker`, killed when the block ends: it is never asked to stop."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "consult", "serve", "--worker"],
            env={**os.environ, **self.place.environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdout is not None
        assert b"listens" in self.process.stdout.readline()
        return self

    def __exit__(self, *_fault: object) -> None:
        self.process.kill()
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


@dataclass
class Replying:
    """One member's focal point, who replies again and again, and sends again what got no answer."""

    place: Place
    member: str
    cookie: str
    stop: Event
    acknowledged: list[Acknowledged] = field(default_factory=list)
    fault: str = ""

    def run(self) -> None:
        try:
            token = self._token()
            while token and not self.stop.is_set():
                self._reply(token)
        except Exception as broken:  # shown by the test, not lost with the thread
            self.fault = repr(broken)

    def _token(self) -> str:
        shown = self._patiently("GET", f"/en/c/{SLUG}/{self.member}")
        if shown is None:
            return ""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown[2])
        assert found is not None, shown[2][:500]
        return found[1]

    def _reply(self, token: str) -> None:
        base = len(self.acknowledged)
        choice = CHOICES[base % len(CHOICES)]
        draft = build.answer(self.member, *[choice] * 3, base=base)
        fields = {
            "csrf_token": token,
            "key": secrets.token_hex(16),
            "shown": draft.content_hash,
            "shown_in": "en",
            "base": str(base),
            "revision": "0",
            **{f"p-{item}": choice for item in ("1", "2", "3")},
        }
        here = f"/en/c/{SLUG}/{self.member}"
        sent = self._patiently("POST", f"{here}/send", urlencode(fields))
        if sent is None:
            return
        status, location, said = sent
        assert status == 303, (status, said[:800])
        version = int(location.rstrip("/").rsplit("/", 1)[1])
        receipt = self._patiently("GET", location)
        if receipt is not None:
            assert receipt[0] == 200, receipt[2][:500]
            self.acknowledged.append(Acknowledged(self.member, version, fields["key"]))

    def _patiently(self, method: str, path: str, body: str = "") -> tuple[int, str, str] | None:
        """Ask until there is an answer; None once it is over."""
        while not self.stop.is_set():
            try:
                answer = self._ask(method, path, body)
            except _UNANSWERED:
                self.stop.wait(0.05)
                continue
            if answer[0] != 503:
                return answer
            self.stop.wait(0.05)
        return None

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=30)
        try:
            headers = {"Cookie": f"consult={self.cookie}"}
            if body:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            line.request(method, path, body or None, headers)
            answer = line.getresponse()
            location = answer.getheader("Location") or ""
            if given := re.search(r"\bconsult=([^;]+)", answer.getheader("Set-Cookie") or ""):
                self.cookie = given[1]  # the form's mark stands in it
            return answer.status, location, answer.read().decode(errors="replace")
        finally:
            line.close()


def clients(place: Place, stop: Event) -> list[Replying]:
    """Return a client for each member, with the cookie of its session."""
    environ = {"CONSULT_SECRET_KEY": SECRET, "CONSULT_INSTANCE": str(place.folder)}
    app = create_app(load({**environ, "CONSULT_DATABASE_URL": place.url}), clock.now)
    signer = SignedCookie().get_signing_serializer(app)
    assert signer is not None
    made = [
        Replying(place, code, str(signer.dumps({"_user_id": f"soak-{code}", "_fresh": True})), stop)
        for code in place.members
    ]
    app.extensions["consult"].engine.dispose()
    return made


def kill_and_restart(place: Place, cycles: int, each: int) -> list[Acknowledged]:
    """Serve and kill *cycles* times, each after *each* more replies were acknowledged.

    Raises:
        AssertionError: A member was answered what it should not have been.
        TimeoutError: No reply was acknowledged for a long time.
    """
    stop = Event()
    replying = clients(place, stop)
    threads = [Thread(target=one.run, name=one.member) for one in replying]
    for thread in threads:
        thread.start()
    try:
        for cycle in range(cycles):
            with Service(place):
                _wait(replying, each * (cycle + 1))
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert [one.fault for one in replying if one.fault] == []
    return [each for one in replying for each in one.acknowledged]


def _wait(replying: list[Replying], wanted: int) -> None:
    pause, until = Event(), datetime.now(UTC) + timedelta(seconds=120)  # noqa: TID251 - real time
    while sum(len(one.acknowledged) for one in replying) < wanted:
        if datetime.now(UTC) > until or any(one.fault for one in replying):  # noqa: TID251
            raise TimeoutError([one.fault for one in replying])
        pause.wait(0.01)


def left(place: Place, acknowledged: list[Acknowledged], kills: int) -> list[str]:
    """Return what is wrong with what is left: replies, ledger, then the mail; empty if nothing is.

    The leases of the killed workers are ended by hand, for they would last five minutes.

    Args:
        kills: How often the service was killed.
    """
    engine = make_engine(place.url)
    wrong = [str(f) for _ref, found in verify_database(engine) for f in found.faults]
    with reading(engine) as session:
        rows = session.execute(select(Reply.member, Reply.version, Reply.idempotency_key)).all()
    stored = {Acknowledged(*row) for row in rows}
    wrong += [f"lost: {one}" for one in acknowledged if one not in stored]
    wrong += [
        f"{member} has {count} replies, not each once"
        for member, count in Counter(one.member for one in stored).items()
        if {one.version for one in stored if one.member == member} != set(range(1, count + 1))
    ]
    with writing(engine) as session:
        session.execute(
            update(Notice)
            .where(Notice.state == NoticeState.SENDING)
            .values(claimed_until=Notice.queued_at)
        )
    subprocess.run(
        [sys.executable, "-m", "consult", "worker", "--once"],
        env={**os.environ, **place.environ},
        check=True,
        capture_output=True,
    )
    wrong += _mail(engine, place.folder / "mail", kills)
    engine.dispose()
    return wrong


def _mail(engine: sa.Engine, folder: Path, kills: int) -> list[str]:
    """T80: each notice went out, once more only where a kill came between the sending and its note.

    Each sending was counted before it, all have one Message-ID; a kill makes one double at most.
    """
    with reading(engine) as session:
        # The notice that the opening waits for somebody is cancelled once it is opened.
        notices = session.execute(
            select(Notice.uuid, Notice.state, Notice.attempts).where(
                Notice.kind != NoticeKind.REQUEST
            )
        ).all()
        requests = set(
            session.scalars(select(Notice.uuid).where(Notice.kind == NoticeKind.REQUEST))
        )
    files = [path for part in ("new", "cur") for path in (folder / part).iterdir()]
    sent = Counter(
        str(message_from_bytes(path.read_bytes())["Message-ID"]).strip("<>").partition("@")[0]
        for path in files
    )
    wrong = [f"notice {each.uuid} is {each.state}" for each in notices if each.state != _SENT]
    tries = {each.uuid: each.attempts for each in notices}
    known = tries.keys()
    wrong += [
        f"mail {uuid}: sent {sent[uuid]} times in {tried} attempts"
        for uuid, tried in tries.items()
        if not 1 <= sent[uuid] <= tried
    ]
    doubles = sum(sent[uuid] - 1 for uuid in known)
    if doubles > kills:
        wrong.append(f"{doubles} mails too many for {kills} kills")
    return wrong + [f"nobody's mail: {uuid}" for uuid in sent.keys() - known - requests]
