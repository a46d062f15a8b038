"""A small but whole consultation as its ledger tells it, for tests of ledgers and records."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consult.core import ledger
from consult.core.entries import REPLIES
from consult.core.receipt import comment_receipt, receipt
from consult.core.record import build_export, build_record, derive_case, result_of
from consult.core.restored import restored_facts
from consult.core.round import COMMENTS
from consult.core.signing import (
    Signer,
    checkpoint,
    key_list,
    sign_receipt,
    sign_record,
    signer_of,
    state_key,
    with_checkpoints,
)
from consult.core.verify_texts import texts_of

LEDGER = "0f6b1c1e-58a6-4a0c-9df0-6d3f0b9e2a11"
REFERENCE = "DM-20/1021"
CONSULTATION = {"id": LEDGER, "reference": REFERENCE, "body": "council", "number": "2020/3"}
OFFICER, APPROVER, KENYA = "person:officer", "person:approver", "person:kenya"
BEGIN = datetime(2020, 6, 22, 8, tzinfo=UTC)
DAY = timedelta(days=1)
OPENS_AT, CLOSES_AT, EXTENDED_TO = BEGIN + DAY, BEGIN + 11 * DAY, BEGIN + 21 * DAY
ITEMS = ("1", "2", "3")
MEMBERS = ("ARG", "BRA", "FRA", "JPN", "KEN")
HASH = "ab" * 32
SIGNER = signer_of(Ed25519PrivateKey.from_private_bytes(b"ours" * 8))
THIEF = signer_of(Ed25519PrivateKey.from_private_bytes(b"evil" * 8))
KEYS = key_list([state_key(SIGNER, "2020-01-01T00:00:00.000000Z")])
SIGNED_AFTER = REPLIES | {"opening", "closing", "publication"}

RULE = {
    "id": "majority",
    "title": {"en": "Majority of those entitled"},
    "source": "Rules, 3.2",
    "choices": ["approve", "object", "abstain"],
    "silence": "absent",
    "adopted_if": {"count": "approve", "more_than": "1/2", "over": "entitled"},
}


def case(items: Sequence[str] = ITEMS, members: Sequence[str] = MEMBERS) -> dict[str, Any]:
    return {
        "rule": RULE,
        "opens_at": ledger.instant(OPENS_AT),
        "closes_at": ledger.instant(CLOSES_AT),
        "questions": [{"id": item, "title": f"Item {item}"} for item in items],
        "roll": [
            {"code": code, "name": code.title(), "groups": ["A"], "entitled": True}
            for code in members
        ],
    }


class Writer:
    """Writes entries one after another, an hour apart unless told when."""

    items: tuple[str, ...] = ITEMS

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.texts: dict[str, dict[str, str]] = {}
        self.at = BEGIN

    def enter(
        self, what: str, actor: str = OFFICER, at: datetime | None = None, **facts: object
    ) -> int:
        number = len(self.entries)
        self.at = at or self.at + timedelta(minutes=1)
        nonce = sha256(f"nonce {number}".encode()).hexdigest()[:32]
        named = {name.rstrip("_"): value for name, value in facts.items()}
        self.entries.append(ledger.entry(LEDGER, number, self.at, actor, what, named, nonce))
        return number

    def commit(self, text: str) -> str:
        salt = sha256(f"salt {text}".encode()).digest()[:16]
        name = ledger.commitment(salt, text)
        self.texts[name] = {"salt": salt.hex(), "text": text}
        return name

    def approve(self, act: str, at: datetime | None = None) -> int:
        asked = self.enter("approval-asked", act=act, shown=HASH, at=at)
        return self.enter("countersigned", APPROVER, asked=asked, act=act, shown=HASH)

    def reply(self, what: str, member: str, choices: str, at: datetime, **more: Any) -> int:
        """Enter a reply; *choices* has a letter for each item: a, o, b (abstain) or -."""
        said = {"a": "approve", "o": "object", "b": "abstain", "-": None}
        version = more.pop("version", 1)
        comments = more.pop("comments", {})
        return self.enter(
            what,
            more.pop("actor", f"person:{member.lower()}"),
            more.pop("entered_at", at),
            reply=f"{member}-{version}",
            member=member,
            version=version,
            base=version - 1,
            channel=more.pop("channel", "web"),
            mandate=3,
            answered={"revision": more.pop("revision", 0), "language": "en", "texts": HASH},
            choices={item: said[letter] for item, letter in zip(self.items, choices, strict=True)},
            comments={item: self.commit(text) for item, text in comments.items()},
            received_at=ledger.instant(at),
            signatory=HASH,
            **more,
        )

    def result(self) -> str:
        return ledger.hash_of(result_of(derive_case(self.entries)))

    def links(self) -> list[dict[str, Any]]:
        return ledger.chain(self.entries)


def opened(unconfirmed: str = "stands", **begun: object) -> Writer:
    """Write a consultation from its draft to its opening; *begun* is what its first entry adds."""
    writer = Writer()
    writer.enter("ledger-opened", service="Consult", reference=REFERENCE, kid=SIGNER.kid, **begun)
    writer.enter("draft-changed", fields={"subject": HASH})
    writer.enter("document-added", document="annex", sha256=HASH, bytes=12, language="en")
    writer.enter(
        "opening",
        APPROVER,
        OPENS_AT,
        approved=writer.approve("opening"),
        case=case(),
        roll=ledger.hash_of(case()["roll"]),
        texts={"en": HASH},
        documents=[HASH],
        disclosure="after_publication",
        outage=None,
        unconfirmed=unconfirmed,
        clock_offset=0,
        authority=None,
    )
    return writer


def closed(unconfirmed: str = "stands", **begun: object) -> Writer:
    """Write it on: replies of every kind, an extension, a corrigendum, the closing."""
    writer = opened(unconfirmed, **begun)
    writer.enter("notices-queued", kind="invitation", occasion="opening", count=5, recipients=HASH)
    writer.reply(
        "reply", "KEN", "aob", OPENS_AT + DAY, comments={"1": "Agréé.", "general": "مرحبا"}
    )
    writer.reply("reply", "FRA", "aaa", OPENS_AT + 2 * DAY)
    writer.enter("notice-failed", "system", notice="n1", code="550")
    approved = writer.approve("extension", CLOSES_AT - DAY)
    writer.enter(
        "extension",
        APPROVER,
        from_=ledger.instant(CLOSES_AT),
        to=ledger.instant(EXTENDED_TO),
        reason=writer.commit("A holiday."),
        asked_for_by="BRA",
        approved=approved,
        authority=HASH,
    )
    approved = writer.approve("corrigendum")
    revised = case() | {"closes_at": ledger.instant(EXTENDED_TO)}
    revised["questions"][0]["title"] = "Item 1, corrected"
    writer.enter(
        "corrigendum",
        revision=1,
        kind="corrigendum",
        case=revised,
        texts={"en": HASH},
        changed=["1"],
        reason=writer.commit("A slip."),
        approved=approved,
        authority=None,
    )
    writer.enter(
        "mandate",
        mandate=4,
        member="ARG",
        person=HASH,
        role="alternate",
        from_=ledger.instant(OPENS_AT),
        to=None,
        paper=None,
        approved=writer.approve("mandate"),
    )
    writer.reply("reply", "KEN", "aa-", EXTENDED_TO - DAY, version=2, revision=1)
    writer.reply("late-reply", "JPN", "ooo", EXTENDED_TO, comments={"2": "Sorry."})
    writer.enter(
        "closing",
        "system",
        EXTENDED_TO + timedelta(minutes=3),
        takes_effect_at=ledger.instant(EXTENDED_TO),
        cause="clock",
        clock_offset=-3,
    )
    return writer


def on_behalf(
    writer: Writer, member: str, choices: str, received_at: datetime, **more: object
) -> int:
    approved = writer.approve("reply-on-behalf")
    recorded = writer.at + timedelta(seconds=1)
    return writer.reply(
        "reply-on-behalf",
        member,
        choices,
        received_at,
        actor=APPROVER,
        entered_at=recorded,
        channel="letter",
        recorded_at=ledger.instant(recorded),
        source=HASH,
        reason=writer.commit(f"Letter of {member}."),
        approved=approved,
        **more,
    )


def round_opened(**begun: object) -> Writer:
    """Write a comment round on one document of two paragraphs, from its draft to its opening."""
    writer = Writer()
    writer.enter("ledger-opened", service="Consult", reference=REFERENCE, kid=SIGNER.kid, **begun)
    roll = case()["roll"]
    writer.enter(
        "round-opened",
        APPROVER,
        OPENS_AT,
        approved=writer.approve("opening"),
        documents=[{"item": "1", "paragraphs": ["1", "2"], "texts": {"en": HASH}}],
        roll=roll,
        roll_hash=ledger.hash_of(roll),
        opens_at=ledger.instant(OPENS_AT),
        closes_at=ledger.instant(CLOSES_AT),
        texts={"en": HASH},
        files=[],
        disclosure="after_publication",
        outage=None,
        clock_offset=0,
        authority=None,
    )
    return writer


def comment(writer: Writer, member: str, said: Mapping[str, str], at: datetime) -> int:
    """Enter a member's next comments: of paragraphs, what it says and would rather read."""
    held = [e for e in writer.entries if e["facts"].get("comment", "").startswith(member)]
    version = len(held) + 1
    return writer.enter(
        "comment",
        f"person:{member.lower()}",
        at,
        comment=f"{member}-{version}",
        member=member,
        version=version,
        base=version - 1,
        channel="web",
        mandate=3,
        received_at=ledger.instant(at),
        late=at >= CLOSES_AT,
        language="en",
        signatory=HASH,
        remarks=[
            {
                "id": f"{member}-{version}-{paragraph}",
                "item": "1",
                "paragraph": paragraph,
                "text": writer.commit(text),
                "proposed": writer.commit(f"{text} Otherwise.") if paragraph == "2" else None,
                "language": "en",
            }
            for paragraph, text in said.items()
        ],
    )


