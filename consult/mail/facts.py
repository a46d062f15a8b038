"""The frozen data of a notice, read in the language of its reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consult.core.ledger import read_instant
from consult.core.need import Least, Need, NeedKind, WithReplies
from consult.core.rule import Rule, parse
from consult.queries.texts import pick
from consult.wording import LANGUAGES, RTL
from consult.wording.instants import Place


@dataclass(frozen=True, slots=True)
class Facts:
    """What a notice was queued with.

    Args:
        member: The code of the member it speaks to; None for staff.
        origin: The public address of the service, without a slash at its end.
        link: The address that only this mail carries: to set up the account, or to sign in.
        enclosed: Whether the letter is enclosed as a PDF.
    """

    data: Mapping[str, Any]
    language: str
    member: str | None
    origin: str
    link: str = ""
    enclosed: bool = False

    def text(self, name: str) -> str:
        """Return a text of the data in the reader's language; empty if there is none."""
        return pick(self.data.get(name), self.language)

    def page(self, *parts: object) -> str:
        """Return the address of a page, in the reader's language."""
        return "/".join([self.origin, self.language, *map(str, parts)])

    @property
    def asks_comments(self) -> bool:
        """Whether it is about a comment round, in which nothing is decided."""
        return self.data.get("asks") == "comments"

    @property
    def reference(self) -> str:
        return str(self.data["reference"])

    @property
    def member_name(self) -> str:
        return self.text("member_name") or self.member or ""

    @property
    def body(self) -> str:
        return pick((self.data.get("body") or {}).get("name"), self.language)

    @property
    def organisation(self) -> str:
        return pick(self._organisation.get("name"), self.language)

    @property
    def address(self) -> str:
        """Where the secretariat gets mail; empty if that is not known."""
        return self.isolated(self._organisation.get("address") or "")

    @property
    def telephone(self) -> str:
        return self.isolated((self._organisation.get("telephone") or "").replace(" ", "\u00a0"))

    def isolated(self, text: str) -> str:
        """Keep an address or a number from being turned round within right-to-left words."""
        return f"\u2066{text}\u2069" if text and self.language in RTL else text

    @property
    def _organisation(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.data.get("organisation") or {}
        return found

    @property
    def seat(self) -> Place:
        """In whose time the letter gives its instants."""
        body = self.data["body"]
        return Place(body["zone"], pick(body["seat"], self.language))

    @property
    def own_place(self) -> Place | None:
        """The capital of the member, if its zone is known."""
        city = self.text("capital")
        return Place(self.data["zone"], city) if self.data.get("zone") and city else None

    @property
    def closes_at(self) -> datetime | None:
        return self.instant("closes_at")

    def instant(self, name: str) -> datetime | None:
        """Return an instant of the data, None if there is none."""
        found = self.data.get(name)
        return read_instant(found) if found else None

    @property
    def rule(self) -> Rule | None:
        return parse(self.data["rule"]) if self.data.get("rule") else None

    @property
    def need(self) -> Need | None:
        return _need(self.data["need"]) if self.data.get("need") else None

    @property
    def others(self) -> list[str]:
        """The names, each in its own, of the other languages in which the letter is."""
        return [
            LANGUAGES[code]
            for code in self.data.get("languages") or ()
            if code != self.language and code in LANGUAGES
        ]


def _need(data: Mapping[str, Any]) -> Need:
    """Read what `dataclasses.asdict` made of a need."""
    return Need(
        kind=NeedKind(data["kind"]),
        entitled=data["entitled"],
        approvals=Least(**data["approvals"]),
        against=Least(**data["against"]),
        objections=Least(**data["objections"]),
        quorum=Least(**data["quorum"]) if data["quorum"] else None,
        by_replies=tuple(
            WithReplies(one["replies"], Least(**one["approvals"])) for one in data["by_replies"]
        ),
        exact=data["exact"],
    )
