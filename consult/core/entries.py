"""The kinds of ledger entries and the facts that each must hold, no more and no less."""

from collections.abc import Mapping
from types import MappingProxyType

from consult.core.life import CommentKind, Revising, Unconfirmed
from consult.core.shapes import (
    BOOLEAN,
    CODE,
    HASH,
    INSTANT,
    INTEGER,
    KEY_ID,
    LANGUAGE,
    NUMBER,
    OBJECT,
    POSITIVE,
    TEXT,
    TRUE,
    UUID,
    Shape,
    by,
    each_by,
    either,
    exactly,
    list_of,
    misfit,
    one_of,
    or_null,
    some,
)
from consult.errors import BadInput

GENERAL = "general"  # the name under which a reply's comment on the whole stands

# What a second person must allow; the act that is asked bears the name of the kind it leads to.
COUNTERSIGNED = (
    "opening",
    "views-opened",
    "reply-on-behalf",
    "reply-restored",
    "extension",
    "mandate",
    "post-stated",
    "ruling",
    "corrigendum",
    "withdrawal",
    "certification",
    "key-changed",
    "erratum",
    "referral",
)
COMMITMENT = HASH
_CASE = {
    "rule": OBJECT,
    "opens_at": INSTANT,
    "closes_at": INSTANT,
    "questions": list_of(OBJECT),
    "roll": list_of(OBJECT),
}
CASE = either(exactly(_CASE), exactly({**_CASE, "posts": list_of(OBJECT)}))
OUTAGE = exactly({"minutes": NUMBER, "hours": POSITIVE, "extension_minutes": POSITIVE})
GAP = exactly({"from": INSTANT, "to": INSTANT})
ANSWERED = exactly({"revision": NUMBER, "language": LANGUAGE, "texts": HASH})
CHOICES = by(CODE, or_null(CODE))
COMMENTS = by(CODE, COMMITMENT)
KINDS = some(by(CODE, one_of(CommentKind.RESERVATION, CommentKind.EXPLANATION)))
UNCLEAR = some(each_by(CODE, exactly({"words": COMMITMENT, "question": COMMITMENT})))

_AUTHORITY = {"authority": or_null(HASH)}
_DOCUMENT = {"document": CODE, "sha256": HASH, "bytes": NUMBER, "language": or_null(LANGUAGE)}
_ASKED = {"act": one_of(*COUNTERSIGNED), "shown": HASH}
_ANSWER = {"asked": NUMBER, **_ASKED}
_REPLY = {
    "reply": CODE,
    "member": CODE,
    "version": POSITIVE,
    "base": NUMBER,
    "channel": CODE,
    "mandate": or_null(POSITIVE),
    "answered": ANSWERED,
    "choices": CHOICES,
    "comments": COMMENTS,
    "received_at": INSTANT,
    "signatory": COMMITMENT,
}
_COMMENT = {
    "comment": CODE,
    "member": CODE,
    "version": POSITIVE,
    "base": NUMBER,
    "channel": CODE,
    "mandate": or_null(POSITIVE),
    "received_at": INSTANT,
    "late": BOOLEAN,
    "language": LANGUAGE,
    "signatory": COMMITMENT,
}
_ON_BEHALF = {"recorded_at": INSTANT, "source": HASH, "reason": COMMITMENT, "approved": NUMBER}
_REMARK = exactly(
    {
        "id": CODE,
        "item": CODE,
        "paragraph": or_null(CODE),
        "text": COMMITMENT,
        "proposed": or_null(COMMITMENT),
        "language": LANGUAGE,
    }
)
_ROUND_DOCUMENT = exactly({"item": CODE, "paragraphs": list_of(CODE), "texts": by(LANGUAGE, HASH)})
# Of a restored reply that had been recorded on behalf: when, and the SHA-256 of its scan.
_WAS_ON_BEHALF = {"recorded_at": INSTANT, "source": HASH}
_WITHDRAWN_TEXT = {"commitment": COMMITMENT, "ground": TEXT}

