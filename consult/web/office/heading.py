"""What stands at the head of every page of one consultation: its tabs and where its times are."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from consult.core.life import Act, Kind
from consult.queries.consultation import Head
from consult.web.policy import me
from consult.web.templating import words
from consult.wording.instants import Place

_PAGES = {"comments": "comments.table"}


def around(head: Head, tab: str) -> dict[str, Any]:
    """Return what the frame of a consultation's pages needs."""
    return {
        "head": head,
        "place": place_of(head),
        "tabs": _tabs(head, tab),
        "roles": {role.value for role in me().roles},
    }


def place_of(head: Head) -> Place:
    """Return where the times of a consultation are."""
    return Place(head.zone, words(head.seat))


def asks(act: Act, member: str) -> str:
    """Return what the second person of a request is asked to do."""
    said: dict[Act, str] = {
        Act.OPEN: _("Open the consultation"),
        Act.RECORD: _("Confirm a reply recorded on behalf of %(member)s", member=member),
        Act.STATE_POST: _("Confirm the statement on the post"),
        Act.CERTIFY: _("Certify the record"),
        Act.EXTEND: _("Extend the deadline"),
        Act.WITHDRAW: _("Withdraw the consultation or an item"),
        Act.RULE: _("Confirm a ruling on the reply of %(member)s", member=member),
        Act.READMIT: _("Confirm that a reply of %(member)s is readmitted", member=member),
        Act.VIEWS: _("Open an exchange of views"),
        Act.MANDATE: _("Confirm who may reply for %(member)s", member=member),
        Act.ERRATUM: _("Confirm an erratum"),
        Act.REFER: _("Confirm a referral to a meeting"),
        Act.CORRECT: _("Confirm what the roll says of %(member)s", member=member)
        if member
        else _("Confirm a revision of the letter"),
    }
    return said[act]


def _tabs(head: Head, current: str) -> list[tuple[str, str, bool]]:
    titles: dict[str, str] = {
        "overview": _("Overview"),
        "replies": _("Replies")
        if head.hides_replies
        else _("Replies (%(count)s)", count=head.replies),
        "notices": _("Notices (%(count)s)", count=head.notices),
        "documents": _("Documents (%(count)s)", count=head.documents),
        "history": _("History"),
        "record": _("Record"),
    }
    if head.kind is Kind.COMMENTS:
        titles["comments"] = _("Table of comments")
    return [
        (url_for(_PAGES.get(name, f"office.{name}"), slug=head.slug), title, name == current)
        for name, title in titles.items()
    ]
