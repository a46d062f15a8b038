"""An officer records a reply that reached the secretariat by letter, fax or e-mail."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.actions import recording
from consult.core.answer import Draft, OnBehalf, Unclear
from consult.core.life import Act, Channel, NotNow
from consult.core.upload import LARGEST
from consult.queries.conflicts import web_reply_at
from consult.queries.recording import Paper, paper
from consult.queries.reply import Page
from consult.web.forms import faults_of, restored
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.office.paper import (
    FORM_AROUND,
    check,
    keep_scan,
    key_of,
    paper_form,
    received_at,
    unclear_in,
    unclear_wrong,
)
from consult.web.policy import allow, me, officer_or_approver, takes
from consult.web.reply.form import Held, form_of
from consult.web.reply.typed import Fault, faults, read


@pages.route("/office/<slug>/record-reply", methods=["GET", "POST"])
@allow(officer_or_approver)
@takes(LARGEST + FORM_AROUND)
def record_reply(slug: str) -> ResponseReturnValue:
    """Ask for the reply and its scan; a POST asks a second officer to confirm it."""
    found = paper(desk().engine, slug, desk().clock(), language())
    if found.page is None or not found.recordable:
        raise NotNow(act=Act.RECORD.value, state=found.head.state.value)
    form = paper_form(found.members, language())
    if request.method == "GET":
        return _show(found, form, Held(_blank(found.page), unclear={}))
    draft = read(found.page, request.form, _language(form))
    unclear = unclear_in(found.page, request.form, _language(form), language())
    if restored():
        return _show(found, form, Held(draft, unclear=unclear))
    draft = replace(draft, member=form.member.data or "")
    return _record(found, found.page, form, draft, unclear)


def _record(
    found: Paper, page: Page, form: Any, draft: Draft, unclear: Mapping[str, Unclear]
) -> ResponseReturnValue:
    form.validate()
    at = received_at(form, found.head.zone)
    check(form, desk().clock(), page.opens_at, at)
    wrong = [*faults(page, draft, to_send=True, asks=bool(unclear)), *unclear_wrong(draft, unclear)]
    kept = None
    if not wrong and at is not None and not _wrong(form):
        kept = keep_scan(form)
    if kept is None or at is None:
        return _show(found, form, Held(draft, wrong, unclear=unclear)), 422
    recording.record(
        desk(),
        page.slug,
        me().actor,
        OnBehalf(
            draft=draft,
            key=key_of(form),
            channel=Channel(form.channel.data),
            received_at=at,
            scan=kept.sha256,
            reason=form.reason.data,
            language=_letter_language(page, form),
            unclear=unclear,
        ),
        kept,
    )
    flash(_("Recorded. It is not counted until a second officer confirms it."), "ok")
    return redirect(url_for("office.overview", slug=page.slug), 303)


def _show(found: Paper, form: Any, held: Held) -> str:
    assert found.page is not None  # noqa: S101 - it was asked for
    reply = form_of(found.page, held, language(), None)
    member = form.member.data or ""
    said = [(f"#{one.control}", _summed(one)) for one in held.faults]
    return render_template(
        "office/record-reply.html",
        form=form,
        reply=reply,
        page=found.page,
        web_at=web_reply_at(desk().engine, found.page.slug, member) if member else None,
        faults=faults_of(form) + said,
        faults_heading=_("It is not recorded: look at what is marked"),
        **around(found.head, "replies"),
    )


def _summed(one: Fault) -> str:
    return str(_("Item %(item)s: %(fault)s", item=one.place, fault=one.words))


def _blank(page: Page) -> Draft:
    return Draft("", {item.code: None for item in page.items}, {}, 0)


def _wrong(form: Any) -> bool:
    return any(field.errors for field in form)


def _language(form: Any) -> str:
    return str(form.language.data or language())


def _letter_language(page: Page, form: Any) -> str:
    """Return in which language the letter was answered: one in which there is a letter."""
    spoken = page.content["languages"]
    wanted = _language(form)
    return wanted if wanted in spoken else str(spoken[0])
