"""Step 7: all that is missing, each linked to its place; then the draft is submitted."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm

from consult.queries.checks import Finding, Weight, findings
from consult.queries.drafting import Draft, roll_for
from consult.queries.texts import pick
from consult.web.drafting.forms import DraftForm
from consult.web.drafting.page import CHECK, Page
from consult.web.drafting.places import spot
from consult.web.frame import desk, language
from consult.wording import LANGUAGES, contradictions
from consult.wording.kinds import listed


@dataclass(frozen=True, slots=True)
class Line:
    """A finding as the page says it: where to go, what the place is called, what to do there."""

    href: str
    words: str
    sentence: str
    language: str


def form_of(draft: Draft, *given: Any) -> FlaskForm:
    """Make the form: it has nothing to fill in."""
    return DraftForm(*given, data={"seen": draft.version})


def changes(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return nothing: this page only looks."""
    return {}


def context(draft: Draft, form: FlaskForm) -> dict[str, Any]:
    """Return the findings by their weight."""
    roll = roll_for(desk().engine, draft, desk().clock(), language())
    found = findings(desk().engine, draft, roll, desk().clock())
    lines = {
        weight: [_line(draft, one) for one in found if one.weight is weight] for weight in Weight
    }
    return {
        "roll": roll,
        "blocking": lines[Weight.BLOCKS],
        "warning": lines[Weight.WARNS],
        "hints": lines[Weight.HINTS],
    }


def _line(draft: Draft, finding: Finding) -> Line:
    where = spot(draft, finding.place, finding.language)
    tongue = LANGUAGES.get(finding.language or "", "")
    return Line(where.href, where.words, sentence(finding), tongue)


def sentence(finding: Finding) -> str:
    """Return what is missing and what to do."""
    return str(_with_facts(finding) or _plain(finding.code))


def _with_facts(finding: Finding) -> Any:
    facts = finding.facts
    said: Any = None
    match finding.code:
        case "unreached":
            names = [pick(name, language()) for name in facts["names"]]
            said = ngettext(
                "No focal point of %(num)d Member State can be reached by mail: %(members)s.",
                "No focal point of %(num)d Member States can be reached by mail: %(members)s.",
                len(names),
                members=listed(names),
            )
        case _ if "found" in facts:
            said = contradictions.sentence(facts["found"])
        case "few-approvers" if not facts["count"]:
            said = _("Nobody may approve, so nobody can open it.")
        case "few-approvers":
            said = ngettext(
                "Only %(num)d person may approve; there should be two, so that one can be away.",
                "Only %(num)d persons may approve; there should be two, so that one can be away.",
                facts["count"],
            )
        case "short":
            said = ngettext(
                "It leaves less than %(num)d day from opening, which the body asks for.",
                "It leaves less than %(num)d days from opening, which the body asks for.",
                facts["days"] or 0,
            )
        case "not-signed":
            tongues = listed([LANGUAGES.get(code, code) for code in facts["languages"]])
            said = _("No signed letter is attached in %(languages)s.", languages=tongues)
    return said


def _plain(code: str) -> str:
    said: dict[str, str] = {
        "subject-missing": _("Write the subject."),
        "languages-missing": _("Choose the languages of the letter."),
        "items-missing": _("Add what is to be decided: there is no item."),
        "title-missing": _("Write a title."),
        "heading-unknown": _("Choose a heading: the one it stood under is gone."),
        "seats-differ": _("Say the same number of posts for every candidate for this post."),
        "ends-before-it-begins": _("Change the days: the last comes before the first."),
        "candidate-missing": _("Name the candidate."),
        "deadline-missing": _("Set a deadline."),
        "deadline-past": _("Set a later deadline: this one has passed."),
        "opens-after-deadline": _("Set an opening before the deadline."),
        "roll-empty": _("No member of the body has the right to vote today."),
        "rule-missing": _("Choose the rule."),
        "rule-does-not-fit": _(
            "Choose another rule: it asks for groups or weights that members on the roll lack."
        ),
        "rule-contradicts-itself": _(
            "Choose another rule: on this roll it can never be met, or counts what nobody can say."
        ),
        "text-missing": _("A text is missing that another language has."),
        "days-missing": _("Write the first and the last day."),
        "draft-decision-missing": _("Write the draft decision, or attach it."),
        "post-missing": _("Name the post."),
        "nomination-missing": _("It is not said who nominated the candidate."),
        "heading-empty": _("No item stands under it."),
        "weekend": _("It falls on a weekend."),
        "holiday": _("It falls on a holiday of the seat."),
        "clock-back": _("That hour happens twice on that day; the first one is taken."),
        "reminder-before-opening": _("A reminder falls before the opening and will not be sent."),
        "reminders-nag": _(
            "Keep one at most: who need do nothing under the silence procedure is not reminded"
            " of it."
        ),
        "no-reminders": _("Nobody will be reminded."),
    }
    return said.get(code, code)


PAGE = Page(CHECK, "check.html", form_of, changes, context)
