"""Plain builders: a council of 48, its people, a draft, an open consultation."""

import csv
import secrets
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from consult import rules
from consult.actions import drafting, opening, requests
from consult.actions.change import Desk
from consult.core.answer import Draft, NewReply, Words
from consult.core.comparison import Choice
from consult.core.ledger import instant, sha256_hex
from consult.core.life import Actor, Role
from consult.queries.sessions import actor_of
from consult.tables import (
    Body,
    FocalPoint,
    Grant,
    LoginSession,
    Member,
    Organisation,
    Person,
    Request,
    Seat,
    reading,
    writing,
)

DATA = Path(__file__).parent.parent / "consult" / "data"
LANGUAGES = ["en", "fr", "es", "ru", "zh", "ar"]
CLOSES_AT = datetime(2020, 7, 17, 14, 0, tzinfo=UTC)
BODY = "itu-council"


def in_all(words: str) -> dict[str, str]:
    """The same words in each language, told apart by the language's code."""
    return {code: words if code == "en" else f"{words} ({code})" for code in LANGUAGES}


def council(desk: Desk, members: int = 48) -> list[str]:
    """Load the organisation, the body and its first *members*; return their codes."""
    rows = list(
        csv.DictReader((DATA / "council-2019-2022.csv").read_text(encoding="utf-8").splitlines())
    )[:members]
    with writing(desk.engine) as session:
        session.add(
            Organisation(
                id=1,
                name=in_all("International Telecommunication Union"),
                short_name=in_all("ITU"),
                place=in_all("Geneva"),
                address="council-secretariat@consult.example",
                telephone="+41 22 000 00 00",
            )
        )
        body = Body(
            slug=BODY,
            name=in_all("The Council"),
            seat=in_all("Geneva"),
            zone="Europe/Zurich",
            languages=LANGUAGES,
            working_language="en",
            groups=[{"id": g, "name": in_all(f"Region {g}")} for g in "ABCDE"],
            rule=rules.load_data("itu-council"),
            presiding_name=None,
            presiding_title=in_all("Chair of the Council"),
            least_days=20,
            holidays="CH-GE",
            seats=48,
            remarks={},
        )
        session.add(body)
        session.flush()
        for place, row in enumerate(rows):
            member = Member(
                code=row["code"], name={code: row[f"name_{code}"] for code in LANGUAGES}
            )
            session.add(member)
            session.flush()
            session.add(
                Seat(
                    body_id=body.id,
                    member_id=member.id,
                    place=place,
                    from_on=date(2019, 1, 1),
                    to_on=date(2022, 12, 31),
                    groups=[row["region"]],
                    weights={},
                )
            )
    return [row["code"] for row in rows]


def person(desk: Desk, name: str, *roles: Role, member: str | None = None, **more: Any) -> Actor:
    """Make a person with roles, or a focal point: ``head`` or not, or an ``adviser``."""
    now = desk.clock()
    head, adviser = more.pop("head", True), more.pop("adviser", False)
    address = more.pop(
        "address", f"{name.lower().replace('. ', '.').replace(' ', '.')}@example.org"
    )
    with writing(desk.engine) as session:
        made = Person(
            opaque=secrets.token_hex(16),
            name=name,
            address=address,
            address_key=address.casefold(),
            language=more.pop("language", "en"),
            staff=bool(roles),
            made_at=now,
            set_up_at=now,
            **more,
        )
        session.add(made)
        session.flush()
        session.add_all(Grant(person_id=made.id, role=role) for role in roles)
        if member is not None:
            found = session.scalars(select(Member).where(Member.code == member)).one()
            session.add(
                FocalPoint(
                    person_id=made.id,
                    member_id=found.id,
                    head=head and not adviser,
                    adviser=adviser,
                    from_at=now,
                )
            )
        session.flush()
        person_id = made.id
    with reading(desk.engine) as session:
        return actor_of(session, person_id, now)


def also_for(
    desk: Desk, who: Actor, member: str, *, head: bool = True, adviser: bool = False
) -> Actor:
    """Let *who* reply for *member* too, or advise it."""
    now = desk.clock()
    with writing(desk.engine) as session:
        found = session.scalars(select(Member).where(Member.code == member)).one()
        session.add(
            FocalPoint(
                person_id=who.person_id,
                member_id=found.id,
                head=head and not adviser,
                adviser=adviser,
                from_at=now,
            )
        )
    with reading(desk.engine) as session:
        return actor_of(session, int(who.person_id or 0), now)


def officer(desk: Desk, name: str = "A. Officer") -> Actor:
    return person(desk, name, Role.OFFICER)


def approver(desk: Desk, name: str = "B. Approver") -> Actor:
    return person(desk, name, Role.APPROVER)


