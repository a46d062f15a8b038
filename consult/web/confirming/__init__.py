"""What the second person of a request is shown, act by act, with the hash of exactly that."""

from collections.abc import Callable, Mapping
from typing import Any

from consult.core.life import Act, Kind
from consult.queries.requests import Asked
from consult.web.confirming.after import erratum, referral
from consult.web.confirming.certification import certification
from consult.web.confirming.comments import comments
from consult.web.confirming.extension import extension
from consult.web.confirming.mandate import mandate
from consult.web.confirming.opening import opening
from consult.web.confirming.readmission import readmission
from consult.web.confirming.reply import reply
from consult.web.confirming.revision import revision
from consult.web.confirming.ruling import ruling
from consult.web.confirming.shown import Shown
from consult.web.confirming.statement import statement
from consult.web.confirming.views import views
from consult.web.confirming.withdrawal import withdrawal

__all__ = ["Shown", "shown_to"]

_SHOWN: Mapping[Act, Callable[[Asked, Mapping[str, Any]], Shown | None]] = {
    Act.OPEN: opening,
    Act.RECORD: lambda found, what: (
        comments(found, what) if found.head.kind is Kind.COMMENTS else reply(found, what)
    ),
    Act.STATE_POST: statement,
    Act.CERTIFY: certification,
    Act.MANDATE: mandate,
    Act.ERRATUM: erratum,
    Act.REFER: referral,
    Act.EXTEND: extension,
    Act.WITHDRAW: withdrawal,
    Act.RULE: ruling,
    Act.READMIT: readmission,
    Act.CORRECT: revision,
    Act.VIEWS: views,
}


def shown_to(found: Asked) -> Shown | None:
    """Return what its reader is shown; None for one who may know only that it waits."""
    if found.what is None:
        return None
    return _SHOWN[found.act](found, found.what)
