"""What a member said is looked for everywhere, as everybody else, before and after disclosure.

Words are searched for as they stand. Positions are found by comparing with a twin: the same letter
in another database, in which the member took other positions, must look the same to all others.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consult import worker
from consult.actions import posting, replying
from consult.app import create_app, make_desk
from consult.core.life import Act, Role
from consult.settings import load
from tests import build, contests
from tests.canary import OWN, mails, readable, said
from tests.conftest import StandingClock
from tests.office import SLUG, Office, decide, office_of

pytestmark = pytest.mark.xdist_group("canary")

CANARY = "Kestrel 7431 nests here"
POSITIONS = {"one": ("approve", "object", "abstain"), "twin": ("object", "abstain", "approve")}
OTHERS = (
    "stranger", "BHS", "second", "other", "auditor", "administrator", "observer",
)  # fmt: skip


@contextmanager
def told(folder: Path, migrated: Path, which: str) -> Iterator[Office]:
    """Build the letter: a reply, a draft after it, and a reply on behalf of another member."""
    folder.mkdir()
    (folder / "consult.db").write_bytes(migrated.read_bytes())
    settings = load(
        {
            "CONSULT_DATABASE_URL": f"sqlite:///{folder / 'consult.db'}",
            "CONSULT_INSTANCE": str(folder),
            "CONSULT_SECRET_KEY": "a secret for tests that is long enough",
        }
    )
    desk = make_desk(settings, StandingClock(datetime(2020, 6, 20, 8, 0, tzinfo=UTC)))
    office = office_of(create_app(settings, desk.clock, engine=desk.engine), desk, 4)
    office.people["observer"] = build.person(desk, "H. Observer", Role.OBSERVER)
    office.open()
    choices = POSITIONS[which]
    office.reply(OWN, *choices, c1=CANARY)
    again = build.answer(OWN, *choices[::-1], base=1, c2=f"{CANARY} still")
    replying.save_draft(desk, SLUG, office.people[OWN], again, expected_hash=None)
    office.record("CAN", c3=f"{CANARY} on paper")
    decide(office.browser("approver"), office.waits(Act.RECORD))
    try:
        yield office
    finally:
        desk.engine.dispose()


@pytest.fixture
def twins(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Office, Office]]:
    # They sign with one key: theirs would differ wherever a fingerprint stands.
    private = Ed25519PrivateKey.generate()
    monkeypatch.setattr(Ed25519PrivateKey, "generate", lambda: private)
    with ExitStack() as stack:
        one, twin = (
            stack.enter_context(told(tmp_path / which, migrated_file, which)) for which in POSITIONS
        )
        yield one, twin


def faults(twins: tuple[Office, Office]) -> Iterator[str]:
    """Say where somebody else reads the words, or can tell the positions."""
    for name in OTHERS:
        one, twin = (
            office.app.test_client() if name == "stranger" else office.browser(name)
            for office in twins
        )
        for address in readable(twins[0]):
            found = said(one, address)
            if CANARY.encode() in found:
                yield f"{name} reads the words at {address}"
            if found != said(twin, address):
                yield f"{name} can tell the positions at {address}"


def test_before_disclosure_nobody_else_reads_a_word_or_tells_a_position(
    twins: tuple[Office, Office], caplog: pytest.LogCaptureFixture
) -> None:
    """T33, T90, T100: every page, file, feed, error and log line, of an open letter and a closed.

    The two who entered the reply on behalf are not asked; the exception of T33 is theirs.
    """
    with caplog.at_level(logging.DEBUG):
        assert list(faults(twins)) == []
        for office in twins:
            office.close()
        assert list(faults(twins)) == []
    lines = "\n".join(str(vars(record)) for record in caplog.records)
    assert CANARY not in lines
    assert "@example.org" not in lines


def test_no_mail_to_anybody_else_has_a_word_or_a_position(
    twins: tuple[Office, Office], tmp_path: Path
) -> None:
    """T90."""
    sent = []
    for office, which in zip(twins, POSITIONS, strict=True):
        build.later(office.desk, minutes=1)
        assert worker.once(office.app) > 0
        theirs = {"head.of.arg@example.org", "head.of.can@example.org"}
        sent.append(
            sorted(
                (to, words)
                for to, words in mails(tmp_path / which / "mail")
                if not any(one in to for one in theirs)
            )
        )
    assert sent[0] == sent[1]
    assert {to for to, _words in sent[0]} >= {
        f"Head of {code} <head.of.{code.lower()}@example.org>" for code in ("BHS", "BRA")
    }
    assert not [to for to, words in sent[0] if CANARY.encode() in words]


def test_the_member_s_own_people_read_it(twins: tuple[Office, Office]) -> None:
    own = twins[0].browser(OWN)
    for address in (f"/en/c/{SLUG}/{OWN}", f"/en/c/{SLUG}/{OWN}/receipts/1.json"):
        assert CANARY.encode() in said(own, address)


def test_once_published_everybody_reads_it(twins: tuple[Office, Office]) -> None:
    """T33: the words and the positions stand in the record, but not those of the draft."""
    found = []
    for office in twins:
        office.close()
        people = office.people
        request = posting.state_post(office.desk, SLUG, people["officer"])
        build.confirm(office.desk, request, people["approver"])
        contests.certify(office)
        contests.publish(office)
        stranger = office.app.test_client()
        for form in ("", ".json", ".docx"):
            record = said(stranger, f"/en/decisions/{SLUG}{form}")
            assert CANARY.encode() in record, form
            assert f"{CANARY} still".encode() not in record, form
        found.append(said(stranger, f"/en/decisions/{SLUG}.csv"))
        dossier = said(office.browser("auditor"), f"/en/office/{SLUG}/dossier.zip")
        assert CANARY.encode() in dossier
        assert f"{CANARY} still".encode() not in dossier
    assert found[0] != found[1]