def readmit(writer: Writer, made: Mapping[str, Any], version: int | None = None) -> int:
    """Enter in another ledger the reply of a receipt, as two persons do after it was lost."""
    for text in made["texts"]:
        writer.texts[text["commitment"]] = {"salt": text["salt"], "text": text["text"]}
    lost: Mapping[str, Any] = made["entry"]
    writer.at = max(writer.at, ledger.read_instant(lost["at"]))
    facts = restored_facts(lost, version or made["version"])
    approved = writer.approve("reply-restored")
    leaf = ledger.leaf(lost)
    return writer.enter("reply-restored", APPROVER, **facts, leaf=leaf, approved=approved)


def certified(**begun: object) -> Writer:
    """Write it on to its certification: after the post, a ruling lets a late letter in."""
    writer = closed(**begun)
    on_behalf(writer, "ARG", "bbb", EXTENDED_TO - DAY)
    writer.enter("post-stated", recorded=1, refused=0, approved=writer.approve("post-stated"))
    late = on_behalf(writer, "BRA", "aaa", EXTENDED_TO - DAY)
    writer.enter("tally", "system", result=writer.result())
    grounds = writer.commit("It was in time.")
    writer.enter("contest", member="BRA", mandate=5, about=late, grounds=grounds, proof=None)
    writer.enter(
        "ruling",
        member="BRA",
        about=late,
        counts=True,
        reasons=writer.commit("The stamp shows it."),
        approved=writer.approve("ruling"),
        authority=HASH,
    )
    writer.enter("tally", "system", result=writer.result())
    writer.enter(
        "certification",
        APPROVER,
        result=writer.result(),
        conclusion=writer.commit("The items are adopted."),
        approved=writer.approve("certification"),
        authority=HASH,
    )
    return writer


