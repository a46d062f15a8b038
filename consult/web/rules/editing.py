"""One rule is written: shown in words and on the present roll, tried on numbers, then saved."""

from dataclasses import dataclass, replace
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from consult import rules
from consult.actions import bodyrules
from consult.core.contradictions import Found, contradictions
from consult.core.need import Need
from consult.core.rule import Rule, parse, rule_data
from consult.errors import BadInput, Changed, NotFound
from consult.queries.bodyrules import Book
from consult.queries.drafting import Roll
from consult.web import security
from consult.web.drafting.faults import faults_of
from consult.web.drafting.rules import need_on
from consult.web.forms import restored
from consult.web.frame import desk, language
from consult.web.policy import allow, me, officer
from consult.web.rules.blueprint import pages
from consult.web.rules.form import Around, around_of, form_of, with_lines
from consult.web.rules.listing import OWN, opened
from consult.web.rules.reading import (
    changed_sheet,
    refuse,
    refuse_contradictions,
    typed_rule,
)
from consult.web.rules.sheet import MOST_LINES, kept_test, sheet_of
from consult.web.rules.trying import Trial, trial_of
from consult.wording import comparisons, letters
from consult.wording import rules as in_words
from consult.wording.contradictions import sentence

SAVE, TRY, ADD = "save", "try", "add"
_FIRST = "itu-council"  # where one begins that names no rule to copy


