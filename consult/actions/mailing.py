"""Mail to one person about no letter: to set up an account, to sign in, a mandate."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from consult.core.schedule import NoticeKind, NoticeState
from consult.tables import Notice, Organisation, Person


def post(
    session: Session,
    person: Person,
    kind: NoticeKind,
    occasion: str,
    now: datetime,
    /,
    **facts: Any,
) -> None:
    """Queue a mail about no letter; no secret stands in it (T90)."""
    organisation = session.get(Organisation, 1)
    house = (
        {
            "name": organisation.name,
            "address": organisation.address,
            "telephone": organisation.telephone,
        }
        if organisation
        else None
    )
    session.add(
        Notice(
            uuid=str(uuid.uuid4()),
            person_id=person.id,
            kind=kind,
            occasion=occasion,
            language=person.language,
            data={**facts, **({"organisation": house} if house else {})},
            state=NoticeState.QUEUED,
            queued_at=now,
            not_before=now,
            attempts=0,
        )
    )
