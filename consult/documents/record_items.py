"""A record item by item: outcome, arithmetic in words, the bench and the comments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from consult.core.comparison import Choice
from consult.core.life import CommentKind, ItemKind
from consult.core.paragraphs import numbers, split
from consult.core.rule import Rule
from consult.core.silence import under_silence
from consult.core.tally import SILENT, Decision, Outcome
from consult.documents.items import ItemView, parts_of
from consult.documents.reading import Approvals, Opened, approvals_of
from consult.documents.replies import Comment
from consult.wording import LANGUAGES, arithmetic, instants, kinds, paragraphs, rules, signs

BENCH_MEMBERS = 80  # above so many a bench tells nothing; the table stays


@dataclass(frozen=True, slots=True)
class Said:
    """One comment with the name of its member.

    Args:
        language: In which it was written; empty if that is not known.
        language_name: That language in its own name.
        withheld: A sentence with the ground, if its words are not given.
        kind: What it is, unless it is a plain comment.
        paragraph: What the paragraph is called on which it is made; empty if it is on the whole.
    """

    member: str
    text: str
    language: str
    language_name: str
    withheld: str
    kind: str = ""
    paragraph: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    code: str
    mark: str  # a, x, b, s; empty without the right to vote


@dataclass(frozen=True, slots=True)
class Row:
    """The seats of one region, in the organisation's order."""

    code: str
    name: str
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """One item as it was decided.

    Args:
        number: As the letter has it: its code.
        adopted: What an adopted text is called and from when it holds; mostly empty.
        approvals: Approvals, base and threshold, as the bar draws them.
        figure: "34 of 48".
        bar: What the bar shows, in words.
        lead: The figure with which the arithmetic begins; empty if it begins otherwise.
        math: The arithmetic that follows it.
        own_rule: The rule in words, where the item has its own; else empty.
        bench: Empty for a long roll.
        bench_words: What the bench shows.
    """

    number: str
    item: ItemView
    mark: str
    outcome: str
    adopted: str
    approvals: Approvals
    figure: str
    bar: str
    lead: str
    math: str
    own_rule: str
    bench: tuple[Row, ...]
    bench_words: str
    comments: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class OutcomePart:
    """Items under one heading; *symbols* are the documents that they share."""

    title: str
    symbols: str
    items: tuple[ItemOutcome, ...]


def outcome_parts(opened: Opened) -> tuple[OutcomePart, ...]:
    """Return every item as decided, under its heading, in the order of the letter.

    What was withdrawn is not decided; the key facts of the record say of it what was done.
    """
    names = {code: line["name"] for code, line in opened.told["members"].items()}
    return tuple(
        OutcomePart(
            title=part.title,
            symbols=", ".join(dict.fromkeys(s for item in part.items for s in item.symbols)),
            items=tuple(_item(opened, item) for item in part.items if not item.withdrawn),
        )
        for part in parts_of(opened.told["content"], opened.language, names)
        if not all(item.withdrawn for item in part.items)
    )


def _item(opened: Opened, item: ItemView) -> ItemOutcome:
    decision, question = opened.decisions[item.code], opened.questions[item.code]
    approvals = approvals_of(question, decision)
    figure = _("%(count)s of %(base)s", count=approvals.count, base=approvals.base)
    math = arithmetic.arithmetic(question.rule, decision)
    lead = figure if math.startswith(figure) else ""
    return ItemOutcome(
        number=item.code,
        item=item,
        mark=kinds.mark(decision.outcome),
        outcome=_outcome(question.rule, ItemKind(item.kind), decision),
        adopted=_adopted(opened, item.code, decision.outcome),
        approvals=approvals,
        figure=figure,
        bar=_bar(approvals),
        lead=lead,
        math=f"{math.removeprefix(lead)}{_objectors(opened, question.rule, decision)}",
        own_rule="" if question.rule == opened.case.rule else rules.explain(question.rule),
        bench=_bench(opened, decision) if len(opened.case.roll) <= BENCH_MEMBERS else (),
        bench_words=_bench_words(item.code, decision),
        comments=said(opened, _by_paragraph(opened, item.code)),
    )


def _by_paragraph(opened: Opened, code: str) -> list[Comment]:
    """Return the comments on an item: those on the whole, then paragraph by paragraph."""
    texts = next(one["text"] for one in opened.told["content"]["items"] if one["id"] == code)
    order = {number: place for place, number in enumerate(numbers(texts, opened.language))}
    comments = opened.comments.get(code, ())
    return sorted(comments, key=lambda one: _place(split(one.text)[0], order))


