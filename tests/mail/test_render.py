"""What mails say: the same in text and HTML, to one member, with a witness of the ledger."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from html5lib import HTMLParser as Strict
from icalendar import Calendar
from sqlalchemy import select

from consult import rules
from consult.actions import due, mandates, replying, sending
from consult.actions.change import Desk
from consult.actions.naming import Naming
from consult.core.schedule import NoticeKind
from consult.core.tokens import link_token
from consult.mail import plain
from consult.mail.message import Letter, MailContent, letter
from consult.mail.render import Site, preview, render
from consult.queries.outgoing import Outgoing, outgoing
from consult.tables import Notice, reading
from tests import build
from tests.mail.conftest import parsed
from tests.statements import statements

SITE = Site("https://consult.example.org", "consult@consult.example.org", b"a secret")
HEAD = "4be0c19d27f35a8e61b4d0937c2af518" * 2


class Read(HTMLParser):
    """The words of a page as one hears them, styles and markup stripped."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self._deaf = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._deaf = tag in ("style", "title")
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self._deaf = False

    def handle_data(self, data: str) -> None:
        if not self._deaf:
            self.words += data.split()


def heard(html: str) -> Read:
    read = Read()
    read.feed(html)
    return read


def the_notice(desk: Desk, **where: Any) -> Outgoing:
    with reading(desk.engine) as session:
        row = session.scalars(select(Notice.id).filter_by(**where).order_by(Notice.id)).all()[-1]
        return outgoing(session, row)


@pytest.fixture
def written(app: Flask, desk: Desk) -> Callable[..., MailContent]:
    def write(**where: Any) -> MailContent:
        with app.app_context():
            return render(the_notice(desk, **where), SITE, b"%PDF-")

    return write


def test_an_invitation_says_the_same_as_text_and_as_html(
    slug: str, written: Callable[..., MailContent]
) -> None:
    content = written(kind=NoticeKind.INVITATION, member="BHS")
    assert content.subject == (
        "Reply by Friday 17 July 2020, 16:00 Geneva: The Council, consultation CONS-2020/1"
        " (Bahamas)"
    )
    words = Read()
    words.feed(content.html)
    text = [word for word in content.text.split() if word != "--"]
    spoken = [word for word in words.words if word not in ("Or", "type:")]
    address = "https://consult.example.org/en/c/CONS-2020-1/BHS"
    assert spoken.count(address) == text.count(address) == 1
    assert sorted(spoken) == sorted(text)
    assert words.links == [address]
    assert "Ledger CONS-2020/1 #" in content.text.splitlines()[-1]


@pytest.mark.parametrize("kind", [NoticeKind.INVITATION, NoticeKind.ACKNOWLEDGEMENT])
def test_a_mail_is_small_well_made_and_narrow(
    kind: NoticeKind, desk: Desk, slug: str, council: dict[str, Any], written: Any
) -> None:
    for code in ("ARG", "BHS", "BRA", "CAN", "CUB"):
        draft = build.answer(code, "approve", "object", None)
        replying.reply(desk, slug, council[code], build.sent(desk, draft))
        content = written(kind=kind, member=code)
        assert len(content.html.encode()) <= 5 * 1024, code
        parser = Strict(strict=False)
        parser.parse(content.html)
        assert parser.errors == []
        for line in content.text.splitlines():
            assert plain.width(line) <= plain.COLUMNS or "://" in line
        assert not re.search(r"<[a-z/]|&[a-z]+;", content.text)
        assert 'src="' not in content.html


def test_a_mail_ends_with_the_head_of_the_ledger_in_line_and_header(
    desk: Desk, slug: str, written: Callable[..., MailContent]
) -> None:
    """T50, T85."""
    notice = the_notice(desk, kind=NoticeKind.INVITATION, member="CUB")
    content = written(kind=NoticeKind.INVITATION, member="CUB")
    assert notice.head is not None
    line = f"Ledger CONS-2020/1 #{notice.number} {notice.head[:32]}"
    assert content.text.endswith(f"\n\n{line}\n")
    assert line in content.html
    assert content.headers["Consult-Ledger"] == (
        f"{notice.data['ledger']}; number={notice.number}; head={notice.head}"
    )
    assert content.headers["Auto-Submitted"] == "auto-generated"
    assert content.headers["Content-Language"] == "ar"
    assert '<html lang="ar" dir="rtl">' in content.html


