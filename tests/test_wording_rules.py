"""Rules in words: what each rule of the library asks and takes, on a council of 48."""

import pytest
from flask import Flask
from flask_babel import force_locale

from consult import rules as library
from consult.core.casefile import case_from_data
from consult.core.need import need
from consult.core.roll import RollLine, Weight
from consult.core.rule import parse
from consult.core.tally import tally
from consult.wording import LANGUAGES, arithmetic, catalogues, rules

GROUPS = ("P", "issuer", "consumer")


@pytest.fixture(scope="module")
def words() -> Flask:
    app = Flask("words")
    catalogues.set_up(app, lambda: "en")
    return app


def roll(count: int = 48) -> list[RollLine]:
    return [
        RollLine(f"M{n:02}", f"M{n:02}", GROUPS, {"population": Weight("1")}, entitled=True)
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("rule", "words_of"),
    [
        (
            "itu-council",
            (
                "25 of 48 must approve."
                " 24 that object, abstain or stay silent make adoption impossible."
            ),
        ),
        (
            "itu-r-approval",
            "With 48 replies 34 must approve. With 30 replies 21 must approve.",
        ),
        (
            "itu-convention-47",
            (
                "25 of 48 must reply. With 48 replies and no abstention, 25 approvals are enough."
                " With 25 replies and no abstention, 13 approvals are enough."
            ),
        ),
        ("silence-un-74-544", "1 objection prevents adoption."),
    ],
)
def test_what_a_rule_takes_is_said_in_figures(words: Flask, rule: str, words_of: str) -> None:
    found = library.load(rule)
    with words.app_context(), force_locale("en"):
        assert rules.takes(found, need(found, roll())) == words_of


def test_where_no_approval_is_needed_it_is_said_how_many_objections_prevent(words: Flask) -> None:
    objects = {"count": "object", "more_than": "1/3", "over": "entitled"}
    half = {"count": "object", "at_least": "1/2", "over": "entitled", "by": "population"}
    tacit = parse(
        {
            "choices": ["object"],
            "silence": "approve",
            "adopted_if": {"not": {"any": [objects, half]}},
        }
    )
    one = RollLine("M11", "M11", (), {"population": Weight("11")}, entitled=True)
    with words.app_context(), force_locale("en"):
        assert rules.takes(tacit, need(tacit, [*roll(11), one])) == (
            "No approval is needed. 1 of 12 can prevent adoption by objecting, depending on which"
            " Member States they are and on what the others say; 5 always do."
        )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", library.all_ids())
def test_every_rule_can_be_said_in_every_language(words: Flask, rule: str, language: str) -> None:
    found = library.load(rule)
    with words.app_context(), force_locale(language):
        said = [
            rules.explain(found),
            rules.takes(found, need(found, roll())),
            rules.silence(found, need(found, roll()), "Kenya"),
            rules.letter_majority(found, need(found, roll())),
        ]
    assert all(said)
    assert not any("%(" in sentence or "None" in sentence for sentence in said)


def test_not_replying_is_said_with_what_it_means(words: Flask) -> None:
    found = library.load("itu-council")
    with words.app_context(), force_locale("en"):
        said = rules.silence(found, need(found, roll()), "Kenya")
    assert said == (
        "Kenya is recorded as silent. Silence is not an approval: an item still needs 25"
        " approvals, so not replying does not help it to be adopted."
    )


def counted(rule: str, approve: int, object_: int, members: int = 48) -> str:
    choices = ["approve"] * approve + ["object"] * object_
    data = {
        "rule": library.load_data(rule),
        "opens_at": "2020-06-22T07:00:00Z",
        "closes_at": "2020-07-17T14:00:00Z",
        "questions": [{"id": "1"}],
        "roll": [
            {"code": f"M{n:02}", "name": f"M{n:02}", "groups": [], "weights": {}, "entitled": True}
            for n in range(members)
        ],
        "replies": [
            {"member": f"M{n:02}", "question": "1", "choice": c, "at": "2020-07-01T07:00:00Z"}
            for n, c in enumerate(choices)
        ],
    }
    case = case_from_data(data)
    return arithmetic.arithmetic(case.questions[0].rule, tally(case).questions["1"])


def test_the_arithmetic_of_a_majority_has_four_parts(words: Flask) -> None:
    with words.app_context(), force_locale("en"):
        assert counted("itu-council", 34, 1) == (
            "34 of 48 Member States entitled to vote approved."
            " Required: more than half, that is at least 25: 9 more than needed."
            " 1 objected, 0 abstained, 13 did not reply; under this rule none of these count"
            " towards the 25."
        )


def test_a_share_is_never_rounded_up(words: Flask) -> None:
    with words.app_context(), force_locale("en"):
        assert "(66.66%)" in counted("itu-r-approval", 20, 10)
        assert "Not met." in counted("itu-r-approval", 20, 10)
