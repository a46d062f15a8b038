"""The register of decisions, the records in it in every form, and the check of a file."""

from functools import partial
from itertools import groupby

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.life import Disclosure, Role, State, disclosed
from consult.core.tally import Outcome
from consult.core.throttle import VERIFY
from consult.documents.forms import FORMS
from consult.documents.record import RecordView, published_view
from consult.documents.record_ics import MEDIA_TYPE, record_ics
from consult.documents.round import is_table, published_round
from consult.errors import NotFound
from consult.queries.aftermath import beside
from consult.queries.notes import sent_note
from consult.queries.record import Published, published
from consult.queries.register import Line, Reader, Wanted, register
from consult.web.checking import LARGEST, CheckForm, check
from consult.web.files import send_stored
from consult.web.frame import desk, language, with_query
from consult.web.frame import home as start
from consult.web.policy import allow, anyone, limited, takes, visitor
from consult.web.serving import send_made
from consult.wording import LANGUAGES, instants

pages = Blueprint("register", __name__, url_prefix="/<lang:lang>")

_STAFF = frozenset({Role.OFFICER, Role.APPROVER, Role.AUDITOR})
_AROUND = 64 * 1024  # of a form around its file
_FORMS = ("pdf", "docx", "json", "csv")
_TABLE_FORMS = ("pdf", "docx", "json", "csv")
_PAGE_KEPT = "public, max-age=60"


@pages.get("/")
@allow(anyone)
def home() -> ResponseReturnValue:
    """Show strangers the register, everybody else the desk."""
    return redirect(start(), 303) if visitor() else decisions()


@pages.get("/decisions")
@allow(anyone)
def decisions() -> ResponseReturnValue:
    wanted = _wanted()
    found = register(desk().engine, wanted, _reader(), language())
    years = [
        (year, list(lines))
        for year, lines in groupby(found.lines, lambda line: line.number.split("/")[0])
    ]
    return render_template(
        "register/decisions.html",
        register=found,
        wanted=wanted,
        narrowed=wanted != Wanted(page=wanted.page),
        years=years,
        choices=_choices(),
        said=_said,
        page_address=_page_address,
    )


@pages.get("/decisions/<slug>")
@allow(anyone)
def record(slug: str) -> ResponseReturnValue:
    found = _visible(slug)
    rev = found.revision if found.revision != found.newest else None
    countersigned = url_for(".countersignature", slug=slug, rev=rev)
    around = {"slug": slug, "countersigned": countersigned if found.countersignature else ""}
    if is_table(found.content):
        page = render_template(
            "register/comments.html",
            beside=beside(desk().engine, slug, language()),
            table=published_round(found.content, language()),
            files=_files(slug, _TABLE_FORMS),
            others=_others(slug, rev),
            **around,
        )
    else:
        shown = published_view(found.content, language())
        page = render_template(
            "register/record.html",
            beside=beside(desk().engine, slug, language()),
            record=shown,
            files=[*_files(slug, _FORMS, rev), *_calendar(slug, shown, rev)],
            note=partial(url_for, ".note", slug=slug),
            revision=found.revision,
            newest=found.newest,
            others=_others(slug, rev),
            **around,
        )
    response = Response(page)
    if found.public:
        response.headers["Cache-Control"] = _PAGE_KEPT
        response.vary.add("Cookie")
    return response


@pages.get("/decisions/<slug>.pdf", endpoint="pdf", defaults={"form": "pdf"})
@pages.get("/decisions/<slug>.docx", endpoint="docx", defaults={"form": "docx"})
@pages.get("/decisions/<slug>.json", endpoint="json", defaults={"form": "json"})
@pages.get("/decisions/<slug>.csv", endpoint="csv", defaults={"form": "csv"})
@allow(anyone)
def file(slug: str, form: str) -> ResponseReturnValue:
    found = _visible(slug)
    content = FORMS[form].make(found.content, language())
    rev = f"-rev-{found.revision}" if found.revision != found.newest else ""
    return send_made(content, f"{slug}{rev}.{form}", FORMS[form].media_type, public=found.public)


@pages.get("/decisions/<slug>/countersignature")
@allow(anyone)
def countersignature(slug: str) -> ResponseReturnValue:
    """Send the word of the newer key for a record whose own was lost, to who may read it (T54)."""
    found = _visible(slug)
    if found.countersignature is None:
        raise NotFound(slug=slug)
    rev = f"-rev-{found.revision}" if found.revision != found.newest else ""
    name = f"{slug}{rev}-countersignature.json"
    return send_made(found.countersignature.encode(), name, "application/json", public=found.public)


@pages.get("/decisions/<slug>/notes/<sha256>")
@allow(anyone)
def note(slug: str, sha256: str) -> ResponseReturnValue:
    """Send a note that went with a reply, to who may read the record."""
    _visible(slug)
    found = sent_note(desk().engine, slug, sha256)
    if found is None:
        raise NotFound(slug=slug)
    return send_stored(desk(), found)


