"""Each entry of a ledger as a sentence of a consultation's history, without a position in it."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.ledger import read_instant
from consult.core.life import Act, Channel, Revising
from consult.core.schedule import NoticeKind
from consult.queries.history import Event
from consult.wording import instants, kinds
from consult.wording.instants import Place

_Sentence = Callable[[Event, Place], str]


def sentence(event: Event, place: Place) -> str:
    """Return what an entry says happened.

    Args:
        place: In whose time instants are said.
    """
    said = _SENTENCES.get(event.what)
    if said is None:
        raise AssertionError(f"{event.what} has no sentence")
    return said(event, place)


def _opened_ledger(_event: Event, _place: Place) -> str:
    return _("The ledger was opened")


def _draft(_event: Event, _place: Place) -> str:
    return _("The draft was changed")


def _discarded(_event: Event, _place: Place) -> str:
    return _("The draft was discarded")


def _added(_event: Event, _place: Place) -> str:
    return _("A document was added")


def _removed(_event: Event, _place: Place) -> str:
    return _("A document was removed")


def _asked(event: Event, _place: Place) -> str:
    if event.act == Act.RECORD.value and event.member:
        return _(
            "A reply on behalf of %(member)s was recorded, waiting for confirmation",
            member=event.member,
        )
    return _("A second person was asked: %(request)s", request=_request(event))


def _countersigned(event: Event, _place: Place) -> str:
    return _("A second person confirmed: %(request)s", request=_request(event))


def _refused(event: Event, _place: Place) -> str:
    return _("A second person sent back: %(request)s", request=_request(event))


def _lapsed(event: Event, _place: Place) -> str:
    return _("The time of a request passed: %(request)s", request=_request(event))


def _request(event: Event) -> str:
    if event.act not in set(Act):
        return str(event.act)
    act = Act(event.act)
    if event.member and act in _REQUESTS:
        return _REQUESTS[act](event.member)
    return kinds.act(act)


# Requests that concern one member.
_REQUESTS: Mapping[Act, Callable[[str], str]] = {
    Act.RECORD: lambda member: _("reply on behalf of %(member)s", member=member),
    Act.RULE: lambda member: _("ruling on the reply of %(member)s", member=member),
    Act.READMIT: lambda member: _("readmitting a reply of %(member)s", member=member),
    Act.MANDATE: lambda member: _("who may reply for %(member)s", member=member),
    Act.CORRECT: lambda member: _("what the roll says of %(member)s", member=member),
}


def _opening(_event: Event, _place: Place) -> str:
    return _("The consultation was opened and its roll frozen")


def _round(_event: Event, _place: Place) -> str:
    return _("The comment round was opened and its roll frozen")


def _comment(event: Event, place: Place) -> str:
    if event.facts["late"]:
        return _(
            "Comments of %(member)s, version %(version)s, received late on %(instant)s",
            member=event.member,
            version=event.facts["version"],
            instant=instants.exact(read_instant(event.facts["received_at"]), place),
        )
    return _(
        "Comments of %(member)s, version %(version)s",
        member=event.member,
        version=event.facts["version"],
    )


def _comment_on_behalf(event: Event, place: Place) -> str:
    return _(
        "Comments of %(member)s, version %(version)s, recorded on its behalf (%(channel)s, received"
        " on %(instant)s)",
        member=event.member,
        version=event.facts["version"],
        channel=kinds.channel(Channel(event.facts["channel"])),
        instant=instants.long(read_instant(event.facts["received_at"]), place),
    )


def _disposition(_event: Event, _place: Place) -> str:
    return _("The secretariat said what becomes of a comment")


def _compilation(_event: Event, _place: Place) -> str:
    return _("The comments were compiled")


def _views(_event: Event, _place: Place) -> str:
    return _("An exchange of views was opened")


def _view(event: Event, _place: Place) -> str:
    return _("%(member)s stated its views", member=event.member)


def _reminders(_event: Event, _place: Place) -> str:
    return _("The schedule of reminders was changed")


def _reply(event: Event, _place: Place) -> str:
    if event.member is None:
        return _("A reply was received")
    return _(
        "Reply of %(member)s, version %(version)s",
        member=event.member,
        version=event.facts["version"],
    )


def _late(event: Event, place: Place) -> str:
    if event.member is None:
        return _("A reply was received late; it is not counted")
    return _(
        "Reply of %(member)s, version %(version)s, received late on %(instant)s; it is not counted",
        member=event.member,
        version=event.facts["version"],
        instant=instants.exact(read_instant(event.facts["received_at"]), place),
    )


def _on_behalf(event: Event, place: Place) -> str:
    if event.member is None:
        return _("A reply was recorded on behalf of a Member State")
    return _(
        "Reply of %(member)s, version %(version)s, recorded on its behalf (%(channel)s, received"
        " on %(instant)s)",
        member=event.member,
        version=event.facts["version"],
        channel=kinds.channel(Channel(event.facts["channel"])),
        instant=instants.long(read_instant(event.facts["received_at"]), place),
    )


def _restored(event: Event, place: Place) -> str:
    if event.member is None:
        return _("A reply that the database had lost was readmitted from its receipt")
    return _(
        "Reply of %(member)s, version %(version)s, received on %(instant)s: lost by the database,"
        " readmitted from its receipt",
        member=event.member,
        version=event.facts["version"],
        instant=instants.exact(read_instant(event.facts["received_at"]), place),
    )


def _extension(event: Event, place: Place) -> str:
    return _(
        "The deadline was extended to %(instant)s",
        instant=instants.full(read_instant(event.facts["to"]), place),
    )


def _outage(event: Event, place: Place) -> str:
    return _(
        "The service had been away too long before the deadline: extended to %(instant)s",
        instant=instants.full(read_instant(event.facts["to"]), place),
    )


def _mandate(event: Event, _place: Place) -> str:
    head, ended = event.facts["role"] == "head", event.facts["to"] is not None
    if event.facts["role"] == "adviser":
        return _adviser(event, ended=ended)
    if head and ended:
        return _("The mandate of a head focal point of %(member)s ended", member=event.member)
    if head:
        return _("A head focal point of %(member)s was named", member=event.member)
    if ended:
        return _("The mandate of an alternate of %(member)s ended", member=event.member)
    return _("An alternate of %(member)s was named", member=event.member)


def _adviser(event: Event, *, ended: bool) -> str:
    if ended:
        return _("The mandate of an adviser of %(member)s ended", member=event.member)
    return _("An adviser of %(member)s was named", member=event.member)


def _post(event: Event, _place: Place) -> str:
    recorded: str = ngettext(
        "Two persons stated that the post is recorded: %(num)d reply on behalf",
        "Two persons stated that the post is recorded: %(num)d replies on behalf",
        event.facts["recorded"],
    )
    return recorded


def _contest(event: Event, _place: Place) -> str:
    return _("%(member)s contested how its reply is treated", member=event.member)


def _confirmed(event: Event, _place: Place) -> str:
    return _("%(member)s confirmed the reply recorded on its behalf", member=event.member)


def _ruling(event: Event, _place: Place) -> str:
    if event.facts["counts"]:
        return _("The presiding officer ruled: a reply of %(member)s counts", member=event.member)
    return _(
        "The presiding officer ruled: a reply of %(member)s does not count", member=event.member
    )


def _corrigendum(event: Event, _place: Place) -> str:
    number = event.facts["revision"]
    said: Mapping[str, str] = {
        Revising.EDITORIAL: _(
            "One language of the letter was corrected: Rev.%(number)s", number=number
        ),
        Revising.CORRIGENDUM: _(
            "A corrigendum to the letter was made: Rev.%(number)s", number=number
        ),
        Revising.REVISION: _("The letter was revised: Rev.%(number)s", number=number),
        Revising.ADDENDUM: _("Items were added to the letter: Rev.%(number)s", number=number),
        Revising.ROLL: _("The roll was corrected: Rev.%(number)s", number=number),
    }
    return said[event.facts["kind"]]


def _queued(event: Event, _place: Place) -> str:
    people: str = ngettext(
        "%(notice)s: queued for %(num)d person",
        "%(notice)s: queued for %(num)d people",
        event.facts["count"],
        notice=kinds.notice(NoticeKind(event.facts["kind"])),
    )
    return people


def _failed(_event: Event, _place: Place) -> str:
    return _("A notice could not be delivered")


def _closing(_event: Event, _place: Place) -> str:
    return _("The deadline has passed and replies in flight are in: closed")


def _broken(event: Event, _place: Place) -> str:
    items = event.facts["items"]
    said: str = ngettext(
        "An objection broke the silence on item %(items)s",
        "An objection broke the silence on items %(items)s",
        len(items),
        items=kinds.listed(items),
    )
    return said


def _mended(event: Event, _place: Place) -> str:
    items = event.facts["items"]
    said: str = ngettext(
        "An objection was lifted: item %(items)s is under silence again",
        "An objection was lifted: items %(items)s are under silence again",
        len(items),
        items=kinds.listed(items),
    )
    return said


def _withdrawal(event: Event, _place: Place) -> str:
    items = event.facts["items"]
    if not items:
        return _("The consultation was withdrawn")
    words: str = ngettext(
        "Item %(items)s was withdrawn",
        "Items %(items)s were withdrawn",
        len(items),
        items=kinds.listed(items),
    )
    return words


def _tally(_event: Event, _place: Place) -> str:
    return _("The replies were counted")


def _certification(_event: Event, _place: Place) -> str:
    return _("The result was certified")


def _publication(_event: Event, _place: Place) -> str:
    return _("The decision record was published")


def _erratum(event: Event, _place: Place) -> str:
    return _("Erratum %(number)s was put beside the record", number=event.facts["erratum"])


def _referral(_event: Event, _place: Place) -> str:
    return _("Items were referred to a meeting")


def _followed(event: Event, _place: Place) -> str:
    return _(
        "Items are taken up again in consultation %(reference)s",
        reference=event.facts["reference"],
    )


def _key(_event: Event, _place: Place) -> str:
    return _("The signing key was changed")


def _erased(_event: Event, _place: Place) -> str:
    return _("A text was erased")


def _withheld(_event: Event, _place: Place) -> str:
    return _("A text is withheld")


def _alarm(_event: Event, _place: Place) -> str:
    return _("The clock of the service went back")


_SENTENCES: Mapping[str, _Sentence] = {
    "ledger-opened": _opened_ledger,
    "draft-changed": _draft,
    "draft-discarded": _discarded,
    "document-added": _added,
    "document-removed": _removed,
    "approval-asked": _asked,
    "countersigned": _countersigned,
    "approval-refused": _refused,
    "approval-lapsed": _lapsed,
    "opening": _opening,
    "round-opened": _round,
    "comment": _comment,
    "comment-on-behalf": _comment_on_behalf,
    "disposition": _disposition,
    "compilation": _compilation,
    "views-opened": _views,
    "view": _view,
    "reminders-changed": _reminders,
    "reply": _reply,
    "late-reply": _late,
    "reply-on-behalf": _on_behalf,
    "reply-restored": _restored,
    "reply-confirmed": _confirmed,
    "extension": _extension,
    "outage-extension": _outage,
    "mandate": _mandate,
    "post-stated": _post,
    "contest": _contest,
    "ruling": _ruling,
    "corrigendum": _corrigendum,
    "notices-queued": _queued,
    "notice-failed": _failed,
    "closing": _closing,
    "broken": _broken,
    "mended": _mended,
    "withdrawal": _withdrawal,
    "tally": _tally,
    "certification": _certification,
    "publication": _publication,
    "erratum": _erratum,
    "referral": _referral,
    "followed": _followed,
    "key-changed": _key,
    "text-erased": _erased,
    "text-withheld": _withheld,
    "clock-alarm": _alarm,
}
