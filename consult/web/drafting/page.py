"""What all pages of a draft share: the steps, the language of editing, showing and saving."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectField

from consult.actions import drafting
from consult.core.life import State
from consult.errors import BadInput, Changed
from consult.queries.drafting import Draft, draft_of
from consult.queries.texts import pick
from consult.web.drafting.faults import faults_of, refuse
from consult.web.drafting.progress import done_steps, meters
from consult.web.forms import restored
from consult.web.frame import desk, language
from consult.web.policy import me
from consult.wording import LANGUAGES, RTL
from consult.wording.instants import Place

pages = Blueprint("drafting", __name__, url_prefix="/<lang:lang>")

LETTER, ITEMS, ROLL, RULE, NOTICES, TONGUES, CHECK = range(1, 8)


class NotADraft(Exception):
    """The consultation has gone on; its pages as a draft are past."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


@pages.errorhandler(NotADraft)
def gone_on(gone: NotADraft) -> ResponseReturnValue:
    """Lead to the consultation's own page."""
    return redirect(url_for("office.overview", slug=gone.slug), 303)


def title_of(step: int) -> str:
    """Return the words of a step."""
    said: dict[int, str] = {
        LETTER: _("Letter"),
        ITEMS: _("Items"),
        ROLL: pgettext("of members", "Roll"),
        RULE: _("Rule and deadline"),
        NOTICES: _("Notices"),
        TONGUES: _("Languages"),
        CHECK: _("Check and submit"),
    }
    return said[step]


def load(slug: str) -> Draft:
    """Return the draft.

    Raises:
        NotFound: There is none.
        NotADraft: It is submitted, or was opened.
    """
    draft = draft_of(desk().engine, slug)
    if draft.state is not State.DRAFT:
        raise NotADraft(slug)
    return draft


def editing(draft: Draft) -> str:
    """Return the language whose texts the page edits: that of the address, else the first."""
    wanted = request.args.get("language", "")
    spoken = draft.content["languages"]
    if wanted in spoken:
        return wanted
    first = draft.body.working_language
    return first if first in spoken or not spoken else str(spoken[0])


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else saved where one typed something else."""

    label: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the draft.

    Args:
        step: Its number.
        template: In ``templates/drafting/``.
        form: Makes the form; what was typed is in it if the request brought something.
        changes: The parts of the content that the form changes. It may raise `BadInput`, whose
            places are names of fields.
        context: What else the template needs.
        after: Where to go on, if not to the next step.
        only_shows: The buttons that judge what was typed without saving it.
    """

    step: int
    template: str
    form: Callable[..., FlaskForm]
    changes: Callable[[Draft, FlaskForm], dict[str, Any]]
    context: Callable[[Draft, FlaskForm], dict[str, Any]] = field(default=lambda _d, _f: {})
    after: Callable[[Draft, FlaskForm], str | None] = field(default=lambda _d, _f: None)
    only_shows: frozenset[str] = frozenset()


def show(page: Page, draft: Draft, form: FlaskForm, conflicts: list[Conflict] | None = None) -> str:
    """Return the page as HTML."""
    return render_template(
        f"drafting/{page.template}",
        form=form,
        faults=faults_of(form),
        conflicts=conflicts or [],
        steps=steps(draft, page.step),
        heading=title_of(page.step),
        **around(draft),
        **page.context(draft, form),
    )


def around(draft: Draft) -> dict[str, Any]:
    """Return what every page of a draft needs besides its own."""
    return {
        "draft": draft,
        "place": place_of(draft),
        "editing": editing(draft),
        "tongues": {code: LANGUAGES.get(code, code) for code in draft.content["languages"]},
        "rtl": RTL,
        "meters": meters(draft),
        "saved": request.args.get("saved") == "1",
    }


def steps(draft: Draft, current: int) -> list[tuple[str, str, bool, bool]]:
    """Return the steps: words, address, whether done, whether one is there."""
    done = done_steps(draft)
    return [
        (
            title_of(step),
            url_for("drafting.step", slug=draft.slug, step=step),
            step in done,
            step == current,
        )
        for step in range(LETTER, CHECK + 1)
    ]


def place_of(draft: Draft) -> Place:
    """Return where the times of the draft are."""
    return Place(draft.body.zone, pick(draft.body.seat, language()))


def save(page: Page, draft: Draft) -> ResponseReturnValue:
    """Keep what was typed, and go on or come back; with faults or a conflict show the page.

    What was kept through sign-in is shown, not saved.
    """
    form = page.form(draft)
    if restored():
        return show(page, draft, form)
    if not form.validate():
        return show(page, draft, form), 422
    try:
        changes = page.changes(draft, form)
        if form.do.data in page.only_shows:
            return show(page, draft, form)
        drafting.save(desk(), draft.slug, me().actor, changes, seen=form.seen.data)
    except BadInput as refused:
        refuse(form, refused)
        return show(page, draft, form), 422
    except Changed:
        return conflict(page, draft, form), 409
    return redirect(page.after(draft, form) or onwards(page, draft, form), 303)


def conflict(page: Page, draft: Draft, form: FlaskForm) -> str:
    """Show what a colleague saved meanwhile beside what was typed; saving again keeps the typed."""
    newer = load(draft.slug)
    return show(page, newer, form, compared(page.form(newer, None), form, newer.version))


def seen_now(form: FlaskForm, newer: Draft) -> None:
    """Let what stands in *form* be saved over *newer*, which its reader sees now."""
    form.seen.data = newer.version
    form.seen.raw_data = [str(newer.version)]


def compared(saved: FlaskForm, typed: FlaskForm, version: int) -> list[Conflict]:
    """Return where *typed* says something else than *saved*, and let it be saved over that."""
    typed.seen.data = version
    typed.seen.raw_data = [str(version)]
    return [
        Conflict(str(one.label.text), said(saved[one.name]), said(one))
        for one in typed
        if one.name in saved
        and one.name not in {"seen", "csrf_token", "do"}
        and said(saved[one.name]) != said(one)
    ]


def said(one: Field) -> str:
    """Return a field's value as one reads it."""
    if isinstance(one, BooleanField):
        return str(_("Yes") if one.data else _("No"))
    if isinstance(one, SelectField):
        for value, words, *_rest in one.iter_choices():
            if value == one.data:
                return str(words)
    return str(one.data or "")


def onwards(page: Page, draft: Draft, form: FlaskForm) -> str:
    """Return the address of the next step, or of this one for all buttons but "go on"."""
    if form.do.data in {"", "next"} and page.step < CHECK:
        return url_for("drafting.step", slug=draft.slug, step=page.step + 1)
    return back(page.step, draft)


def same_language() -> dict[str, Any]:
    """Return what keeps the language that is edited in an address."""
    wanted = request.args.get("language")
    return {"language": wanted} if wanted else {}


def back(step: int, draft: Draft, **more: Any) -> str:
    """Return the address of a step, in the language that is being edited."""
    return url_for("drafting.step", slug=draft.slug, step=step, saved=1, **same_language(), **more)
