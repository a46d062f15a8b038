"""Mails as they will look, shown while a letter is drafted and before a reminder by hand."""

from typing import Any

import pytest
from flask import Flask

from consult.actions import replying
from consult.actions.change import Desk
from consult.core.need import need
from consult.core.roll import RollLine
from consult.core.rule import parse
from consult.core.schedule import NoticeKind
from consult.mail import plain
from consult.mail.render import preview
from consult.mail.specimen import Sample, specimen
from consult.queries.telling import reminder_preview
from tests import build

ORIGIN = "https://consult.example.org"
TWELVE = [
    build.item(str(number), "2023 session: 11 to 21 July 2023, Geneva") for number in range(12)
]


def sample(**more: Any) -> Sample:
    content = build.content(**more)
    roll = [RollLine(f"M{number}", f"Member {number}") for number in range(48)]
    return Sample(
        slug="CONS-2020-1",
        content=content,
        body={
            "name": build.in_all("The Council"),
            "seat": build.in_all("Geneva"),
            "zone": "Europe/Zurich",
        },
        organisation={"name": build.in_all("Union"), "address": "c@example.org", "telephone": None},
        need=need(parse(content["rule"]), roll),
        member="KEN",
        member_name=build.in_all("Kenya"),
        zone="Africa/Nairobi",
        capital=build.in_all("Nairobi"),
    )


@pytest.mark.parametrize(
    "kind",
    [
        NoticeKind.INVITATION,
        NoticeKind.REMINDER,
        NoticeKind.ACKNOWLEDGEMENT,
        NoticeKind.REQUEST,
        NoticeKind.CLOSING,
        NoticeKind.RESULT,
    ],
)
def test_every_mail_of_a_letter_of_twelve_items_is_light(app: Flask, kind: NoticeKind) -> None:
    for language in build.LANGUAGES:
        with app.app_context():
            content = specimen(kind, sample(items=TWELVE), language, ORIGIN)
        assert len(content.html.encode()) <= 5 * 1024, language
        assert f'lang="{language}"' in content.html
        lines = content.text.splitlines()
        assert all(plain.width(line) <= plain.COLUMNS for line in lines if "://" not in line)
        assert "CONS-2020/1" in content.subject


def test_an_invitation_of_a_draft_gives_the_deadline_where_the_reader_is(app: Flask) -> None:
    with app.app_context():
        content = specimen(NoticeKind.INVITATION, sample(), "en", ORIGIN)
    assert "Friday 17 July 2020, 17:00 Nairobi" in content.text
    assert "16:00 Geneva (14:00 UTC)" in content.text


def test_a_draft_without_a_deadline_can_be_looked_at(app: Flask) -> None:
    with app.app_context():
        for kind in (NoticeKind.INVITATION, NoticeKind.REMINDER, NoticeKind.CLOSING):
            assert specimen(kind, sample(closes_at=None), "en", ORIGIN).text


def test_an_officer_who_looks_at_a_reminder_learns_of_no_draft(
    app: Flask, desk: Desk, slug: str, council: dict[str, Any]
) -> None:
    """T33: that there is a draft is the member's own."""
    draft = build.answer("BHS", "approve", None, None)
    replying.save_draft(desk, slug, council["BHS"], draft, expected_hash=None)
    data = reminder_preview(desk.engine, slug, "BHS", desk.clock())
    assert data is not None
    with app.app_context():
        content = preview(NoticeKind.REMINDER, data, "en", "BHS", ORIGIN)
    assert "Bahamas has not replied" in content.text
    assert "draft" not in content.text.lower()
    assert "Continue the reply" not in content.text
    assert reminder_preview(desk.engine, slug, "KEN", desk.clock()) is None
    desk.clock.set(build.CLOSES_AT)  # type: ignore[attr-defined]
    assert reminder_preview(desk.engine, slug, "BHS", desk.clock()) is None
