"""The members in a record: who said what and when, what came on behalf, what is not counted."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from consult.core.comparison import Choice
from consult.core.record import lapsed
from consult.core.tally import SILENT, Reason
from consult.documents.reading import Opened
from consult.documents.record_items import mark_of, regions
from consult.documents.record_rulings import doubtful_in
from consult.documents.replies import ReplyView
from consult.wording import instants, kinds


@dataclass(frozen=True, slots=True)
class Position:
    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member on the roll, also one that said nothing.

    Args:
        positions: One for each item, in the order of the letter.
        received: When the reply that counts was received; "no reply" without one.
        received_iso: That instant in UTC; empty without one.
        channel: How it came, if not on the website; of a letter that was revised also which
            revision it answers.
    """

    code: str
    name: str
    positions: tuple[Position, ...]
    received: str
    received_iso: str
    channel: str


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: str
    members: tuple[MemberRow, ...]


def member_rows(opened: Opened) -> tuple[Region, ...]:
    """Return every member on the roll under its region, in the organisation's order."""
    words = _position_words(opened)
    return tuple(
        Region(code, name, tuple(_row(opened, member, words) for member in members))
        for code, name, members in regions(opened)
    )


def on_behalf(opened: Opened) -> tuple[str, ...]:
    """Say of each reply recorded on behalf when it was received and recorded; then conflicts."""
    confirmed = {
        link["entry"]["facts"]["about"]
        for link in opened.record["ledger"]["entries"]
        if link["entry"]["what"] == "reply-confirmed"
    }
    recorded = tuple(
        _confirmed(opened, reply)
        if reply.number in confirmed
        else _(
            "The reply of %(member)s was received %(channel)s on %(received)s and recorded on its "
            "behalf by two officers on %(recorded)s.",
            member=opened.name(reply.member),
            channel=_how(reply),
            received=instants.full(reply.received_at, opened.place),
            recorded=instants.full(reply.recorded_at, opened.place),
        )
        for reply in opened.replies
        if reply.recorded_at is not None
    )
    return recorded + _conflicts(opened)


def _confirmed(opened: Opened, reply: ReplyView) -> str:
    assert reply.recorded_at is not None  # noqa: S101 - it was recorded on behalf
    return str(
        _(
            "The reply of %(member)s was received %(channel)s on %(received)s and recorded on its "
            "behalf by two officers on %(recorded)s; the Member State confirmed it.",
            member=opened.name(reply.member),
            channel=_how(reply),
            received=instants.full(reply.received_at, opened.place),
            recorded=instants.full(reply.recorded_at, opened.place),
        )
    )


def _conflicts(opened: Opened) -> tuple[str, ...]:
    """Name those that replied on the website and on paper, and which reply counts."""
    papers = {reply.member for reply in opened.replies if reply.recorded_at is not None}
    both = {reply.member for reply in opened.replies if reply.recorded_at is None} & papers
    return tuple(
        _(
            "%(member)s replied on the website and otherwise. Both replies stand; the one received "
            "on %(instant)s counts.",
            member=opened.name(member),
            instant=instants.exact(opened.counted[member].received_at, opened.place),
        )
        for member in opened.told["order"]
        if member in both and member in opened.counted
    )


def _unruled(opened: Opened) -> frozenset[int]:
    """Return the replies that came after the statement and on which nobody has ruled."""
    return frozenset(
        one.number for one in doubtful_in(opened.record) if one.after_statement and not one.rulings
    )


def not_counted(opened: Opened) -> tuple[str, ...]:
    """Say of each reply that is on the record and was not counted why; not of replaced ones."""
    unruled = _unruled(opened)
    return (
        *(
            _waiting_for_ruling(opened, reply)
            if reply.number in unruled
            else _not_counted(opened, reply)
            for reply in opened.replies
            if reply.reason not in {None, Reason.SUPERSEDED, Reason.NOT_ENTITLED}
        ),
        *_unconfirmed(opened),
    )