@dataclass(frozen=True, slots=True)
class Editing:
    """A rule that is being written.

    Args:
        slug: Of the rule; empty while it is new.
        copied: From which a new one began.
    """

    book: Book
    roll: Roll
    around: Around
    form: FlaskForm
    slug: str
    copied: Rule | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What can be said of the rule as it is typed."""

    rule: Rule
    takes: Need | None
    found: tuple[Found, ...]


@pages.route("/office/rules/new", methods=["GET", "POST"])
@allow(officer)
def new() -> ResponseReturnValue:
    """Write a rule, beginning with a copy."""
    book, roll = opened(request.args.get("body", "")[:64])
    copied = _copied(book, request.args.get("from", "") or _FIRST)
    g.page = ("rules.new", {"body": book.slug, "from": request.args.get("from", "")})
    around = around_of(book, roll.lines, copied, new=True)
    # A copy that is changed is another rule: it does not bear the name and the source of the first.
    unnamed = replace(copied, title={}, source="")
    form = form_of(around, unnamed, sheet_of(copied), _free(book, copied.id), 0)
    return _answer(Editing(book, roll, around, form, "", copied))


@pages.route("/office/rules/<body>/<slug>", methods=["GET", "POST"])
@allow(officer)
def edit(body: str, slug: str) -> ResponseReturnValue:
    """Change a rule for later letters."""
    book, roll = opened(body)
    written = book.find(slug)
    if written.retired_at is not None:
        raise NotFound(rule=slug)
    g.page = ("rules.edit", {"body": body, "slug": slug})
    rule = parse(written.data)
    around = around_of(book, roll.lines, rule, new=False)
    form = form_of(around, rule, sheet_of(rule), slug, written.version)
    return _answer(Editing(book, roll, around, form, slug))


@pages.post("/office/rules/<body>/<slug>/retire")
@allow(officer)
def retire(body: str, slug: str) -> ResponseReturnValue:
    """Offer a rule to no letter any more."""
    bodyrules.retire(desk(), me().actor, body, slug)
    _log("body rule retired", body, slug)
    flash(_("The rule is retired. Letters that took it keep it."), "ok")
    return redirect(url_for("rules.listing", body=body), 303)


def _answer(editing: Editing) -> ResponseReturnValue:
    form, do = editing.form, request.form.get("do", "")
    if request.method != "POST" or restored():
        return _show(editing)
    if do == ADD or do.startswith("remove:"):
        sheet = changed_sheet(form, do)
        return _show(replace(editing, form=with_lines(editing.around, form, sheet)))
    if not form.validate():
        return _show(editing), 422
    if do == SAVE:
        return _saved(editing)
    page = _show(editing)
    return (page, 422) if faults_of(form) else page


def _saved(editing: Editing) -> ResponseReturnValue:
    form = editing.form
    try:
        _save(editing)
    except BadInput as refused:
        refuse(form, refused)
        return _show(editing), 422
    except Changed as changed:
        form.seen.data = changed.facts["version"]
        form.seen.raw_data = [str(changed.facts["version"])]
        return _show(editing, conflict=True), 409
    return redirect(url_for("rules.listing", body=editing.book.slug), 303)


def _save(editing: Editing) -> None:
    """Keep the rule.

    Raises:
        BadInput: At each field that is wrong.
        Changed: Somebody saved it meanwhile.
    """
    form, book = editing.form, editing.book
    rule = typed_rule(form, editing.around, named=True)
    if any(one.refused for one in contradictions(rule, editing.roll.lines)):
        raise BadInput({})  # the page says which, beside its line
    slug = editing.slug or form.slug.data
    data, actor = rule_data(rule), me().actor
    if editing.slug:
        bodyrules.rewrite(desk(), actor, book.slug, slug, data, seen=form.seen.data or 0)
    else:
        bodyrules.write(desk(), actor, book.slug, slug, data)
    _log("body rule saved", book.slug, slug)
    flash(_("The rule is saved. Letters may take it from now on."), "ok")


def _log(what: str, body: str, slug: str) -> None:
    security.happened(what, body=body, rule=slug)


def _said(editing: Editing) -> Said | None:
    """Return what can be said of the rule; None, with its faults beside the fields, if nothing."""
    try:
        rule = typed_rule(editing.form, editing.around)
    except BadInput as wrong:
        if not faults_of(editing.form):
            refuse(editing.form, wrong)
        return None
    takes = need_on(rule, editing.roll)
    return Said(rule, takes, contradictions(rule, editing.roll.lines, takes))


def _show(editing: Editing, *, conflict: bool = False) -> str:
    said, trial = _said(editing), None
    if said is not None:
        if request.method == "POST":
            refuse_contradictions(editing.form, said.found)
        trial = _trial(said, editing.roll)
    return render_template(
        "rules/edit.html",
        book=editing.book,
        roll=editing.roll,
        form=editing.form,
        slug=editing.slug,
        copied=editing.copied,
        copied_title=in_words.title(editing.copied, language()) if editing.copied else "",
        lines=_lines(editing.form),
        faults=faults_of(editing.form) + (trial.faults if trial else []),
        conflict=conflict,
        trial=trial,
        **(_words(said) if said else {"words": None}),
    )


def _words(said: Said) -> dict[str, Any]:
    rule, takes = said.rule, said.takes
    return {
        "words": in_words.explain(rule),
        "takes": in_words.takes(rule, takes) if takes else "",
        "silence": letters.if_silent(rule, takes) if takes else "",
        "warnings": [sentence(one) for one in said.found if not one.refused],
        "against": [sentence(one) for one in said.found if one.refused],
    }


def _trial(said: Said, roll: Roll) -> Trial | None:
    """Return the trial of a rule that can be computed on the roll."""
    if said.takes is None or not roll.entitled:
        return None
    return trial_of(said.rule, roll.lines, request.form, count=request.form.get("do") == TRY)


def _lines(form: FlaskForm) -> list[tuple[str, str]]:
    """Return the place of each line, with the words of a test that is kept whole."""
    number = min(form.lines.data or 1, MOST_LINES)
    places = ("quorum", *(f"line-{n}" for n in range(number)))
    return [(place, _kept(form, place)) for place in places]


def _kept(form: FlaskForm, place: str) -> str:
    name = f"{place}-kept"
    if name not in form:
        return ""
    try:
        return comparisons.joined(kept_test(form[name].data))
    except BadInput:
        return str(_("A part of the rule that cannot be read."))


def _copied(book: Book, named: str) -> Rule:
    """Return the rule to begin with: of the body by its slug, else of the library.

    Raises:
        NotFound: There is none of that name.
    """
    for one in book.written:
        if one.slug == named:
            return parse(one.data)
    if named == OWN and book.rule:
        return parse(book.rule)
    return rules.load(named)


def _free(book: Book, first: str) -> str:
    """Return a name that the body has not given yet."""
    taken = {one.slug for one in book.written}
    number = 1
    while (name := first[:36] if number == 1 else f"{first[:36]}-{number}") in taken:
        number += 1
    return name
