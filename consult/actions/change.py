"""The frame of every change: lock, instant, ledger, notices, commit, all or nothing."""

import json
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.actions import signing
from consult.actions.counters import Counters
from consult.clock import Clock
from consult.core import ledger
from consult.core.canonical import spelled
from consult.core.life import Act, Actor, State, check, state_at
from consult.core.recipient import Recipient
from consult.core.schedule import NoticeKind, NoticeState
from consult.core.signing import Signer, fingerprint_of, sign_receipt
from consult.errors import NotFound
from consult.keys import Keyring
from consult.queries.telling import of_consultation
from consult.tables import (
    Consultation,
    HeadSent,
    LedgerEntry,
    LedgerText,
    Notice,
    database_clock,
    is_written,
    lay,
    write_all,
    writing,
)

_ALARM = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every action needs: where things are kept, the one clock, and a few settings.

    Args:
        secret: From which the single-use links are derived; not in the database.
        files: The folder of stored documents, each under its SHA-256.
        keys: The private keys with which heads, receipts and records are signed.
        service: The name of the service in entry 0 of each ledger.
        settling: After the deadline, until nothing can be on its way any more.
        password_memory: KiB for each password hash.
        former_secrets: What was sealed under them still opens.
        limits: Whether what is asked too often is refused (T97).
        limit_numbers: By the name of a limit, another number than the usual one.
        counters: Where it is counted; in the database, if it is not said.
        focal_point_factors: How many are asked of focal points (T12).
        scanner: The command that looks through each file before it is kept; empty for none (T93).
        scanner_seconds: How long it may take for one file.
    """

    engine: sa.Engine
    clock: Clock
    secret: bytes
    files: Path
    keys: Keyring
    service: str = "Consult"
    settling: timedelta = timedelta(seconds=120)
    password_memory: int = 19456
    former_secrets: tuple[bytes, ...] = ()
    limits: bool = False
    limit_numbers: Mapping[str, int] = field(default_factory=dict)
    counters: Counters | None = None
    focal_point_factors: int = 1
    scanner: tuple[str, ...] = ()
    scanner_seconds: int = 60


class Entered(NamedTuple):
    """An entry that a change made: its instant, and the entry in its one spelling."""

    at: datetime
    entry: str


@dataclass(slots=True)
class Change:
    """An open transaction on one locked consultation."""

    desk: Desk
    session: Session
    consultation: Consultation
    now: datetime
    actor: Actor
    entered: list[Entered] = field(default_factory=list)
    told: Mapping[str, Any] | None = None  # of the letter, if it was read with something else
    _signer: Signer | None = None

    @property
    def state(self) -> State:
        """The state at this instant, by the clock."""
        return state_at(self.consultation.state, self.consultation.closes_at, self.now)

    def move(self, act: Act) -> None:
        """Judge *act* by the table of transitions and make its step.

        Raises:
            NotAllowed, NotNow: See `life.check`.
        """
        self.consultation.state = check(act, self.state, self.actor.roles)

    def enter(self, what: str, **facts: Any) -> int:
        """Append an entry to the ledger and return its number.

        Its instant never goes back; a clock that went back more than two seconds is entered too,
        before the first entry of the change.
        """
        last = self.consultation.entered_at
        alarmed = bool(self.entered) or what == "clock-alarm"
        if last is not None and last - self.now > _ALARM and not alarmed:
            self.enter("clock-alarm", clock=ledger.instant(self.now), last=ledger.instant(last))
        at = self.now if last is None else max(self.now, last)
        letter = self.consultation
        number = letter.number + 1
        entry = ledger.entry(
            letter.ledger,
            number,
            at,
            self.actor.signs,
            what,
            facts,
            secrets.token_hex(16),
        )
        text = ledger.canonical(entry).decode()
        leaf = ledger.leaf_of_checked(entry)
        head = ledger.next_head(letter.head, leaf)
        lay(
            self.session,
            LedgerEntry,
            consultation_id=letter.id,
            number=number,
            at=at,
            what=what,
            entry=text,
            leaf=leaf,
            prev=letter.head,
            head=head,
        )
        letter.number, letter.head, letter.entered_at = number, head, at
        self.entered.append(Entered(at, text))
        return number

    def clock_offset(self) -> int:
        """Return by how many milliseconds the database's clock is before ours (T72)."""
        return (database_clock(self.session) - self.desk.clock()) // timedelta(milliseconds=1)

    def signer(self) -> Signer:
        """Return the key in force: for a letter that was opened, the one its ledger goes by."""
        if self._signer is None:
            letter = self.consultation
            told = letter.opened_at is not None and letter.opened_at < self.now
            if told and letter.kid is not None and letter.state not in signing.AT_REST:
                self._signer = self.desk.keys.signer(letter.kid)
            else:
                self._signer = self.take_key_in_force()
        return self._signer

    def take_key_in_force(self) -> Signer:
        """Return the key in force; a ledger that goes by another one is told of the change."""
        letter = self.consultation
        found = signing.in_force(
            self.session, self.desk.keys, self.now, alone=letter.state in signing.AT_REST
        )
        before, letter.kid = letter.kid, found.signer.kid
        if before is not None and before != letter.kid:
            self.enter("key-changed", to=letter.kid, reason=found.reason, **{"from": before})
        self._signer = found.signer
        return found.signer

    def sign_head(self) -> dict[str, Any]:
        """Sign the head of the ledger as it stands and return that checkpoint (T46)."""
        signer, letter = self.signer(), self.consultation
        if not self.entered and (kept := signing.signed_at(self.session, letter)):
            return kept
        assert letter.entered_at is not None  # noqa: S101 - entry 0 is there from the start
        return signing.keep(self.session, letter, signer, max(self.now, letter.entered_at))

    def signed_receipt(
        self, make: Callable[..., dict[str, object]], texts: Sequence[Mapping[str, str]]
    ) -> str:
        """Return the signed receipt of the entry that was entered last, in its one spelling.

        Args:
            make: `receipt` of a reply, or `comment_receipt`.
            texts: The member's own words, as `keep_text` returns them.
        """
        letter = self.consultation
        made = make(
            letter.reference, self.last_entry, letter.head, texts, rehearsal=letter.rehearsal
        )
        return spelled(sign_receipt(self.signer(), made, self.sign_head())).decode()

    @property
    def last_entry(self) -> dict[str, Any]:
        """The entry that was entered last, whole."""
        found: dict[str, Any] = json.loads(self.entered[-1].entry)
        return found

    def commit_to(self, text: str, language: str | None = None) -> str:
        """Keep *text* beside the ledger and return the commitment that entries name it by."""
        return self.keep_text(text, language)["commitment"]

    def keep_text(self, text: str, language: str | None = None) -> dict[str, str]:
        """Keep *text* beside the ledger; return its commitment, its salt and the text as kept."""
        salt = secrets.token_bytes(16)
        text = ledger.normal(text)
        commitment = ledger.commitment(salt, text)
        lay(
            self.session,
            LedgerText,
            commitment=commitment,
            consultation_id=self.consultation.id,
            salt=salt.hex(),
            text=text,
            language=language,
        )
        return {"commitment": commitment, "salt": salt.hex(), "text": text}

    def notify(
        self,
        recipients: Sequence[Recipient],
        kind: NoticeKind,
        occasion: str,
        *,
        not_before: datetime | None = None,
        **facts: Any,
    ) -> None:
        """Queue one notice for each recipient, and enter that.

        Args:
            occasion: What makes it happen once; a member's code is put before it.
            facts: What the mail says beyond the letter's own data. Under ``by_member`` stands
                what one member alone is told, under ``by_language`` what readers of one language.
        """
        if not recipients:
            return
        everyone = "\n".join(sorted(f"{r.opaque} {r.member or ''}" for r in recipients))
        number = self.enter(
            "notices-queued",
            kind=kind.value,
            occasion=occasion,
            count=len(recipients),
            recipients=self.commit_to(everyone),
        )
        head = self.consultation.head
        letter = self.consultation.id
        lay(self.session, HeadSent, consultation_id=letter, number=number, head=head, at=self.now)
        frozen = dict(self.told or of_consultation(self.session, self.consultation))
        if kind is NoticeKind.INVITATION:  # on paper and in mailboxes, out of our reach (T53)
            frozen["key"] = fingerprint_of(self.signer().public_key)
        by_member, by_language = facts.pop("by_member", {}), facts.pop("by_language", {})
        for recipient in recipients:
            own = {**by_language.get(recipient.language, {}), **by_member.get(recipient.member, {})}
            if recipient.adviser:
                own["adviser"] = True
            lay(
                self.session,
                Notice,
                uuid=str(uuid.uuid4()),
                person_id=recipient.person_id,
                consultation_id=letter,
                member=recipient.member,
                kind=kind,
                occasion=f"{recipient.member}-{occasion}" if recipient.member else occasion,
                language=recipient.language,
                data={**frozen, **facts, **own},
                number=number,
                head=head,
                state=NoticeState.QUEUED,
                queued_at=self.now,
                not_before=not_before or self.now,
                attempts=0,
            )