SHAPES: Mapping[str, Mapping[str, Shape]] = MappingProxyType(
    {
        "ledger-opened": {"service": TEXT, "reference": TEXT, "kid": or_null(KEY_ID)},
        "draft-changed": {"fields": by(CODE, HASH)},
        "draft-discarded": {},
        "document-added": _DOCUMENT,
        "document-removed": _DOCUMENT,
        "approval-asked": _ASKED,
        "countersigned": _ANSWER,
        "approval-refused": _ANSWER,
        "approval-lapsed": _ANSWER,
        "opening": {
            "case": CASE,
            "roll": HASH,
            "texts": by(LANGUAGE, HASH),
            "documents": list_of(HASH),
            "outage": or_null(OUTAGE),
            "disclosure": one_of("after_publication", "after_closing"),
            "unconfirmed": one_of(*Unconfirmed),
            "clock_offset": INTEGER,
            "approved": NUMBER,
            **_AUTHORITY,
        },
        "round-opened": {
            "documents": list_of(_ROUND_DOCUMENT),
            "roll": list_of(OBJECT),
            "roll_hash": HASH,
            "opens_at": INSTANT,
            "closes_at": INSTANT,
            "texts": by(LANGUAGE, HASH),
            "files": list_of(HASH),
            "disclosure": one_of("after_publication", "after_closing"),
            "outage": or_null(OUTAGE),
            "clock_offset": INTEGER,
            "approved": NUMBER,
            **_AUTHORITY,
        },
        "comment": {**_COMMENT, "remarks": list_of(_REMARK)},
        "comment-on-behalf": {**_COMMENT, "remarks": list_of(_REMARK), **_ON_BEHALF},
        "views-opened": {
            "until": or_null(INSTANT),
            "reason": COMMITMENT,
            "asked_for_by": CODE,
            "approved": NUMBER,
        },
        "view": {
            "member": CODE,
            "mandate": or_null(POSITIVE),
            "text": COMMITMENT,
            "language": LANGUAGE,
        },
        "disposition": {
            "remark": CODE,
            "disposition": one_of("accepted", "accepted_in_part", "not_accepted", "noted"),
            "reasons_in": by(LANGUAGE, COMMITMENT),
        },
        "compilation": {"result": HASH},
        "reminders-changed": {"schedule": HASH},
        "reply": _REPLY,
        "late-reply": _REPLY,
        "reply-on-behalf": {**_REPLY, **_ON_BEHALF},
        "reply-restored": {**_REPLY, "leaf": HASH, "approved": NUMBER},
        "reply-confirmed": {"member": CODE, "about": NUMBER, "mandate": or_null(POSITIVE)},
        "extension": {
            "from": INSTANT,
            "to": INSTANT,
            "reason": COMMITMENT,
            "asked_for_by": CODE,
            "approved": NUMBER,
            **_AUTHORITY,
        },
        "outage-extension": {
            "from": INSTANT,
            "to": INSTANT,
            "minutes": NUMBER,
            "gaps": list_of(GAP),
        },
        "mandate": {
            "mandate": POSITIVE,
            "member": CODE,
            "person": COMMITMENT,
            "role": CODE,
            "from": INSTANT,
            "to": or_null(INSTANT),
            "paper": or_null(HASH),
            "approved": or_null(NUMBER),
        },
        "post-stated": {"recorded": NUMBER, "refused": NUMBER, "approved": NUMBER},
        "contest": {
            "member": CODE,
            "mandate": or_null(POSITIVE),
            "about": NUMBER,
            "grounds": COMMITMENT,
            "proof": or_null(HASH),
        },
        "ruling": {
            "member": CODE,
            "about": NUMBER,
            "counts": BOOLEAN,
            "reasons": COMMITMENT,
            "approved": NUMBER,
            **_AUTHORITY,
        },
        "corrigendum": {
            "revision": POSITIVE,
            "kind": one_of(*Revising),
            "case": CASE,
            "texts": by(LANGUAGE, HASH),
            "changed": list_of(CODE),
            "reason": COMMITMENT,
            "approved": NUMBER,
            **_AUTHORITY,
        },
        "notices-queued": {
            "kind": CODE,
            "occasion": TEXT,
            "count": NUMBER,
            "recipients": COMMITMENT,
        },
        "notice-failed": {"notice": CODE, "code": TEXT},
        "closing": {
            "takes_effect_at": INSTANT,
            "cause": one_of("clock"),
            "clock_offset": INTEGER,
        },
        "broken": {
            "takes_effect_at": INSTANT,
            "cause": NUMBER,
            "items": list_of(CODE),
            "breaks": one_of("item", "whole"),
        },
        "mended": {"takes_effect_at": INSTANT, "cause": NUMBER, "items": list_of(CODE)},
        "withdrawal": {
            "takes_effect_at": INSTANT,
            "cause": NUMBER,
            "reason": COMMITMENT,
            "items": or_null(list_of(CODE)),
            "meeting": or_null(COMMITMENT),
            "asked_for_by": or_null(CODE),
            **_AUTHORITY,
        },
        "tally": {"result": HASH},
        "certification": {
            "result": HASH,
            "conclusion": COMMITMENT,
            "approved": NUMBER,
            **_AUTHORITY,
        },
        "publication": {"result": HASH, "record": HASH},
        "erratum": {"erratum": POSITIVE, "words": COMMITMENT, "approved": NUMBER},
        "referral": {
            "items": list_of(CODE),
            "meeting": COMMITMENT,
            "asked_for_by": CODE,
            "reason": COMMITMENT,
            "approved": NUMBER,
            **_AUTHORITY,
        },
        "followed": {"reference": TEXT, "ledger": UUID, "as": one_of("second-round", "vote")},
        "key-changed": {"from": KEY_ID, "to": KEY_ID, "reason": TEXT},
        "text-erased": _WITHDRAWN_TEXT,
        "text-withheld": _WITHDRAWN_TEXT,
        "clock-alarm": {"clock": INSTANT, "last": INSTANT},
    }
)

