"""What a member answers, as people hand it in, before it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from consult.core.ledger import hash_of, normal
from consult.core.life import Channel, CommentKind
from consult.core.rule import Choice

GENERAL = "general"  # the key of the comment on the whole reply
LONGEST_COMMENT = 10_000  # characters, T92


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, in which language, and as what."""

    text: str
    language: str
    kind: CommentKind = CommentKind.COMMENT


@dataclass(frozen=True, slots=True)
class Unclear:
    """What a paper says of an item unclearly or on a condition: nobody reads a position into it.

    Args:
        words: As the paper has them.
        question: What the member is asked.
    """

    words: Words
    question: Words


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply as far as it is written.

    Args:
        choices: Of every item of the form, the choice or None.
        comments: Of an item or `GENERAL`, what was written; empty texts left out.
        base: The version it started from, 0 for none.
        note: SHA-256 of the PDF that goes with it, where the letter allows one.
    """

    member: str
    choices: Mapping[str, Choice | None]
    comments: Mapping[str, Words]
    base: int
    note: str | None = None

    @property
    def content_hash(self) -> str:
        """The hash that *send* names: of what was shown on the check page."""
        return hash_of(
            {
                "choices": {item: choice and choice.value for item, choice in self.choices.items()},
                "comments": comments_data(self.comments),
                **({"note": self.note} if self.note else {}),
            }
        )

    @property
    def blank(self) -> bool:
        return not any(self.choices.values())


def comments_data(comments: Mapping[str, Words]) -> dict[str, dict[str, str]]:
    """Return comments as they are kept and hashed; of what kind is said where it is no comment."""
    return {
        place: {
            "text": normal(words.text),
            "language": words.language,
            **({} if words.kind is CommentKind.COMMENT else {"kind": words.kind.value}),
        }
        for place, words in comments.items()
    }


def comments_of(data: Mapping[str, Mapping[str, str]]) -> dict[str, Words]:
    """Read what `comments_data` wrote."""
    return {
        place: Words(
            words["text"],
            words["language"],
            CommentKind(words.get("kind", CommentKind.COMMENT)),
        )
        for place, words in data.items()
    }


@dataclass(frozen=True, slots=True)
class NewReply:
    """A reply as it is sent.

    Args:
        key: Of the form, random: what comes twice under one key is stored once (T67).
        received_at: When the whole request had been read, before any lock (T65).
        language: In which the letter was shown.
        shown: The hash of the draft that the check page showed.
        revision: Of the letter that was shown.
    """

    draft: Draft
    key: str
    received_at: datetime
    language: str
    shown: str
    revision: int = 0


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """A reply that reached the secretariat otherwise.

    Args:
        received_at: When the paper reached the secretariat.
        scan: The document's SHA-256.
        reason: Why an officer enters it.
        unclear: Of an item without a position, what is put to the member for clarification.
    """

    draft: Draft
    key: str
    channel: Channel
    received_at: datetime
    scan: str
    reason: str
    language: str
    unclear: Mapping[str, Unclear] = field(default_factory=dict)
