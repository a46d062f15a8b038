"""The register of mandates: read by all of the secretariat, changed on the page of a member."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from consult.core.ledger import instant
from consult.core.life import Role
from consult.core.throttle import EXPORTS
from consult.documents.record_csv import write
from consult.queries.mandates import Mandated, Mandates, mandates, scan_of
from consult.web.files import send_stored
from consult.web.frame import desk, language
from consult.web.office.blueprint import pages
from consult.web.office.paging import sliced
from consult.web.policy import allow, limited, me
from consult.web.policy import office as secretariat
from consult.web.serving import send_made

_COLUMNS = (
    "number",
    "member",
    "name",
    "bodies",
    "person",
    "role",
    "from",
    "until",
    "named_by",
    "paper",
    "paper_sha256",
    "entries",
)


@pages.get("/office/mandates", endpoint="mandates")
@allow(secretariat)
def register() -> ResponseReturnValue:
    """Show who may act, by whom and on what paper named, and where each naming is entered."""
    found = _found()
    return render_template(
        "office/mandates.html",
        found=found,
        lines=sliced(found.lines),
        may=Role.OFFICER in me().roles,
    )


@pages.get("/office/mandates.csv", endpoint="mandates_csv")
@allow(secretariat)
@limited(EXPORTS)
def file() -> ResponseReturnValue:
    """Send the same as CSV."""
    rows = [list(_COLUMNS), *(_row(line) for line in _found().lines)]
    return send_made(write(rows), "mandates.csv", "text/csv; charset=utf-8")


@pages.get("/office/mandates/papers/<sha256>", endpoint="mandate_paper")
@allow(secretariat)
def paper(sha256: str) -> ResponseReturnValue:
    """Send the scan of a paper on which a naming rests, or is to rest."""
    return send_stored(desk(), scan_of(desk().engine, sha256))


def _found() -> Mandates:
    body, member = request.args.get("body", ""), request.args.get("member", "")
    return mandates(desk().engine, body, member, desk().clock(), language())


def _row(line: Mandated) -> list[str]:
    return [
        str(line.number),
        line.member,
        line.member_name,
        "; ".join(line.bodies),
        line.person,
        "head" if line.head else "adviser" if line.adviser else "alternate",
        instant(line.from_at),
        instant(line.until_at) if line.until_at else "",
        line.named_by or "",
        line.paper or "",
        line.scan[0] if line.scan else "",
        "; ".join(f"{one.reference} {one.number}" for one in line.entries),
    ]