# What an entry says only where it is not as usual.
_KINDS_AND_NOTE = {"kinds": KINDS, "note": HASH}
MAY: Mapping[str, Mapping[str, Shape]] = MappingProxyType(
    {
        "ledger-opened": {"rehearsal": TRUE},
        "reply": _KINDS_AND_NOTE,
        "late-reply": _KINDS_AND_NOTE,
        "reply-on-behalf": {"kinds": KINDS, "unclear": UNCLEAR},
        "reply-restored": {**_KINDS_AND_NOTE, "unclear": UNCLEAR, **_WAS_ON_BEHALF},
    }
)

FACTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {what: frozenset(shapes) for what, shapes in SHAPES.items()}
)
EXTENSIONS = frozenset({"extension", "outage-extension"})  # what moves a deadline
RESTORED = "reply-restored"  # readmitted from its receipt, which the database had lost
REPLIES = frozenset({"reply", "late-reply", "reply-on-behalf", RESTORED})


def fault_in(what: str, facts: object) -> tuple[str, str] | None:
    """Return the first place where an entry departs from the table, and how; None if nowhere."""
    shapes = SHAPES.get(what)
    if shapes is None:
        return "what", f"{what!r} is not a kind of entry"
    if not isinstance(facts, dict):
        return "facts", "must be an object"
    if may := MAY.get(what):
        shapes = {**shapes, **{name: shape for name, shape in may.items() if name in facts}}
    found = misfit(facts, shapes)
    return found and (f"facts.{found[0]}", found[1])


def check(what: str, facts: Mapping[str, object]) -> None:
    """Accept an entry of kind *what* that holds *facts*.

    Raises:
        BadInput: The kind is not known, or its facts are not exactly those of the table.

    Source: trust, section 14; the table stands in docs/ledger.md.
    """
    if found := fault_in(what, dict(facts)):
        raise BadInput(dict([found]))
