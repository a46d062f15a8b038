"""What a member answers, as people hand it in, before it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from consult.core.ledger import hash_of, normal
from consult.core.life import Channel
from consult.core.rule import Choice

GENERAL = "general"  # the key of the comment on the whole reply
LONGEST_COMMENT = 10_000  # characters, T92


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, and in which language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply as far as it is written.

    Args:
        choices: Of every item of the form, the choice or None.
        comments: Of an item or `GENERAL`, what was written; empty texts left out.
        base: The version it started from, 0 for none.
    """

    member: str
    choices: Mapping[str, Choice | None]
    comments: Mapping[str, Words]
    base: int

    @property
    def content_hash(self) -> str:
        """The hash that *send* names: of what was shown on the check page."""
        return hash_of(
            {
                "choices": {item: choice and choice.value for item, choice in self.choices.items()},
                "comments": {
                    place: {"text": normal(words.text), "language": words.language}
                    for place, words in self.comments.items()
                },
            }
        )

    @property
    def blank(self) -> bool:
        return not any(self.choices.values())


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
    """

    draft: Draft
    key: str
    channel: Channel
    received_at: datetime
    scan: str
    reason: str
    language: str
