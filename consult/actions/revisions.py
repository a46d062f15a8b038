"""Keep what a letter says at its opening and at each revision; write its case for the ledger."""

from collections.abc import Mapping, Sequence
from typing import Any

from consult.actions.change import Change
from consult.core import letter
from consult.core.ledger import hash_of, instant
from consult.core.ranking import posts_data, posts_of
from consult.core.roll import RollLine, roll_data
from consult.queries.clashes import clash_data, clashes_of
from consult.queries.content import content_of, load_whole
from consult.queries.texts import pick
from consult.tables import Body, Request, Revision


def keep(
    this: Change, kind: str, request: Request, content: Mapping[str, Any], **more: Any
) -> None:
    """Keep the letter as it stands from now on, under the number of its revision.

    Args:
        kind: `tables.OPENING`, or one of `Revising`.
        request: By which it was asked for.
        more: Reason, authority, language, the changed items, the changed lines of the roll.
    """
    this.session.add(
        Revision(
            consultation_id=this.consultation.id,
            number=this.consultation.revision,
            kind=kind,
            at=this.now,
            request_id=request.id,
            content=dict(content),
            texts=this.consultation.texts,
            **{"reason": "", "changed": [], **more},
        )
    )


def content_now(this: Change) -> dict[str, Any]:
    """Return the whole content as it stands."""
    this.session.flush()
    return content_of(load_whole(this.session, this.consultation.id), body_of(this))


def body_of(this: Change) -> Body:
    return this.session.get_one(Body, this.consultation.body_id)


def texts_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Return of each language the hash of all that the letter says in it."""
    return {language: hash_of(letter.texts(content, language)) for language in content["languages"]}


def case_of(this: Change, content: Mapping[str, Any], lines: Sequence[RollLine]) -> dict[str, Any]:
    """Return the case as an entry holds it: rule, instants, items and roll (T41)."""
    consultation, language = this.consultation, body_of(this).working_language
    assert consultation.opens_at is not None and consultation.closes_at is not None  # noqa: S101, PT018
    return {
        "rule": content["rule"],
        "opens_at": instant(consultation.opens_at),
        "closes_at": instant(consultation.closes_at),
        "questions": [_question(item, language) for item in content["items"]],
        "roll": roll_data(lines),
        **_posts(content, language),
    }


def _posts(content: Mapping[str, Any], language: str) -> dict[str, Any]:
    posts = posts_of(content["items"], language)
    return {"posts": posts_data(posts)} if posts else {}


def _question(item: Mapping[str, Any], language: str) -> dict[str, Any]:
    said: dict[str, Any] = {"id": item["id"], "title": pick(item["title"], language)}
    if item["rule"]:
        said["rule"] = item["rule"]
    return said


def freeze_clashes(this: Change, content: dict[str, Any]) -> None:
    """Keep what the dates clash with, as members are shown it: calendars may change later."""
    chosen = content["clashes"]
    if chosen and chosen["to_members"]:
        holidays = body_of(this).holidays
        found = clashes_of(this.session, content["items"], chosen["calendars"], holidays)
        content["clashes"] = {**chosen, "found": clash_data(found)}
        this.consultation.clashes = content["clashes"]