def test_an_invitation_encloses_the_letter_and_the_deadline(
    slug: str, written: Callable[..., MailContent]
) -> None:
    letter_, deadline = written(kind=NoticeKind.INVITATION, member="BRA").attachments
    assert (letter_.filename, letter_.data) == ("CONS-2020-1-ru.pdf", b"%PDF-")
    [event] = Calendar.from_ical(deadline.data).walk("VEVENT")  # type: ignore[arg-type]
    assert event["dtstart"].dt == build.CLOSES_AT
    assert event["sequence"] == 0
    assert event["uid"].endswith("-BRA@consult.example.org")
    assert event["transp"] == "TRANSPARENT"
    assert len(event.walk("VALARM")) == 1


def test_a_reminder_tells_gaps_and_draft_to_the_member_alone(
    desk: Desk, slug: str, council: dict[str, Any], written: Callable[..., MailContent]
) -> None:
    replying.reply(
        desk, slug, council["BHS"], build.sent(desk, build.answer("BHS", "approve", None, None))
    )
    replying.save_draft(
        desk,
        slug,
        council["BHS"],
        build.answer("BHS", "approve", "object", None, base=1),
        expected_hash=None,
    )
    build.later(desk, days=26)
    due.queue_due(desk)
    content = written(kind=NoticeKind.REMINDER, member="BHS")
    assert content.subject.startswith("1 day 6 hours left: Bahamas has no position on 2 of 3 items")
    flat = " ".join(content.text.split())
    assert "This is reminder 2. It is sent only to Member States whose reply is missing" in flat
    assert "Your draft is kept: 2 of 3 items are saved. It has not been sent." in flat
    assert content.headers["References"].endswith("@consult.example.org>")
    other = written(kind=NoticeKind.REMINDER, member="ARG")
    assert "draft is kept" not in other.text


def test_no_mail_before_disclosure_knows_a_position_of_another(
    desk: Desk, slug: str, council: dict[str, Any], app: Flask
) -> None:
    """T33, T90: only the member itself reads of its objection."""
    draft = build.answer("ARG", "object", "object", "object", c1="canary words")
    replying.reply(desk, slug, council["ARG"], build.sent(desk, draft))
    build.later(desk, days=26)
    due.queue_due(desk)
    build.later(desk, days=5)
    due.queue_due(desk)
    with reading(desk.engine) as session:
        ids = session.scalars(select(Notice.id).where(Notice.cause.is_(None))).all()
        notices = [outgoing(session, row) for row in ids]
    assert {notice.kind for notice in notices} >= {NoticeKind.REMINDER, NoticeKind.CLOSING}
    for notice in notices:
        with app.app_context():
            content = render(notice, SITE, None)
        said = content.subject + content.text + content.html
        assert "canary" not in said
        if notice.member != "ARG":
            assert "Object" not in said


def account(kind: NoticeKind, **data: Any) -> Outgoing:
    return Outgoing(
        id=1,
        uuid="7e2f6c1e-0000-4000-8000-000000000001",
        kind=kind,
        occasion="1",
        language="en",
        member=None,
        person_id=1,
        name="A. Person",
        address="a@example.org",
        disabled=False,
        consultation_id=None,
        data={"expires_at": "2020-06-20T08:30:00.000000Z", **data},
        number=None,
        head=None,
        queued_at=datetime(2020, 6, 20, 8, tzinfo=UTC),
        attempts=1,
        nonce="a nonce",
    )


@pytest.mark.parametrize(
    ("kind", "purpose", "page"),
    [
        (NoticeKind.ACCOUNT, "invitation", "invitations"),
        (NoticeKind.SIGN_IN, "sign-in", "sign-in/link"),
        (NoticeKind.ADDRESS, "address", "address"),
    ],
)
def test_only_mails_of_access_carry_a_link_that_acts(
    app: Flask, kind: NoticeKind, purpose: str, page: str
) -> None:
    """T7, T111: the token is derived when the mail is made; no row holds it."""
    with app.app_context():
        content = render(account(kind, invitation=1, request=1), SITE, None)
    link = f"https://consult.example.org/en/{page}/{link_token(SITE.secret, purpose, 'a nonce')}"
    assert heard(content.html).links == [link]
    assert link in content.text.splitlines()
    assert "Ledger" not in content.text
    assert "Saturday 20 June 2020, 08:30 UTC" in content.text


@pytest.mark.parametrize("name", ["Eve\r\nBcc: all@example.org", "Eve\nX: y"])
def test_a_line_break_in_a_name_or_subject_is_refused(app: Flask, name: str) -> None:
    """T87."""
    content = MailContent(f"Hello {name}", "text", "<p>html</p>")
    at = datetime(2020, 6, 20, tzinfo=UTC)
    with app.app_context(), pytest.raises(ValueError, match=r"character|line"):
        letter(content, ("Us", "us@example.org"), ("A", "a@example.org"), key="k", at=at).as_bytes()
    fine = MailContent("Hello", "text", "<p>html</p>")
    with app.app_context(), pytest.raises(ValueError, match=r"character|line|CR|invalid"):
        letter(fine, ("Us", "us@example.org"), (name, "a@example.org"), key="k", at=at).as_bytes()