def replaced(opened: Opened) -> tuple[str, ...]:
    """Say of each version that a later one replaced when it was received."""
    return tuple(
        _(
            "%(member)s: version %(version)s, received on %(instant)s.",
            member=opened.name(reply.member),
            version=reply.version,
            instant=instants.exact(reply.received_at, opened.place),
        )
        for reply in opened.replies
        if reply.reason is Reason.SUPERSEDED
    )


def _waiting_for_ruling(opened: Opened, reply: ReplyView) -> str:
    return str(
        _(
            "The reply of %(member)s, received on %(instant)s, was recorded on its behalf after "
            "the post-room statement. It is on the record and counts only by a ruling.",
            member=opened.name(reply.member),
            instant=instants.exact(reply.received_at, opened.place),
        )
    )


def _unconfirmed(opened: Opened) -> Iterator[str]:
    """Say of each reply that counts and was not confirmed after a revision where it lapsed."""
    gone = lapsed(opened.entries)
    for member, reply in opened.counted.items():
        if items := gone.get(reply.number):
            yield _(
                "The reply of %(member)s was not confirmed after a revision: %(member)s is"
                " recorded as silent on what was revised (%(items)s).",
                member=opened.name(member),
                items=kinds.listed(sorted(items)),
            )


def _how(reply: ReplyView) -> str:
    words = kinds.channel(reply.channel)
    return words[:1].lower() + words[1:]


def _not_counted(opened: Opened, reply: ReplyView) -> str:
    member = opened.name(reply.member)
    instant = instants.exact(reply.received_at, opened.place)
    if reply.reason is Reason.LATE:
        return str(
            _(
                "The reply of %(member)s was received on %(instant)s, after the deadline. It is "
                "on the record and was not counted.",
                member=member,
                instant=instant,
            )
        )
    return str(
        _(
            "The reply of %(member)s, received on %(instant)s, is on the record and was not "
            "counted: %(reason)s.",
            member=member,
            instant=instant,
            reason=kinds.reason(reply.reason) if reply.reason else "",
        )
    )


def _position_words(opened: Opened) -> dict[str, dict[str, str]]:
    """Return of each item its positions in the words of its rule."""
    silent = _("silent")
    return {
        code: {
            SILENT: silent,
            **{
                choice.value: kinds.choice(choice, question.rule.names, opened.language)
                for choice in Choice
            },
        }
        for code, question in opened.questions.items()
    }


def _row(opened: Opened, member: str, words: dict[str, dict[str, str]]) -> MemberRow:
    reply = opened.counted.get(member)
    return MemberRow(
        code=member,
        name=opened.name(member),
        positions=tuple(_positions(opened, member, words)),
        received=_received(opened, member, reply),
        received_iso=reply.received_at.isoformat().replace("+00:00", "Z") if reply else "",
        channel=_channel(opened, reply) if reply else "",
    )


def _channel(opened: Opened, reply: ReplyView) -> str:
    said = [kinds.channel(reply.channel)] if reply.recorded_at else []
    if any(entry["what"] == "corrigendum" for entry in opened.entries):
        said.append(
            _("answers Rev.%(number)s", number=reply.revision)
            if reply.revision
            else _("answers the letter as opened")
        )
    return "; ".join(said)


def _received(opened: Opened, member: str, reply: ReplyView | None) -> str:
    if reply is not None:
        return instants.short(reply.received_at, opened.place)
    line = opened.told["members"][member]
    if line["entitled"]:
        return str(_("no reply"))
    if not line["no_vote_under"]:
        return str(_("no right to vote"))
    return str(_("no right to vote: %(provision)s", provision=line["no_vote_under"]))


def _positions(opened: Opened, member: str, words: dict[str, dict[str, str]]) -> Iterator[Position]:
    for code, decision in opened.decisions.items():
        said = decision.positions.get(member)
        if said is None:
            yield Position("", _("no right to vote"))
        else:
            yield Position(mark_of(decision, member), words[code][said])