def _place(paragraph: str, order: Mapping[str, int]) -> int:
    return order.get(paragraph, len(order)) if paragraph else -1


def _outcome(rule: Rule, kind: ItemKind, decision: Decision) -> str:
    if not under_silence(rule):
        return kinds.outcome(kind, decision.outcome)
    return kinds.outcome_by_silence(kind, decision.outcome, decision.counts["object"])


def _objectors(opened: Opened, rule: Rule, decision: Decision) -> str:
    """Name those that broke the silence; their reasons are among the comments."""
    who = [code for code, position in decision.positions.items() if position == Choice.OBJECT]
    if not who or not under_silence(rule):
        return ""
    names = kinds.listed([opened.name(code) for code in who])
    return " " + _("Objected: %(members)s.", members=names)


def said(opened: Opened, comments: Sequence[Comment]) -> tuple[Said, ...]:
    """Return comments with the names of their members and languages."""
    return tuple(
        Said(
            member=_who(opened, comment),
            text=signs.shown(split(comment.text)[1]),
            language=comment.language,
            language_name=LANGUAGES.get(comment.language, comment.language),
            withheld=_withheld(comment),
            kind="" if comment.kind is CommentKind.COMMENT else kinds.comment_kind(comment.kind),
            paragraph=paragraphs.label(split(comment.text)[0]),
        )
        for comment in comments
    )


def _who(opened: Opened, comment: Comment) -> str:
    name = opened.name(comment.member)
    if comment.votes:
        return name
    return str(_("%(member)s, without the right to vote", member=name))


def _withheld(comment: Comment) -> str:
    if comment.text:
        return ""
    return str(_("The words are not given: %(ground)s.", ground=comment.withheld))


def adopted_words(number: str, in_force: str | None) -> str:
    """Say what an adopted text is called and from when it holds."""
    if in_force is None:
        return str(_("%(decision)s, in force on publication", decision=number))
    day = instants.day(date.fromisoformat(in_force))
    return str(_("%(decision)s, in force from %(day)s", decision=number, day=day))


def _adopted(opened: Opened, item: str, outcome: Outcome) -> str:
    found: Mapping[str, Any] = (opened.told["conclusion"] or {}).get("adopted", {}).get(item, {})
    if outcome is not Outcome.ADOPTED or not found.get("number"):
        return ""
    return adopted_words(found["number"], found["in_force"])


def _bar(approvals: Approvals) -> str:
    if approvals.needed is None:
        return str(_("%(count)s approvals of %(base)s", count=approvals.count, base=approvals.base))
    return str(
        _(
            "%(count)s approvals of %(base)s, %(needed)s required",
            count=approvals.count,
            base=approvals.base,
            needed=approvals.needed,
        )
    )


def _bench(opened: Opened, decision: Decision) -> tuple[Row, ...]:
    return tuple(
        Row(code, name, tuple(Seat(member, mark_of(decision, member)) for member in members))
        for code, name, members in regions(opened)
    )


def mark_of(decision: Decision, member: str) -> str:
    """Return the mark of what a member said; empty if it had no right to vote."""
    position = decision.positions.get(member)
    if position is None:
        return ""
    return kinds.mark(None if position == SILENT else Choice(position))


def regions(opened: Opened) -> list[tuple[str, str, list[str]]]:
    """Return code and name of each region with its members, in the organisation's order."""
    names = {group["id"]: opened.pick(group["name"]) for group in opened.told["body"]["groups"]}
    found: dict[str, list[str]] = {code: [] for code in names}
    for member in opened.told["order"]:
        groups = opened.told["members"][member]["groups"]
        region = groups[0] if groups and groups[0] in names else ""
        found.setdefault(region, []).append(member)
    return [(code, names.get(code, ""), members) for code, members in found.items() if members]


def _bench_words(item: str, decision: Decision) -> str:
    said_by = list(decision.positions.values())
    return str(
        _(
            "Item %(item)s: %(approve)s approve, %(object)s object, %(abstain)s abstain, "
            "%(silent)s silent. Each Member State's position is in the table below.",
            item=item,
            approve=said_by.count(Choice.APPROVE),
            object=said_by.count(Choice.OBJECT),
            abstain=said_by.count(Choice.ABSTAIN),
            silent=said_by.count(SILENT),
        )
    )