LOCKED = select(Consultation).where(Consultation.slug == sa.bindparam("slug")).with_for_update()


@contextmanager
def change(
    desk: Desk,
    slug: str,
    actor: Actor,
    first: Callable[[Session], object] | None = None,
    *,
    before: Callable[[sa.Connection], None] | None = None,
    locked: sa.Select[Consultation] = LOCKED,
) -> Iterator[Change]:
    """Lock one consultation and change it: all of the block is kept, or none.

    PostgreSQL locks the row (FOR UPDATE). SQLite has locked the file (BEGIN IMMEDIATE, see
    `writing`) and leaves FOR UPDATE out.

    Args:
        first: Locks further consultations, this one among them, in the order of their ids: who
            locked this one alone would wait crosswise for who holds another (T64).
        before: Asks what needs no lock, before anything is locked.
        locked: `LOCKED`, for what happens often with fewer columns; others come when asked for.

    Raises:
        NotFound: There is no such consultation.
    """
    with writing(desk.engine, before) as session:
        if first is not None:
            first(session)
        found = session.scalar(locked, {"slug": slug})
        if found is None:
            raise NotFound(slug=slug)
        this = Change(desk, session, found, desk.clock(), actor)
        yield this
        written = is_written(session)
        write_all(session)
        if written and not this.entered:
            raise AssertionError(f"a change of {slug} without a ledger entry")
