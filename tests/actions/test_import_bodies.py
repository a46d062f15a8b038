"""A body and its members come in from files: all of a file, or none of it."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from consult.actions import bodies, members
from consult.actions.change import Desk
from consult.errors import BadInput
from consult.tables import Body, Member, Organisation, Seat, reading

DATA = Path(__file__).parent.parent.parent / "consult" / "data"
BODY = (DATA / "itu-council-2020" / "body.yaml").read_text(encoding="utf-8")
COUNCIL = (DATA / "council-2019-2022.csv").read_text(encoding="utf-8")
SMALL = """
body:
  id: club
  name: {en: The Club}
  organisation: {en: The House}
  zone: Europe/Zurich
  languages: [en]
  default_rule: itu-council
"""


def faults_of(refused: pytest.ExceptionInfo[BadInput]) -> dict[str, str]:
    return refused.value.faults


def table(*lines: str) -> str:
    return "\n".join(["code,name_en,region,from,weight_population", *lines])


def test_the_council_of_2020_is_taken_in_from_its_files(desk: Desk) -> None:
    assert bodies.import_body(desk, BODY) == "itu-council"
    assert members.import_members(desk, COUNCIL, "itu-council") == (48, 0)
    with reading(desk.engine) as session:
        body = session.scalars(select(Body)).one()
        house = session.get_one(Organisation, 1)
        kenya = session.scalars(select(Member).where(Member.code == "KEN")).one()
        seat = session.scalars(select(Seat).where(Seat.member_id == kenya.id)).one()
    assert (body.zone, body.seats, len(body.groups)) == ("Europe/Zurich", 48, 5)
    assert house.name["ru"] == "Международный союз электросвязи"
    assert (kenya.zone, kenya.capital["ar"]) == ("Africa/Nairobi", "نيروبي")
    assert (seat.groups, str(seat.from_on), str(seat.to_on)) == (["D"], "2019-01-01", "2022-12-31")


def test_the_same_files_again_make_nothing_twice(desk: Desk) -> None:
    for _time in range(2):
        bodies.import_body(desk, BODY)
        taken = members.import_members(desk, COUNCIL, "itu-council")
    assert taken == (0, 48)


def test_a_body_tells_all_its_faults_with_their_paths(desk: Desk) -> None:
    text = (
        SMALL.replace("Europe/Zurich", "Mars/Base").replace("[en]", "[en, xx]") + "  colour: red\n"
    )
    with pytest.raises(BadInput) as refused:
        bodies.import_body(desk, text)
    assert set(faults_of(refused)) == {"body.zone", "body.languages[1]", "body.colour"}


def test_a_rule_that_is_none_is_named_with_its_path(desk: Desk) -> None:
    with pytest.raises(BadInput) as refused:
        bodies.import_body(desk, SMALL.replace("itu-council", "{id: x, adopted_if: 3}"))
    assert all(path.startswith("body.default_rule") for path in faults_of(refused))


def test_members_have_weights_and_groups_of_their_own(desk: Desk) -> None:
    bodies.import_body(desk, SMALL)
    taken = members.import_members(desk, table("ARG,Argentina,,2020-01-01,45.8"), "club")
    assert taken == (1, 0)
    with reading(desk.engine) as session:
        assert session.scalars(select(Seat.weights)).one() == {"population": "45.8"}


def test_nothing_of_a_faulty_table_is_taken_in(desk: Desk) -> None:
    bodies.import_body(desk, SMALL)
    text = table(
        "ARG,Argentina,,2020-01-01,45.8",
        "BRA,,,2020-13-01,many",
        "ARG,Argentina,,2020-01-01,",
        "CAN,Canada,,2020-01-01",
    )
    with pytest.raises(BadInput) as refused:
        members.import_members(desk, text, "club")
    assert set(faults_of(refused)) == {
        "line 3, name_en",
        "line 3, from",
        "line 3, weight_population",
        "line 4, code",
        "line 5",
    }
    with reading(desk.engine) as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 0


def test_a_column_without_a_place_is_named(desk: Desk) -> None:
    bodies.import_body(desk, SMALL)
    with pytest.raises(BadInput) as refused:
        members.import_members(desk, "code,name_fr\nARG,Argentine", "club")
    assert set(faults_of(refused)) == {
        "line 1, name_en",
        "line 1, name_fr",
        "line 2, name_en",
        "line 2, from",
    }


def test_members_of_a_body_that_is_not_there_are_refused(desk: Desk) -> None:
    with pytest.raises(BadInput, match="no body nowhere"):
        members.import_members(desk, COUNCIL, "nowhere")


def test_every_capital_has_a_zone_and_the_council_has_its_names_in_six_languages() -> None:
    known = members.capitals()
    states = (DATA / "member-states.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split(",", 1)[0] for line in states} == set(known)
    for line in COUNCIL.splitlines()[1:]:
        zone, names = known[line.split(",", 1)[0]]
        assert set(names) == {"ar", "en", "es", "fr", "ru", "zh"}, zone
    assert all(members.is_zone(zone) for zone, _names in known.values())
