"""Every shipped rule, on both sides of each of its thresholds and on the empty set."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from consult import rules
from consult.core.case import Case, Question
from consult.core.comparison import Choice
from consult.core.reply import CastReply
from consult.core.roll import RollLine, Weight
from consult.core.rule import parse, rule_data
from consult.core.tally import Outcome, tally
from consult.errors import NotFound

NOON = datetime(2020, 12, 10, 12, tzinfo=UTC)
CHOICES = {"a": Choice.APPROVE, "o": Choice.OBJECT, "b": Choice.ABSTAIN}
LIBRARY = (
    "eu-qualified-majority",
    "iso-enquiry",
    "itu-convention-47",
    "itu-council",
    "itu-r-approval",
    "itu-t-deletion",
    "itu-t-new-question",
    "itu-t-tap-consultation",
    "majority-of-votes-cast",
    "silence-un-74-544",
    "two-chambers",
    "two-thirds-of-members",
    "two-thirds-of-votes-cast",
    "unanimity",
)
ADOPTED, NOT_ADOPTED, INQUORATE = Outcome.ADOPTED, Outcome.NOT_ADOPTED, Outcome.INQUORATE


def said(approve: int = 0, object_: int = 0, abstain: int = 0, silent: int = 0) -> str:
    """Write positions as letters: a, o, b, and a dash for silence."""
    return "a" * approve + "o" * object_ + "b" * abstain + "-" * silent


def outcome(rule: str, *blocks: tuple[str, str], weights: list[str] | None = None) -> Outcome:
    """Decide by *rule* what the members of each block (group, positions) said."""
    roll, replies = [], []
    for group, positions in blocks:
        for position in positions:
            code = f"M{len(roll)}"
            weight = {"population": Weight(weights[len(roll)])} if weights else {}
            roll.append(RollLine(code, code, (group,), weight))
            if position in CHOICES:
                replies.append(CastReply(code, "1", CHOICES[position], NOON))
    shipped = rules.load(rule)
    day = timedelta(days=1)
    case = Case(shipped, NOON - day, NOON + day, [Question("1", shipped)], roll, replies)
    return tally(case).questions["1"].outcome


def test_the_library_ships_every_rule_of_the_design() -> None:
    assert tuple(rules.all_ids()) == LIBRARY


@pytest.mark.parametrize("name", LIBRARY)
def test_a_shipped_rule_names_its_source_and_has_a_title_in_six_languages(name: str) -> None:
    rule = rules.load(name)

    assert rule.id == name
    assert rule.source
    assert tuple(rule.title) == ("en", "fr", "es", "ru", "zh", "ar")
    assert parse(rule_data(rule)) == rule
    assert parse(rules.load_data(name)) == rule


def test_a_rule_that_is_not_shipped_is_not_found() -> None:
    with pytest.raises(NotFound):
        rules.load("../core/rule")


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (said(23, 0, 0, 25), NOT_ADOPTED),
        (said(24, 0, 24), NOT_ADOPTED),
        (said(25, 23), ADOPTED),
        (said(26, 0, 0, 22), ADOPTED),
        ("", NOT_ADOPTED),
    ],
)
def test_the_council_needs_more_than_half_of_all_48(positions: str, expected: Outcome) -> None:
    """Source: Rules of Procedure of the Council, rule 3.2, as in letter DM-20/1021."""
    assert outcome("itu-council", ("A", positions)) is expected


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (said(33, 15), NOT_ADOPTED),
        (said(34, 14), ADOPTED),
        (said(6, 4, 0, 38), NOT_ADOPTED),
        (said(7, 3, 0, 38), ADOPTED),
        (said(8, 2, 0, 38), ADOPTED),
        (said(0, 0, 0, 48), ADOPTED),
        (said(0, 1, 0, 47), NOT_ADOPTED),
        ("", ADOPTED),
    ],
)
def test_a_tap_consultation_needs_70_per_cent_of_replies_or_none(
    positions: str, expected: Outcome
) -> None:
    """Source: ITU-T Resolution 1, section 9."""
    assert outcome("itu-t-tap-consultation", ("A", positions)) is expected


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (said(9, 0, 0, 20), INQUORATE),
        (said(5, 5, 0, 20), NOT_ADOPTED),
        (said(6, 4, 0, 20), ADOPTED),
        (said(6, 5, 0, 20), ADOPTED),
        ("", INQUORATE),
    ],
)
def test_a_new_question_needs_a_majority_of_at_least_ten_replies(
    positions: str, expected: Outcome
) -> None:
    """Source: ITU-T Resolution 1, section 7."""
    assert outcome("itu-t-new-question", ("A", positions)) is expected


@pytest.mark.parametrize("rule", ["itu-t-deletion", "silence-un-74-544"])
@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (said(silent=193), ADOPTED),
        (said(object_=1, silent=192), NOT_ADOPTED),
        (said(object_=2, silent=191), NOT_ADOPTED),
        ("", ADOPTED),
    ],
)
def test_one_objection_breaks_the_silence(rule: str, positions: str, expected: Outcome) -> None:
    """Sources: ITU-T Resolution 1, section 9; General Assembly decision 74/544."""
    assert outcome(rule, ("A", positions)) is expected


@pytest.mark.parametrize("rule", ["itu-t-deletion", "silence-un-74-544"])
def test_an_approval_is_not_offered_where_silence_consents(rule: str) -> None:
    """Sources: ITU-T Resolution 1, section 9; General Assembly decision 74/544."""
    assert rules.load(rule).choices == (Choice.OBJECT,)


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (said(69, 31, 0, 50), NOT_ADOPTED),
        (said(70, 30, 0, 50), ADOPTED),
        (said(71, 29, 0, 50), ADOPTED),
        (said(silent=48), NOT_ADOPTED),
        ("", NOT_ADOPTED),
    ],
)
def test_an_itu_r_recommendation_needs_70_per_cent_of_replies(
    positions: str, expected: Outcome
) -> None:
    """Source: Resolution ITU-R 1, annex 2."""
    assert outcome("itu-r-approval", ("A", positions)) is expected


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (said(24, 0, 0, 24), INQUORATE),
        (said(25, 0, 0, 23), ADOPTED),
        (said(12, 12, 1, 23), NOT_ADOPTED),
        (said(13, 12, 0, 23), ADOPTED),
        (said(1, 0, 24, 23), ADOPTED),
        (said(0, 0, 25, 23), NOT_ADOPTED),
        ("", INQUORATE),
    ],
)
def test_convention_47_needs_replies_from_more_than_half_and_a_majority_of_votes(
    positions: str, expected: Outcome
) -> None:
    """Source: Convention of the International Telecommunication Union, No. 47."""
    assert outcome("itu-convention-47", ("A", positions)) is expected


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (said(19, 20, 5), NOT_ADOPTED),
        (said(20, 20, 5), NOT_ADOPTED),
        (said(21, 20, 5), ADOPTED),
        (said(0, 0, 5, 5), NOT_ADOPTED),
        ("", NOT_ADOPTED),
    ],
)
def test_a_majority_of_votes_leaves_abstentions_out(positions: str, expected: Outcome) -> None:
    """Source: Rules of Procedure of the General Assembly, rules 85 and 86."""
    assert outcome("majority-of-votes-cast", ("A", positions)) is expected


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (said(19, 10, 9), NOT_ADOPTED),
        (said(20, 10, 9), ADOPTED),
        (said(21, 10, 9), ADOPTED),
        (said(0, 0, 9), NOT_ADOPTED),
        ("", NOT_ADOPTED),
    ],
)
def test_two_thirds_of_votes_are_enough_exactly(positions: str, expected: Outcome) -> None:
    """Source: Rules of Procedure of the General Assembly, rules 83 and 86."""
    assert outcome("two-thirds-of-votes-cast", ("A", positions)) is expected


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (said(127, 0, 0, 65), NOT_ADOPTED),
        (said(128, 0, 0, 64), ADOPTED),
        (said(129, 63), ADOPTED),
        ("", NOT_ADOPTED),
    ],
)
def test_two_thirds_of_192_members_are_128(positions: str, expected: Outcome) -> None:
    """Source: Universal Postal Union, extraordinary Congress of 2019."""
    assert outcome("two-thirds-of-members", ("A", positions)) is expected


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (said(0, 0, 27), NOT_ADOPTED),
        (said(1, 0, 26), ADOPTED),
        (said(27), ADOPTED),
        (said(26, 1), NOT_ADOPTED),
        ("", NOT_ADOPTED),
    ],
)
def test_unanimity_bears_abstentions_but_no_objection(positions: str, expected: Outcome) -> None:
    """Source: Treaty on the Functioning of the European Union, article 238(4)."""
    assert outcome("unanimity", ("A", positions)) is expected


@pytest.mark.parametrize(
    ("participating", "others", "expected"),
    [
        (said(21, 11), said(30), NOT_ADOPTED),
        (said(22, 10), said(30), ADOPTED),
        (said(22, 10), said(2, 6), NOT_ADOPTED),
        (said(20, 10), said(12, 1), NOT_ADOPTED),
        (said(20, 10), said(10), ADOPTED),
        (said(20, 10), said(11), ADOPTED),
        (said(20, 10), said(9), NOT_ADOPTED),
        (said(abstain=5), said(30), NOT_ADOPTED),
        ("", "", NOT_ADOPTED),
    ],
)
def test_an_enquiry_needs_two_thirds_of_p_members_and_few_negative_votes(
    participating: str, others: str, expected: Outcome
) -> None:
    """Source: ISO/IEC Directives, Part 1, clause 2.6.3."""
    assert outcome("iso-enquiry", ("P", participating), ("O", others)) is expected


@pytest.mark.parametrize(
    ("issuers", "consumers", "expected"),
    [
        (said(13, 1, 2), said(2, 2), NOT_ADOPTED),
        (said(13, 1, 2), said(3, 1), ADOPTED),
        (said(9, 5), said(3, 1), NOT_ADOPTED),
        (said(10, 5), said(3, 1), ADOPTED),
        (said(11, 5), said(3, 1), ADOPTED),
        (said(8), said(1), INQUORATE),
        (said(9), said(1), ADOPTED),
        (said(20), said(abstain=3), NOT_ADOPTED),
        (said(20), "", NOT_ADOPTED),
        ("", "", INQUORATE),
    ],
)
def test_both_chambers_must_agree(issuers: str, consumers: str, expected: Outcome) -> None:
    """Source: CA/Browser Forum, ballot 208: exactly half of the consumers is not enough."""
    assert outcome("two-chambers", ("issuer", issuers), ("consumer", consumers)) is expected


EQUAL = ["10"] * 27


@pytest.mark.parametrize(
    ("positions", "weights", "expected"),
    [
        # 27 members; 15 are 55 per cent of them, and must stand for 65 of 100.
        (said(14, 13), ["60", *["5"] * 13, *["1"] * 13], NOT_ADOPTED),
        (said(15, 12), ["51", *["1"] * 14, *["35/12"] * 12], ADOPTED),
        (said(15, 12), ["50.99", *["1"] * 14, *["35/12"] * 12], NOT_ADOPTED),
        (said(15, 12), ["51.01", *["1"] * 14, *["35/12"] * 12], ADOPTED),
        # Equal weights: 65 per cent of 27 are 17.55.
        (said(17, 10), EQUAL, NOT_ADOPTED),
        (said(18, 9), EQUAL, ADOPTED),
        # Three that stand for 36 per cent cannot block, four can; silence does not approve.
        (said(24, 3), [*["8/3"] * 24, *["12"] * 3], ADOPTED),
        (said(24, 0, 0, 3), [*["8/3"] * 24, *["12"] * 3], ADOPTED),
        (said(23, 4), [*["64/23"] * 23, *["9"] * 4], NOT_ADOPTED),
        (said(23, 0, 4), [*["64/23"] * 23, *["9"] * 4], NOT_ADOPTED),
    ],
)
def test_a_qualified_majority_is_of_members_and_of_population(
    positions: str, weights: list[str], expected: Outcome
) -> None:
    """Source: Treaty on European Union, article 16(4)."""
    assert outcome("eu-qualified-majority", ("", positions), weights=weights) is expected


def test_a_council_without_members_has_no_minority_that_blocks() -> None:
    """Source: Treaty on European Union, article 16(4): nobody does not approve."""
    assert outcome("eu-qualified-majority") is ADOPTED


def test_shares_are_exact_fractions() -> None:
    (comparison,) = (rules.load("itu-council").adopted_if,)
    assert getattr(comparison, "threshold", None) == Fraction(1, 2)