def item(code: str, title: str, **more: Any) -> dict[str, Any]:
    """An item as `queries.content` gives it."""
    return {
        "id": code,
        "heading": None,
        "kind": "question",
        "title": in_all(title),
        "text": {},
        "comments": None,
        "rule": None,
        "from": None,
        "to": None,
        "where": {},
        "zone": None,
        "group": None,
        "post": {},
        "candidate": {},
        "nominated_by": None,
        "region": None,
        "seats": None,
        "term_from": None,
        "term_to": None,
        "cv": {},
        "cv_document": None,
        "annex": None,
        "symbols": [],
        **more,
    }


def three_items() -> list[dict[str, Any]]:
    return [
        item(
            "1",
            "2021 session of the Council",
            kind="dates",
            **{"from": "2021-06-08", "to": "2021-06-18"},
            where=in_all("Geneva"),
        ),
        item(
            "2",
            "Chair of CWG-COP",
            kind="appointment",
            group="CWG-COP",
            post=in_all("Chair"),
            candidate=in_all("Candidate A"),
            nominated_by="BRA",
            region="A",
        ),
        item("3", "Draft Decision", kind="text", text=in_all("The Council decides.")),
    ]


def content(**more: Any) -> dict[str, Any]:
    """A consultation that lacks nothing."""
    return {
        "reference": "CONS-2020/1",
        "body": BODY,
        "languages": LANGUAGES,
        "subject": in_all("Dates and chairs"),
        "legal_basis": in_all("Rule 3.2 of the Rules of Procedure."),
        "letter": {
            "to": in_all("To the Member States of the Council"),
            "salutation": in_all("Madam, Sir,"),
            "closing": in_all("Yours faithfully,"),
            "sections": [
                {
                    "id": "background",
                    "heading": in_all("Background"),
                    "text": in_all("The Council could not meet in person."),
                }
            ],
        },
        "headings": [],
        "rule": rules.load_data("itu-council"),
        "comments": "optional",
        "disclosure": "after_publication",
        "breaks": "item",
        "public": True,
        "opens_at": None,
        "closes_at": instant(CLOSES_AT),
        "outage": None,
        "reminders": [7 * 24 * 60, 2 * 24 * 60, 4 * 60],
        "waived": {},
        "illustrative": None,
        "follows": None,
        "clashes": None,
        "items": three_items(),
        "documents": [],
        **more,
    }


def draft(desk: Desk, who: Actor, **more: Any) -> str:
    """Draft a consultation that lacks nothing; return its slug."""
    made = content(**more)
    return drafting.create(desk, who, made["body"], made)


def open_it(desk: Desk, slug: str, asks: Actor, confirms: Actor) -> None:
    """Submit a draft and let a second person open it."""
    confirm(desk, opening.submit(desk, slug, asks), confirms)


def confirm(desk: Desk, request: int, who: Actor) -> None:
    """Confirm a request as it was shown."""
    with reading(desk.engine) as session:
        shown = session.get_one(Request, request).shown
    requests.confirm(desk, who, request, shown)


def open_consultation(desk: Desk, members: int = 48, **more: Any) -> str:
    """A council with officer, approver and an open consultation; return its slug."""
    council(desk, members)
    asks, confirms = officer(desk), approver(desk)
    slug = draft(desk, asks, **more)
    open_it(desk, slug, asks, confirms)
    return slug


def answer(member: str, *choices: str | None, base: int = 0, **comments: str) -> Draft:
    """A draft on items 1, 2, 3 …; comments by item as ``c1="…"``."""
    return Draft(
        member=member,
        choices={
            str(number): Choice(choice) if choice else None
            for number, choice in enumerate(choices, start=1)
        },
        comments={name[1:]: Words(text, "en") for name, text in comments.items()},
        base=base,
    )


def sent(desk: Desk, draft_: Draft, key: str | None = None, **more: Any) -> NewReply:
    """The reply that sends *draft_* now."""
    return NewReply(
        draft=draft_,
        key=key or secrets.token_hex(16),
        received_at=more.pop("received_at", desk.clock()),
        language="en",
        shown=draft_.content_hash,
        **more,
    )


def sign_in(client: FlaskClient, desk: Desk, who: Actor, factors: str = "") -> None:
    """Give the client's browser a session of *who*; of staff one of two factors."""
    token, now = secrets.token_urlsafe(32), desk.clock()
    with writing(desk.engine) as session:
        session.add(
            LoginSession(
                token_hash=sha256_hex(token.encode()),
                person_id=int(who.person_id or 0),
                made_at=now,
                seen_at=now,
                strong_at=now,
                factors=factors or ("link password" if who.roles else "link"),
                browser="test",
            )
        )
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True


def later(desk: Desk, **by: float) -> None:
    """Move the standing clock of *desk* forward."""
    desk.clock.forward(**by)  # type: ignore[attr-defined]


def set_clock(desk: Desk, at: datetime) -> None:
    """Let the standing clock of *desk* say *at*."""
    desk.clock.set(at)  # type: ignore[attr-defined]
