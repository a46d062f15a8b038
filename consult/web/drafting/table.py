"""Items by table: pasted or from a file, looked at with their faults, then added all or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, TextAreaField

from consult.actions import drafting
from consult.actions.documents import ANNEX
from consult.core.arrangement import groups, in_order
from consult.core.canonical import normal, sha256_hex
from consult.core.itemrows import MOST_ITEMS, Known, Read, read_items
from consult.core.itemrows import Fault as Wrong
from consult.core.itemswritten import written_items
from consult.core.life import CommentPolicy, ItemKind, Kind
from consult.core.rule import parse
from consult.core.sheet import MEDIA_TYPE, write_sheet
from consult.core.tablefile import LARGEST, from_text, text_of
from consult.core.throttle import EXPORTS
from consult.documents.items import ItemView, item_view
from consult.documents.record_csv import write
from consult.errors import BadInput, Changed
from consult.queries.drafting import Draft, roll_for
from consult.web import security
from consult.web.drafting.faults import Fault, sentence
from consult.web.drafting.forms import DraftForm, made
from consult.web.drafting.page import (
    ITEMS,
    around,
    back,
    editing,
    load,
    pages,
    seen_now,
    steps,
)
from consult.web.drafting.rules import by_key, titles
from consult.web.forms import restored
from consult.web.frame import desk, language
from consult.web.policy import allow, limited, me, officer, takes
from consult.web.serving import send_made
from consult.wording import kinds
from consult.wording import rules as in_words

ADD = "add"
_AROUND = 256 * 1024  # what a form adds to the table
_SHOWN_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One item to be added, as the page shows it: what it says and what is wrong with it."""

    row: int
    kind: str
    heading: str
    rule: str
    item: ItemView
    faults: tuple[str, ...]


@pages.route("/office/<slug>/draft/2/table", methods=["GET", "POST"])
@allow(officer)
# A file beside what was pasted.
@takes(3 * LARGEST + _AROUND, memory=2 * LARGEST + _AROUND)
def table(slug: str) -> ResponseReturnValue:
    """Ask for a table; a POST shows its items with their faults, and adds what was shown."""
    draft = load(slug)
    form = _form(draft)
    if request.method == "GET" or restored():
        return _show(draft, form, None)
    if not form.validate():
        return _show(draft, form, None), 422
    try:
        _take_file(form)
        found = _read(draft, form.paste.data)
    except BadInput as refused:
        field = form.file if _sent(form) else form.paste
        field.errors = [_said(code) for code in refused.faults.values()]
        return _show(draft, form, None), 422
    fingerprint = sha256_hex(form.paste.data.encode())
    looked_at = form.shown.data == fingerprint
    form.shown.data = fingerprint
    if found.faults:
        return _show(draft, form, found), 422
    if form.do.data != ADD or not looked_at:
        return _show(draft, form, found)
    return _add(draft, form, found)


@pages.get("/office/<slug>/draft/2/items.csv", endpoint="items_csv")
@allow(officer)
@limited(EXPORTS)
def as_csv(slug: str) -> ResponseReturnValue:
    """Send the items of the draft as CSV."""
    draft = load(slug)
    return send_made(write(_rows(draft)), f"{slug}-items.csv", "text/csv; charset=utf-8")


@pages.get("/office/<slug>/draft/2/items.xlsx", endpoint="items_xlsx")
@allow(officer)
@limited(EXPORTS)
def as_xlsx(slug: str) -> ResponseReturnValue:
    """Send the items of the draft as a workbook."""
    return send_made(write_sheet(_rows(load(slug))), f"{slug}-items.xlsx", MEDIA_TYPE)


def _rows(draft: Draft) -> list[list[str]]:
    content = draft.content
    return written_items(
        content["items"],
        content["headings"],
        content["languages"],
        _rules(draft),
        _documents(draft),
    )


def _rules(draft: Draft) -> Mapping[str, Mapping[str, Any]]:
    """Return the rules that an item may have of its own; in a comment round it has none."""
    return {} if draft.content["kind"] == Kind.COMMENTS.value else by_key(draft)


def _documents(draft: Draft) -> Mapping[str, str]:
    """Return the annexes by their symbols; one whose symbol is no name is called by its SHA-256."""
    found: dict[str, str] = {}
    for one in draft.documents:
        if one.sha256 and one.purpose == ANNEX:
            named = one.symbol and one.symbol not in found
            found[(one.symbol if named else None) or one.sha256] = one.sha256
    return found


def _form(draft: Draft) -> Any:
    fields = {
        "paste": TextAreaField(
            _("Rows, pasted from a spreadsheet"),
            filters=[lambda text: normal(text or "").replace("\0", "")],
        ),
        "file": FileField(_("Or a file")),
        "shown": HiddenField(),
    }
    return made(DraftForm, fields)(data={"seen": draft.version})


def _sent(form: Any) -> FileStorage | None:
    sent = form.file.data
    return sent if isinstance(sent, FileStorage) and sent.filename else None


def _take_file(form: Any) -> None:
    """Let the table of a file stand in the place of what was pasted.

    Raises:
        BadInput: It is no table.
    """
    if sent := _sent(form):
        with security.judging_a_file():
            form.paste.data = normal(text_of(sent.read(LARGEST + 1), sent.filename or ""))