def made(app: Flask, desk: Desk) -> Letter:
    notice = the_notice(desk, kind=NoticeKind.INVITATION, member="CUB")
    with app.app_context():
        content = render(notice, SITE, b"%PDF-")
        return letter(
            content,
            ("Ünal, Секретариат", SITE.sender),
            ("Ünal, A", notice.address),
            key=notice.uuid,
            at=notice.queued_at,
        )


def test_the_same_notice_gives_the_same_bytes(app: Flask, desk: Desk, slug: str) -> None:
    """T78, T80."""
    first, second = made(app, desk), made(app, desk)
    with app.app_context():
        assert first.as_bytes() == second.as_bytes()
        read = parsed(first.as_bytes())
    assert read["From"].addresses[0].display_name == "Ünal, Секретариат"
    assert read["From"].addresses[0].addr_spec == SITE.sender
    assert read["To"].addresses[0].display_name == "Ünal, A"
    assert read["Subject"] == first.subject
    assert read["Date"].datetime == desk.clock()
    assert read["Message-ID"] == first.msgId
    assert len(first.msgId) < 70


def test_a_preview_shows_a_mail_without_a_row(app: Flask, desk: Desk, slug: str) -> None:
    data = the_notice(desk, kind=NoticeKind.INVITATION, member="BHS").data
    with app.app_context():
        content = preview(NoticeKind.INVITATION, data, "en", "BHS", SITE.origin)
    assert "Bahamas is invited to reply" in content.text
    assert "Ledger" not in content.text


def test_under_a_silence_procedure_no_action_is_needed(
    app: Flask, desk: Desk, council: dict[str, Any]
) -> None:
    slug = build.draft(
        desk, council["officer"], rule=rules.load_data("silence-un-74-544"), reminders=[]
    )
    build.open_it(desk, slug, council["officer"], council["approver"])
    notice = the_notice(desk, kind=NoticeKind.INVITATION, member="BHS")
    with app.app_context():
        content = render(notice, SITE, None)
    assert content.subject.startswith("Objections by Friday 17 July 2020, 16:00 Geneva:")
    assert "No action is needed unless Bahamas objects by Friday 17 July 2020" in content.text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("通过信函进行磋商，请答复。", ["通过信函", "进行磋", "商，请答", "复。"]),
        ("https://consult.example.org/x y", ["https://consult.example.org/x", "y"]),
        ("", []),
    ],
)
def test_text_breaks_where_its_script_allows(text: str, lines: list[str]) -> None:
    assert plain.wrap(text, 8) == lines


def test_a_claimed_notice_is_taken_with_few_statements(desk: Desk, slug: str) -> None:
    [notice] = sending.claim(desk, "w", limit=1)
    with statements(desk.engine) as seen:
        sending.take(desk, "w", notice)
    assert len(seen) <= 4


def test_an_adviser_is_written_to_as_one(
    desk: Desk, slug: str, council: dict[str, Any], written: Any
) -> None:
    build.person(desk, "Ada Adviser", member="CUB", adviser=True)
    draft = build.answer("CUB", "approve", "object", None)
    replying.reply(desk, slug, council["CUB"], build.sent(desk, draft))
    text = " ".join(written(kind=NoticeKind.ACKNOWLEDGEMENT, member="CUB").text.split())
    assert "Sent to you as an adviser of Cuba" in text


def test_the_mails_about_the_register_name_an_adviser(
    app: Flask, desk: Desk, slug: str, council: dict[str, Any], written: Any
) -> None:
    new = Naming(
        member="CUB",
        head=False,
        name="Ada Adviser",
        address="ada@mission.example",
        language="en",
        telephone=None,
        paper=None,
        adviser=True,
    )
    (request,) = mandates.name(desk, council["CUB"], new)
    build.confirm(desk, request, build.approver(desk, "E. Approver"))
    told = written(kind=NoticeKind.MANDATE)
    assert told.subject.startswith("Ada Adviser is now an adviser of Cuba")
    with app.app_context():
        invited = render(the_notice(desk, kind=NoticeKind.ACCOUNT), SITE, None)
    assert invited.subject == "You are named an adviser of Cuba: set up your account"
    letter_ = written(kind=NoticeKind.INVITATION, member="CUB")
    assert "Read the letter and write the draft" in letter_.text
