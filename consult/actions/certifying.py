"""An officer writes the conclusion; an approver certifies the count with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from consult.actions.asking import ask, refuse_while_waiting
from consult.actions.change import Change, Desk, change
from consult.actions.counting import count
from consult.core import shown as as_shown
from consult.core.ledger import canonical, hash_of
from consult.core.life import Act, Actor, ItemKind, Kind
from consult.core.round import undisposed
from consult.errors import BadInput, Undisposed
from consult.queries.content import load_whole
from consult.tables import Request

LONGEST_CONCLUSION = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Adoption:
    """What an adopted text is called and from when it holds; None: on publication."""

    number: str
    in_force_on: date | None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What follows from the count.

    Args:
        texts: The words in each language of the consultation.
        adopted: Of each adopted text item, its number and entry into force.
        authority: The presiding officer's, as a reference.
    """

    texts: Mapping[str, str]
    adopted: Mapping[str, Adoption]
    authority: str = ""


def conclude(desk: Desk, slug: str, actor: Actor, conclusion: Conclusion) -> int:
    """Keep the conclusion and ask for certification; return the request's id.

    Raises:
        NotNow: It is not counted yet, or certified already.
        Waiting: A certification has been asked for already.
        Undisposed: Of a comment round, comments wait for the disposition.
        BadInput: A text is too long or an item is not an adopted text.
    """
    with change(desk, slug, actor) as this:
        this.move(Act.CONCLUDE)
        refuse_while_waiting(this, Act.CERTIFY, Act.RECORD, Act.READMIT, Act.RULE)
        result = count(this)
        _refuse_undisposed(this, result)
        _check(this, conclusion, result)
        said = _data(conclusion)
        shown_hash = as_shown.certification(result, said)
        return ask(
            this, Act.CERTIFY, shown_hash, conclusion=said, authority=conclusion.authority
        ).id


def shown(this: Change, request: Request) -> str:
    """Return the hash of the count as it is now with the conclusion asked for."""
    return as_shown.certification(count(this), request.what["conclusion"])


def confirmed(this: Change, request: Request, approved: int) -> None:
    """Certify the count and the conclusion, unless a reply waits for its second person (T35)."""
    this.move(Act.CERTIFY)
    refuse_while_waiting(this, Act.RECORD, Act.READMIT)
    result = count(this)
    _refuse_undisposed(this, result)
    said, authority = request.what["conclusion"], request.what["authority"]
    this.consultation.conclusion = said
    this.consultation.authority = authority or this.consultation.authority
    this.enter(
        "certification",
        result=hash_of(result),
        conclusion=this.commit_to(canonical(said).decode()),
        approved=approved,
        authority=this.commit_to(authority) if authority else None,
    )


def _refuse_undisposed(this: Change, result: Mapping[str, Any]) -> None:
    """Refuse to certify a comment round while something is not said of each comment in it."""
    if this.consultation.kind is Kind.COMMENTS and (left := undisposed(result)):
        raise Undisposed(count=len(left))


def _data(conclusion: Conclusion) -> dict[str, Any]:
    return {
        "texts": {language: text.strip() for language, text in conclusion.texts.items()},
        "adopted": {
            item: {
                "number": adoption.number,
                "in_force": adoption.in_force_on.isoformat() if adoption.in_force_on else None,
            }
            for item, adoption in conclusion.adopted.items()
        },
    }


def _check(this: Change, conclusion: Conclusion, result: dict[str, Any]) -> None:
    whole = load_whole(this.session, this.consultation.id)
    kinds = {item.code: item.kind for item in whole.items}
    faults = {
        f"texts.{language}": "too-long"
        for language, text in conclusion.texts.items()
        if len(text) > LONGEST_CONCLUSION
    }
    faults |= {
        f"adopted.{item}": "not-an-adopted-text"
        for item in conclusion.adopted
        if kinds.get(item) is not ItemKind.TEXT
        or result["questions"].get(item, {}).get("outcome") != "adopted"
    }
    if faults:
        raise BadInput(faults)