def _read(draft: Draft, text: str) -> Read:
    content, seats = draft.content, roll_for(desk().engine, draft, desk().clock(), "en").seats
    known = Known(
        languages=content["languages"],
        first=editing(draft),
        headings=content["headings"],
        taken=[item["id"] for item in content["items"]],
        members=frozenset(seat.code for seat in seats),
        regions=frozenset(group["id"] for group in draft.body.groups),
        is_zone=available_timezones().__contains__,
        rules=_rules(draft),
        documents=_documents(draft),
    )
    return read_items(from_text(text), known)


def _add(draft: Draft, form: Any, found: Read) -> ResponseReturnValue:
    whole = [*draft.content["items"], *found.items]
    new = {"headings": list(found.headings), "items": in_order(groups(found.headings, whole))}
    try:
        drafting.save(desk(), draft.slug, me().actor, new, seen=form.seen.data)
    except Changed:
        newer = load(draft.slug)
        seen_now(form, newer)
        return _show(newer, form, _read(newer, form.paste.data), changed=True), 409
    count = len(found.items)
    flash(ngettext("%(num)d item is added.", "%(num)d items are added.", count), "ok")
    return redirect(back(ITEMS, draft), 303)


def _show(draft: Draft, form: Any, found: Read | None, *, changed: bool = False) -> str:
    g.page = ("drafting.table", {"slug": draft.slug})
    wrong = found.faults if found else ()
    faults = [Fault(f"#{one.id}", str(error)) for one in form for error in one.errors]
    faults += [Fault("#paste", _placed(one)) for one in wrong[:_SHOWN_FAULTS]]
    return render_template(
        "drafting/table.html",
        form=form,
        changed=changed,
        lines=_lines(draft, found) if found else [],
        added=len(found.items) if found and not found.faults else 0,
        more=max(0, len(wrong) - _SHOWN_FAULTS),
        rules=titles(draft, language()) if _rules(draft) else [],
        kinds=[(kind.value, kinds.item_kind(kind)) for kind in ItemKind],
        faults=faults,
        conflicts=[],
        steps=steps(draft, ITEMS),
        **around(draft),
    )


def _lines(draft: Draft, found: Read) -> list[Line]:
    tongue = language()
    names = {
        seat.code: seat.name
        for seat in roll_for(desk().engine, draft, desk().clock(), tongue).seats
    }
    headings = {one["id"]: next(iter(one["title"].values()), "") for one in found.headings}
    return [
        Line(
            row=row,
            kind=kinds.item_kind(ItemKind(item["kind"])),
            heading=headings.get(item["heading"], ""),
            rule=in_words.title(parse(item["rule"]), tongue) if item["rule"] else "",
            item=item_view(item, tongue, names),
            faults=tuple(_beside(one) for one in found.faults if one.row == row),
        )
        for row, item in found.rows
    ]


def _placed(wrong: Wrong) -> str:
    row, said = wrong.row, _said(wrong.code)
    if not wrong.column:
        return str(_("Row %(row)s: %(fault)s", row=row, fault=said))
    return str(
        _("Row %(row)s, %(column)s: %(fault)s", row=row, column=wrong.column[:60], fault=said)
    )


def _beside(wrong: Wrong) -> str:
    said = _said(wrong.code)
    if not wrong.column:
        return said
    return str(_("%(field)s: %(fault)s", field=wrong.column[:60], fault=said))


def _said(code: str) -> str:
    """Return what to do about a fault of a table."""
    longer, _colon, most = code.partition(":")
    if longer == "longer":
        return str(_("Shorten it to %(most)s characters.", most=most))
    said: dict[str, str] = {
        "no-rows": _("Give a first row with the names of the columns, and a row for each item."),
        "rows-many": _("Take at most %(most)s items at once.", most=MOST_ITEMS),
        "columns-many": _("It has too many columns."),
        "table-broken": _("It cannot be read as a table."),
        "table-large": _("Choose a file of at most %(most)s MB.", most=LARGEST // 1024**2),
        "table-kind": _("Choose a CSV file in UTF-8 or an XLSX file."),
        "file-not-text": _("Save it as CSV in UTF-8, or as XLSX, and try again."),
        "column-unknown": _("No column has this name."),
        "column-unnamed": _("Give the column a name in the first row."),
        "column-twice": _("This column comes twice."),
        "column-missing": _("This column is missing."),
        "kind-unknown": _("Write one of these: %(words)s.", words=", ".join(ItemKind)),
        "comments-unknown": _("Write one of these: %(words)s.", words=", ".join(CommentPolicy)),
        "not-of-kind": _("Leave it empty: an item of this kind has no place for it."),
        "day-shape": _("Write the day as in %(day)s.", day="2021-06-08"),
        "zone-unknown": _("Write a time zone as in %(zone)s.", zone="Europe/Zurich"),
        "seats-shape": _("Write a number from 1 to 99"),
        "rule-unknown": _("Write the short name of a rule that an item of this letter may have."),
        "document-unknown": _("Write the symbol of a document of this letter."),
    }
    return said.get(code) or sentence(code)