@pages.get("/decisions/<slug>.ics")
@allow(anyone)
def ics(slug: str) -> ResponseReturnValue:
    """Send the approved dates for calendars."""
    found = _visible(slug)
    content = record_ics(found.content, language())
    return send_made(content, f"{slug}.ics", MEDIA_TYPE, public=found.public)


@pages.route("/verify", methods=["GET", "POST"])
@allow(anyone)
@limited(VERIFY, "POST")
@takes(LARGEST + _AROUND)
def verify() -> ResponseReturnValue:
    form = CheckForm()
    checked = check(desk(), form) if form.validate_on_submit() else None
    status = 422 if form.errors else 200
    return render_template(
        "register/verify.html",
        form=form,
        checked=checked,
        faults=[(f"#{name}", said[0]) for name, said in form.errors.items()],
        faults_heading=_("Nothing was checked"),
    ), status


def _reader() -> Reader:
    who = visitor()
    if who is None:
        return Reader()
    return Reader(
        staff=bool(who.roles & _STAFF),
        members=who.actor.members,
        observer=who.actor.person_id if Role.OBSERVER in who.roles else None,
        now=desk().clock(),
    )


def _visible(slug: str) -> Published:
    """Return the record of *slug* if the reader may see it.

    Raises:
        NotFound: There is none, or it is not the reader's to see.
    """
    reader = _reader()
    observer = (reader.observer, reader.now) if reader.observer and reader.now else None
    found = published(desk().engine, slug, _revision(), observer)
    if found is None or not disclosed(
        State.PUBLISHED,
        Disclosure.AFTER_PUBLICATION,
        staff=reader.staff,
        on_roll=found.observed or bool(reader.members & found.members),
        published_to_all=found.public,
    ):
        raise NotFound(slug=slug)
    return found


def _revision() -> int | None:
    """Return the revision that the address asks for; the newest, if it asks for none."""
    given = request.args.get("rev")
    if given is None:
        return None
    if not _whole(given):
        raise NotFound(revision=given)
    return int(given)


def _wanted() -> Wanted:
    """Read the filters from the address; what is not understood does not narrow."""
    given = request.args
    year, page = given.get("year", ""), given.get("page", "")
    outcome = given.get("outcome", "")
    return Wanted(
        words=given.get("q", "").strip()[:200],
        body=given.get("body", "")[:64],
        year=int(year) if _whole(year) else None,
        outcome=Outcome(outcome) if outcome in set(Outcome) else None,
        page=int(page) if _whole(page) else 1,
    )


def _whole(digits: str) -> bool:
    return digits.isascii() and digits.isdecimal() and len(digits) <= 4  # noqa: PLR2004 - a year


def _choices() -> list[tuple[str, str]]:
    return [
        (Outcome.ADOPTED.value, _("Adopted, approved or appointed")),
        (Outcome.NOT_ADOPTED.value, _("Not adopted, approved or appointed")),
        (Outcome.INQUORATE.value, _("No decision: quorum not met")),
        (Outcome.UNDECIDED.value, _("No decision: equal approvals for the post")),
    ]


def _said(line: Line) -> str:
    """Say of which body a record is, when it closed and when it was published."""
    return str(
        _(
            "%(body)s. Closed %(closed)s, published %(published)s.",
            body=line.body,
            closed=instants.day(line.closed_on),
            published=instants.day(line.published_on),
        )
    )


def _files(slug: str, forms: tuple[str, ...], rev: int | None = None) -> list[tuple[str, str, str]]:
    words = {
        "pdf": _("PDF"),
        "docx": _("Word"),
        "json": _("JSON, for checking"),
        "csv": _("CSV") if forms == _TABLE_FORMS else _("CSV of positions"),
    }
    return [
        (url_for(f".{form}", slug=slug, rev=rev), words[form], FORMS[form].media_type)
        for form in forms
    ]


def _calendar(slug: str, shown: RecordView, rev: int | None) -> list[tuple[str, str, str]]:
    """Return the file of approved dates, for a record that has dates."""
    if not any(one.item.kind == "dates" for one in shown.items):
        return []
    return [(url_for(".ics", slug=slug, rev=rev), _("Approved dates for calendars"), MEDIA_TYPE)]


def _others(slug: str, rev: int | None) -> list[tuple[str, str, str]]:
    """Return the page in each language: address (none for this one), code, name."""
    return [
        (
            "" if code == language() else url_for(".record", slug=slug, lang=code, rev=rev),
            code,
            name,
        )
        for code, name in LANGUAGES.items()
    ]


def _page_address(number: int) -> str:
    given = [(name, value) for name, value in request.args.items() if name != "page"]
    return with_query(url_for(".decisions"), [*given, ("page", str(number))])
