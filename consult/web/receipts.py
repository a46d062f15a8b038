"""What a member keeps of its replies: each receipt as page and files, and the ledger's leaves."""

import json

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from consult.core.contesting import may_contest
from consult.core.life import ENDED, Channel, Role, State
from consult.documents.receipt import Answered, ReceiptView, receipt_pdf, receipt_view
from consult.errors import NotFound
from consult.queries import receipts as queries
from consult.queries.receipts import Receipt, Version
from consult.web.forms import faults_of
from consult.web.frame import desk, language
from consult.web.policy import Policy, allow, me, signed_in
from consult.web.serving import send_made
from consult.web.templating import know_organisation, words
from consult.wording.instants import Place

pages = Blueprint("receipts", __name__, url_prefix="/<lang:lang>")

member_or_auditor = Policy(
    "focal point or auditor",
    "a member for which one may reply; auditors: every member, once disclosed",
    own_member=True,
    or_roles=frozenset({Role.AUDITOR}),
)
_STAFF = frozenset({Role.OFFICER, Role.APPROVER, Role.AUDITOR})


@pages.get("/c/<slug>/<member>/receipts/<int:version>")
@allow(member_or_auditor)
def receipt(slug: str, member: str, version: int) -> ResponseReturnValue:
    return show(slug, member, version, None)


def show(slug: str, member: str, version: int, form: FlaskForm | None) -> str:
    """Return the page of a receipt.

    Args:
        form: What was typed to contest it, with its faults; None for a form still empty.
    """
    found = _found(slug, member, version)
    know_organisation(found.house)
    view = _view(found)
    own, speaks = member in me().actor.members, me().actor.speaks_for(member)
    return render_template(
        "receipts/receipt.html",
        receipt=view,
        found=found,
        slug=slug,
        member=member,
        name=words(found.member_name),
        own=own,
        form=form,
        may_confirm=speaks
        and found.own.channel is not Channel.WEB
        and found.held is None
        and found.confirmed_at is None,
        may_contest=speaks and _contestable(found),
        faults=faults_of(form) if form else [],
        faults_heading=_("It is not contested: look at what is marked"),
        place=_place(found),
        counted=_counted(found),
        open=found.state is State.OPEN,
        published=found.state is State.PUBLISHED,
    )


@pages.get("/c/<slug>/<member>/receipts/<int:version>.json", endpoint="json")
@allow(member_or_auditor)
def file(slug: str, member: str, version: int) -> ResponseReturnValue:
    """Send the receipt's bytes as they were stored (T57)."""
    found = queries.stored(desk().engine, slug, member, version)
    if found is None:
        raise NotFound(version=version)
    raw, state = found
    _refuse_before_disclosure(member, state)
    return send_made(raw.encode(), f"{slug}-{member}-{version}.json", "application/json")


@pages.get("/c/<slug>/<member>/receipts/<int:version>.pdf", endpoint="pdf")
@allow(member_or_auditor)
def pdf(slug: str, member: str, version: int) -> ResponseReturnValue:
    view = _view(_found(slug, member, version))
    return send_made(receipt_pdf(view), f"{slug}-{member}-{version}.pdf", "application/pdf")


@pages.get("/c/<slug>/leaves.json")
@allow(signed_in)
def leaves(slug: str) -> ResponseReturnValue:
    """Send number, leaf and head of each entry: they say nothing of what is in it (T40, T51)."""
    who = me()
    members = None if who.roles & _STAFF else who.actor.members
    found = queries.leaves(desk().engine, slug, members, desk().clock())
    content = json.dumps(found, indent=1).encode()
    return send_made(content, f"{slug}-leaves.json", "application/json")


def _found(slug: str, member: str, version: int) -> Receipt:
    found = queries.receipt(desk().engine, slug, member, version, desk().clock(), language())
    _refuse_before_disclosure(member, found.state)
    return found


def _refuse_before_disclosure(member: str, state: State) -> None:
    """Let an auditor read the replies of members only once they are disclosed (T33)."""
    if member not in me().actor.members and state not in ENDED:
        raise NotFound(member=member)


def _view(found: Receipt) -> ReceiptView:
    answered = Answered(
        content=found.content,
        rule_names=found.rule_names,
        unopposed=found.unopposed,
        body=found.body,
        organisation=found.organisation,
        member=found.member_name,
        closes_at=found.closes_at,
        sent_by=found.by or "",
    )
    return receipt_view(found.raw, answered, language())


def _place(found: Receipt) -> Place:
    return Place(found.body["zone"], words(found.body["seat"]))


def _contestable(found: Receipt) -> bool:
    settled = found.held is not None or (found.confirmed_at is not None and found.own.counts)
    return not settled and may_contest(
        found.state,
        on_behalf=found.own.channel is not Channel.WEB,
        counts=found.own.counts,
    )


def _counted(found: Receipt) -> Version | None:
    return next((version for version in found.versions if version.counts), None)