def head_at(writer: Writer, number: int) -> tuple[int, str]:
    return number, writer.links()[number]["head"]


def signed_ones(writer: Writer, signer: Signer = SIGNER) -> list[dict[str, Any]]:
    """Sign heads where the product does: at the opening, every reply, the closing, the end."""
    links = writer.links()
    at_the_end = {len(links) - 1}
    return [
        checkpoint(signer, LEDGER, number, str(link["head"]), writer.entries[number]["at"])
        for number, link in enumerate(links)
        if writer.entries[number]["what"] in SIGNED_AFTER or number in at_the_end
    ]


def signed(made: dict[str, Any], signer: Signer = SIGNER) -> dict[str, Any]:
    """Sign a record anew, as whoever holds the key can."""
    return sign_record(signer, made)


def record_of(writer: Writer, **changed: Any) -> dict[str, Any]:
    last = len(writer.entries) - 1
    heads = changed.pop("heads_sent", [head_at(writer, 6), head_at(writer, last)])
    withheld: Mapping[str, str] = changed.pop("withheld", {})
    texts = {name: text for name, text in writer.texts.items() if name not in withheld}
    made = build_record(CONSULTATION, writer.links(), texts, withheld, heads)
    whole = with_checkpoints(deepcopy(made), signed_ones(writer), KEYS)
    return signed(whole) | changed


def export_of(writer: Writer) -> dict[str, Any]:
    made = build_export(CONSULTATION, writer.links())
    return with_checkpoints(made, signed_ones(writer), KEYS)


def receipt_of(writer: Writer, number: int, signer: Signer = SIGNER) -> dict[str, Any]:
    entry, head = writer.entries[number], str(writer.links()[number]["head"])
    texts = [{"commitment": name, **writer.texts[name]} for name in texts_of(entry)]
    stated = checkpoint(signer, LEDGER, number, head, entry["at"])
    make = comment_receipt if entry["what"] in COMMENTS else receipt
    rehearsal = "rehearsal" in writer.entries[0]["facts"]
    return sign_receipt(signer, make(REFERENCE, entry, head, texts, rehearsal=rehearsal), stated)
