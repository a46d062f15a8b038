"""What became of every notice, member by member."""

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.core.schedule import NoticeState
from consult.queries.consultation import head_of
from consult.queries.notices import WAITING, board
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.heading import around
from consult.web.office.paging import sliced
from consult.web.policy import allow
from consult.web.policy import office as secretariat
from consult.wording import kinds


@pages.get("/office/<slug>/notices")
@allow(secretariat)
def notices(slug: str) -> ResponseReturnValue:
    head = head_of(desk().engine, slug, desk().clock(), language())
    found = board(desk().engine, slug, language(), hides_replies=head.hides_replies)
    assert found is not None  # noqa: S101 - its head was found
    return render_template(
        "office/notices.html",
        board=found,
        members=sliced(found.members),
        waiting=sum(found.counts.get(state, 0) for state in WAITING),
        sent=found.counts.get(NoticeState.SENT, 0),
        failed=found.counts.get(NoticeState.FAILED, 0),
        cancelled=found.counts.get(NoticeState.CANCELLED, 0),
        notice_words=kinds.notice,
        notice_state=kinds.notice_state,
        **around(head, "notices"),
    )
