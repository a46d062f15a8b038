"""What a mail says in the cases that are rarer than the usual one."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from consult.core.schedule import NoticeKind
from consult.mail.render import preview
from tests import build

ORIGIN = "https://consult.example.org"
Write = Callable[..., str]


@pytest.fixture
def write(app: Flask) -> Write:
    """Return subject and text of a mail in one line."""

    def written(kind: NoticeKind, language: str = "en", **more: Any) -> str:
        data = {
            "reference": "CONS-2020/1",
            "slug": "CONS-2020-1",
            "subject": build.in_all("Dates and chairs"),
            "closes_at": "2020-07-17T14:00:00.000000Z",
            "languages": ["en"],
            "body": {
                "name": build.in_all("The Council"),
                "seat": build.in_all("Geneva"),
                "zone": "Europe/Zurich",
            },
            "organisation": {"name": build.in_all("Union"), "address": None, "telephone": None},
            "member_name": build.in_all("Kenya"),
            "items": 12,
            **more,
        }
        with app.app_context():
            content = preview(kind, data, language, "KEN", ORIGIN)
        return " ".join(f"{content.subject}\n{content.text}".split())

    return written


def acknowledged(write: Write, **more: Any) -> str:
    usual = {
        "version": 1,
        "received_at": "2020-07-17T13:59:59.000000Z",
        "late": False,
        "channel": "web",
        "by": "A. Person",
        "positions": [["1", "2021 session", "approve"], ["2", "Chair", None]],
    }
    return write(NoticeKind.ACKNOWLEDGEMENT, **{**usual, **more})


def test_a_late_reply_is_acknowledged_as_late_to_the_second(write: Write) -> None:
    """T74."""
    said = acknowledged(
        write,
        late=True,
        received_at="2020-07-17T14:00:03.000000Z",
        organisation={"name": {}, "address": "council@example.org", "telephone": None},
    )
    assert "Received late, not counted: reply of Kenya" in said
    assert "16:00:03 Geneva (14:00:03 UTC). The deadline was Friday 17 July 2020, 16:00:00" in said
    assert "registered as late and is not counted" in said
    assert "write to council@example.org" in said
    assert "new reply" not in said
    assert "write to" not in acknowledged(write, late=True)


def test_a_reply_on_behalf_names_who_asked_and_who_confirmed(write: Write) -> None:
    """T86."""
    said = acknowledged(
        write, by=None, channel="note_verbale", asked_by="A. Officer", confirmed_by="B. Approver"
    )
    assert "A. Officer recorded this reply on behalf of Kenya; B. Approver confirmed it." in said
    assert "By note verbale" in said


def test_a_later_version_says_that_it_replaces_and_a_blank_one_that_it_withdraws(
    write: Write,
) -> None:
    assert "It replaces the earlier reply" in acknowledged(write, version=2)
    blank = acknowledged(write, version=2, positions=[["1", "2021 session", None]])
    assert "it withdraws what Kenya said before" in blank
    assert "replaces the earlier" not in blank


def test_the_items_of_a_long_letter_are_named_by_their_numbers(write: Write) -> None:
    title = "Appointment of the chair of a working group of the Council"
    positions = [[str(n), title, "object" if n == 7 else "approve"] for n in range(1, 41)]
    said = acknowledged(write, positions=positions)
    assert "Object: 7" in said
    assert "Approve: 1, 2, 3, 4, 5, 6, 8" in said
    assert title not in said


def test_a_long_result_is_counted_by_kind(write: Write) -> None:
    title = "Appointment of the chair of a working group of the Council"
    outcomes = [[str(n), title, "appointment", "adopted"] for n in range(40)]
    said = write(
        NoticeKind.RESULT, number="2020/3", sha256="ab" * 32, public=True, outcomes=outcomes
    )
    assert "40 persons appointed" in said
    assert "Decision record 2020/3: The Council, consultation CONS-2020/1" in said
    few = write(NoticeKind.RESULT, number="2020/3", sha256="ab" * 32, outcomes=outcomes[:1])
    assert f"0. {title}: Appointed" in few


@pytest.mark.parametrize(
    ("provision", "said"),
    [
        ("No. 169 of the Convention", "the right to vote (No. 169 of the Convention)."),
        (None, "Kenya is on the roll without the right to vote."),
    ],
)
def test_a_member_without_the_right_to_vote_gets_the_letter_for_information(
    write: Write, provision: str | None, said: str
) -> None:
    found = write(NoticeKind.INVITATION, entitled=False, no_vote_under=provision)
    assert "For information: The Council, consultation CONS-2020/1 (Kenya)" in found
    assert said in found
    assert "take a position" not in found


@pytest.mark.parametrize(
    ("zone", "city", "said"),
    [
        ("Europe/Paris", "Paris", "Friday 17 July 2020, 16:00 Geneva (14:00 UTC)"),
        (
            "Pacific/Auckland",
            "Wellington",
            "Saturday 18 July 2020, 02:00 Wellington Friday 17 July 2020, 16:00 Geneva (14:00 UTC)",
        ),
        (None, "", "Friday 17 July 2020, 16:00 Geneva (14:00 UTC)"),
    ],
)
def test_the_deadline_stands_in_the_reader_s_own_time_where_that_differs(
    write: Write, zone: str | None, city: str, said: str
) -> None:
    found = write(NoticeKind.REMINDER, left=60, zone=zone, capital={"en": city})
    assert f"Reply by {said}" in found


def test_a_reminder_by_hand_carries_the_secretariat_s_words_and_names_colleagues(
    write: Write,
) -> None:
    said = write(NoticeKind.REMINDER, left=50, note="The Chair asks.", colleagues=2)
    assert "50 minutes left: Kenya has not replied" in said
    assert "The secretariat sends this reminder." in said
    assert "The secretariat writes: The Chair asks." in said
    assert "2 other focal points may reply for Kenya and get this reminder too." in said


def test_a_way_without_the_website_is_named_as_far_as_it_is_known(write: Write) -> None:
    house = {"name": build.in_all("Union"), "address": "c@example.org", "telephone": None}
    assert "send your reply to c@example.org before the deadline." in write(
        NoticeKind.REMINDER, left=60, organisation=house
    )
    assert "cannot use the website" not in write(NoticeKind.REMINDER, left=60)


@pytest.mark.parametrize(
    ("ended", "said"),
    [
        (False, "B. Alternate may now reply for Kenya"),
        (True, "B. Alternate may no longer reply for Kenya"),
    ],
)
def test_a_change_of_who_may_reply_is_told_with_or_without_an_open_letter(
    write: Write, ended: bool, said: str
) -> None:
    """T6."""
    facts = {"person": "B. Alternate", "ended": ended, "of_member": "KEN"}
    house = {"name": {}, "address": "c@example.org", "telephone": None}
    found = write(NoticeKind.MANDATE, **facts, organisation=house)
    assert found.startswith(said)
    assert "Reference CONS-2020/1" in found
    assert "write to c@example.org at once" in found
    assert "https://consult.example.org/en/member/KEN" in found
    assert "Reference" not in write(NoticeKind.MANDATE, **facts, reference=None)


def test_an_account_of_a_focal_point_names_the_member(write: Write) -> None:
    said = write(NoticeKind.ACCOUNT, expires_at="2020-06-27T08:00:00.000000Z")
    assert "You are named a focal point of Kenya: set up your account" in said
    assert "Works until Saturday 27 June 2020, 10:00 Geneva" in said
    assert "Works until" not in write(NoticeKind.ACCOUNT)


def test_a_change_of_how_one_signs_in_is_told_to_the_person_and_to_colleagues(
    write: Write,
) -> None:
    """T15."""
    house = {"name": {}, "address": "c@example.org", "telephone": "+41 22 000"}
    at = "2020-06-20T08:00:00.000000Z"
    own = write(NoticeKind.FACTORS, what="passkey-added", at=at, organisation=house)
    assert "How you sign in was changed" in own
    assert "A passkey was added." in own
    assert "If it was not you, end your other sessions" in own
    assert "c@example.org" in own
    assert "https://consult.example.org/en/me" in own
    told = write(NoticeKind.FACTORS, what="reset", at=at, of="A. Person", organisation=house)
    assert "How A. Person signs in was changed" in told
    assert "Everything was reset by an administrator." in told
    assert "secretariat" not in write(NoticeKind.FACTORS, what="reset", at=at)


def test_addresses_and_numbers_keep_their_direction_in_arabic(write: Write) -> None:
    house = {"name": {}, "address": "c@example.org", "telephone": "+41 22 000"}
    said = write(NoticeKind.REMINDER, "ar", left=60, organisation=house)
    assert "\u2066c@example.org\u2069" in said
    assert "\u2066+41\u00a022\u00a0000\u2069" in said or "\u2066+41 22 000\u2069" in said


def test_who_may_confirm_a_new_key_reads_by_what_to_know_it(write: Write) -> None:
    """T35, T54."""
    asked = {"kid": "0f" * 8, "key": "0f" * 32, "asked_by": "A. Officer"}
    said = write(
        NoticeKind.KEY_CHANGE, **asked, reason="compromised", until="2020-06-27T08:00:00.000000Z"
    )
    assert "A. Officer asks that the service signs with another key." in said
    assert "0f0f0f0f 0f0f0f0f" in said
    assert "It may be in other hands" in said
    assert "27 June 2020, 08:00 UTC" in said
    assert "https://consult.example.org/en/keys/change" in said


def readmitted(write: Write, **more: Any) -> str:
    usual = {
        "whose": "KEN",
        "about_name": build.in_all("Kenya"),
        "version": 1,
        "sent_as": 1,
        "received_at": "2020-07-16T13:59:59.000000Z",
        "late": False,
        "asked_by": "A. Officer",
        "confirmed_by": "B. Approver",
        "changed": False,
        "overtook": None,
    }
    return write(NoticeKind.READMITTED, **{**usual, **more})


def test_a_reply_that_was_lost_is_said_to_stand_again(write: Write) -> None:
    """T86, T98: who asked and who confirmed, when it was received, and how it is treated."""
    said = readmitted(write)
    assert "Readmitted: reply of Kenya (CONS-2020/1)" in said
    assert "asked for by A. Officer, confirmed by B. Approver" in said
    assert "It counts by the time it was received" in said
    assert f"{ORIGIN}/en/c/CONS-2020-1/KEN/receipts/1" in said
    late = readmitted(write, late=True, version=3)
    assert "registered as late and is not counted" in late
    assert "3; 1 in its receipt" in late
    assert "/receipts/3" in late


def test_other_members_are_told_where_a_readmitted_reply_changes_the_count(write: Write) -> None:
    """T60, T98."""
    said = readmitted(write, whose="BRA", about_name=build.in_all("Brazil"), changed=True,
                      overtook="published")  # fmt: skip
    assert "A reply of Brazil was lost and is readmitted" in said
    assert "is certified anew and corrected" in said
    assert f"{ORIGIN}/en/c/CONS-2020-1/KEN " in said
    assert "receipts" not in said
