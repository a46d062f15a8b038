"""Focal points and staff come in from a table: all of it, or none of it."""

import pytest
from sqlalchemy import func, select

from consult.actions import people
from consult.actions.change import Desk
from consult.core.life import Role
from consult.core.schedule import NoticeKind
from consult.errors import BadInput
from consult.tables import FocalPoint, Grant, Invitation, Notice, Person, reading
from tests import build

HEADER = "member,role,name,address,language,telephone\n"
KENYA = "KEN,head,A. Head,head@kenya.example.org,en,+254 20 000\n"
OFFICER = ",officer,B. Officer,officer@example.org,fr,\n"


@pytest.fixture(autouse=True)
def council(desk: Desk) -> None:
    build.council(desk)


def take(desk: Desk, *lines: str, dry_run: bool = False) -> people.Taken:
    return people.import_people(desk, HEADER + "".join(lines), "people.csv", dry_run=dry_run)


def count(desk: Desk, table: type) -> int:
    with reading(desk.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_who_is_new_is_invited_once(desk: Desk) -> None:
    assert take(desk, KENYA, OFFICER) == people.Taken(2, 1, 1, 0)
    with reading(desk.engine) as session:
        assert session.scalars(select(Grant.role)).all() == [Role.OFFICER]
        mandate = session.scalars(select(FocalPoint)).one()
        kinds = session.scalars(select(Notice.kind)).all()
    assert (mandate.head, mandate.paper) == (True, "people.csv")
    assert kinds.count(NoticeKind.ACCOUNT) == count(desk, Invitation) == 2


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    take(desk, KENYA, OFFICER)
    notices = count(desk, Notice)
    assert take(desk, KENYA, OFFICER) == people.Taken(0, 0, 0, 2)
    assert count(desk, Notice) == notices


def test_a_dry_run_says_what_would_be_done_and_does_nothing(desk: Desk) -> None:
    assert take(desk, KENYA, OFFICER, dry_run=True) == people.Taken(2, 1, 1, 0)
    assert count(desk, Person) == count(desk, Notice) == 0


def test_a_new_head_takes_the_place_of_the_old_one(desk: Desk) -> None:
    take(desk, KENYA)
    desk.clock.forward(hours=1)
    take(desk, KENYA.replace("A. Head", "C. Head").replace("head@", "new@"))
    with reading(desk.engine) as session:
        ends = session.scalars(select(FocalPoint.until_at).order_by(FocalPoint.id)).all()
    assert ends == [desk.clock(), None]


def test_one_person_may_stand_for_two_members_and_hold_two_roles(desk: Desk) -> None:
    taken = take(
        desk, KENYA, KENYA.replace("KEN", "UGA"), OFFICER, OFFICER.replace("officer,B", "auditor,B")
    )
    assert taken == people.Taken(2, 2, 2, 0)


def test_every_fault_of_a_table_is_told_and_nothing_is_taken_in(desk: Desk) -> None:
    with pytest.raises(BadInput) as refused:
        take(
            desk,
            KENYA,
            "XXX,head,A,a@example.org,en,\n",
            "KEN,head,B,b@example.org,en,\n",
            "KEN,officer,C,c@example.org,xx,\n",
            ",head,D,not an address,en,\n",
            ",boss,,,,\n",
        )
    assert set(refused.value.faults) == {
        "line 3, member",
        "line 4, role",
        "line 5, member",
        "line 5, language",
        "line 6, member",
        "line 6, address",
        "line 7, role",
        "line 7, name",
        "line 7, address",
        "line 7, language",
    }
    assert count(desk, Person) == 0


def test_two_of_the_staff_do_not_share_an_address(desk: Desk) -> None:  # T5
    take(desk, OFFICER)
    with pytest.raises(BadInput) as refused:
        take(desk, OFFICER.replace("B. Officer", "Z. Officer").replace("officer@", "OFFICER@"))
    assert set(refused.value.faults) == {"line 2, address"}


def test_a_table_gives_nobody_the_mailbox_of_another_member(desk: Desk) -> None:  # T5
    take(desk, "ARG,head,A. Head,mission@arg.example,en,\n")
    with pytest.raises(BadInput) as refused:
        take(
            desk,
            "ARG,alternate,A. Alternate,mission@arg.example,en,\n",
            "BHS,head,B. Head,Mission@arg.example,en,\n",
        )
    assert set(refused.value.faults) == {"line 3, address"}
    assert count(desk, Person) == 1


def test_while_a_letter_is_open_its_members_people_need_a_second_person(desk: Desk) -> None:  # T6
    take(desk, KENYA)
    asks, confirms = build.officer(desk), build.approver(desk)
    build.open_it(desk, build.draft(desk, asks), asks, confirms)
    assert take(desk, KENYA).kept == 1
    with pytest.raises(BadInput) as refused:
        take(desk, KENYA.replace("head,A. Head,head@", "alternate,N. New,new@"))
    assert set(refused.value.faults) == {"line 2, member"}


def test_there_is_one_first_administrator(desk: Desk) -> None:
    assert people.first_administrator(desk, "A. Admin", "admin@example.org", "en")
    assert people.first_administrator(desk, "B. Admin", "b@example.org", "en") is None
    assert count(desk, Person) == 1
