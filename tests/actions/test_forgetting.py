"""Personal data ends, and ledgers and records still hold (T104)."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update

from consult.actions import forgetting
from consult.actions.change import Desk
from consult.queries.privacy import kept_of
from consult.queries.verifying import verify_database
from consult.tables import (
    FocalPoint,
    LedgerText,
    LoginSession,
    Notice,
    Person,
    reading,
    writing,
)
from tests.office import office_of

YEARS = 5


def lapse(desk: Desk) -> None:
    """End all mandates now."""
    with writing(desk.engine) as session:
        session.execute(update(FocalPoint).values(until_at=desk.clock()))


def later(desk: Desk, **by: float) -> Desk:
    now = desk.clock() + timedelta(**by)
    return replace(desk, clock=lambda: now)


def test_names_and_texts_go_some_years_after_the_last_mandate(app, desk: Desk) -> None:  # type: ignore[no-untyped-def]
    """T44, T104."""
    office = office_of(app, desk, 3)
    office.open()
    member = office.codes[0]
    office.reply(member)
    with reading(desk.engine) as session:
        wanted = select(Person).where(Person.opaque == office.people[member].opaque)
        name = session.scalars(wanted).one().name
    lapse(desk)
    early = later(desk, days=365 * YEARS - 10)
    assert forgetting.forget(early, YEARS).people == 0
    late = later(desk, days=366 * YEARS)
    gone = forgetting.forget(late, YEARS)
    assert gone.people >= 1
    assert gone.texts >= 1
    with reading(desk.engine) as session:
        person = session.scalars(wanted).one()
        assert (person.address, person.telephone, person.password_hash) == ("", None, None)
        assert name not in person.name
        assert name not in " ".join(map(str, session.scalars(select(Notice.data))))
        kept = [text for text in session.scalars(select(LedgerText.text)) if text]
        assert name not in kept
    assert all(found.holds for _reference, found in verify_database(desk.engine))
    assert forgetting.forget(late, YEARS).people == 0


def test_who_still_holds_a_mandate_or_a_role_is_kept(app, desk: Desk) -> None:  # type: ignore[no-untyped-def]
    office_of(app, desk, 3)
    assert forgetting.forget(later(desk, days=366 * 20), YEARS).people == 0


def test_sessions_and_sign_in_times_go_by_themselves(app, desk: Desk) -> None:  # type: ignore[no-untyped-def]
    office = office_of(app, desk, 3)
    office.browser("officer")
    with writing(desk.engine) as session:
        session.execute(update(Person).values(signed_in_at=desk.clock()))
    assert forgetting.forget(later(desk, days=89), YEARS).sessions == 0
    assert forgetting.forget(later(desk, days=91), YEARS).sessions == 1
    with reading(desk.engine) as session:
        assert session.scalars(select(LoginSession)).all() == []
        assert None not in session.scalars(select(Person.signed_in_at)).all()
    forgetting.forget(later(desk, days=400), YEARS)
    with reading(desk.engine) as session:
        assert set(session.scalars(select(Person.signed_in_at))) == {None}


def test_a_person_reads_all_that_is_kept_of_it_and_of_nobody_else(app, desk: Desk) -> None:  # type: ignore[no-untyped-def]
    """T104."""
    office = office_of(app, desk, 3)
    office.open()
    member = office.codes[0]
    office.reply(member)
    answer = office.browser(member).get("/en/me/data.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    said = answer.get_json()
    assert said == kept_of(desk.engine, office.people[member].person_id or 0) | {
        "sessions": said["sessions"]
    }
    assert [one["member"] for one in said["replies"]] == [member]
    assert {one["member"] for one in said["mandates"]} == {member}
    assert "text" not in answer.text.lower().split('"replies"')[1]
