"""Who stands for what, as tables: group by group, and how many come from each region."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from consult.queries.texts import pick

Texts = Mapping[str, str]

FEWEST = 2  # appointments from which on tables tell more than the items themselves
_NONE = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """A table in words: every row as long as the head; its first cell names the row."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """A post; *region* is None where one candidate of a group at most stands for it."""

    post: str
    region: str | None


def appointment_tables(
    content: Mapping[str, Any],
    regions: Sequence[Mapping[str, Any]],
    language: str,
    names: Mapping[str, Texts] | None = None,
    outcomes: Mapping[str, str] | None = None,
) -> tuple[Table, ...]:
    """Return the candidates by group, post and region, and the balance of regions.

    Nothing of a letter with fewer than two appointments. What was withdrawn is left out.

    Args:
        regions: Of the body, in its order, with ``id`` and ``name``.
        names: Of each member its names, to say who nominated.
        outcomes: Of each item what was decided, if it is.
    """
    items = [
        item
        for item in content["items"]
        if item["kind"] == "appointment" and not item.get("withdrawn_at")
    ]
    if len(items) < FEWEST:
        return ()
    said = {one["id"]: pick(one["name"], language) or one["id"] for one in regions}
    maker = _Maker(content, items, said, language)
    return maker.candidates(names or {}, outcomes or {}), *maker.balance()


class _Maker:
    def __init__(
        self,
        content: Mapping[str, Any],
        items: Sequence[Mapping[str, Any]],
        regions: Mapping[str, str],
        language: str,
    ) -> None:
        self._items, self._regions, self._language = items, regions, language
        self._headings = {one["id"]: pick(one["title"], language) for one in content["headings"]}
        self._columns = self._made_columns(list(dict.fromkeys(map(self._post, items))))
        self._posts = list(dict.fromkeys(column.post for column in self._columns))

    def candidates(self, names: Mapping[str, Texts], outcomes: Mapping[str, str]) -> Table:
        """Return a row for each group; a post has one column, or one for each region."""
        columns = self._columns
        cells: dict[str, dict[_Column, list[str]]] = {}
        for item in self._items:
            row = cells.setdefault(self._group(item), {})
            column = next(one for one in columns if self._stands_in(item, one))
            row.setdefault(column, []).append(self._words(item, column, names, outcomes))
        return Table(
            title=str(_("Candidates by group and post")),
            head=(str(_("Group")), *(self._head(column) for column in columns)),
            rows=tuple(
                (group, *("\n".join(row.get(column, [_NONE])) for column in columns))
                for group, row in cells.items()
            ),
        )

    def balance(self) -> tuple[Table, ...]:
        """Return of each region how many of its candidates stand for each post."""
        counts = Counter((self._region(item), self._post(item)) for item in self._items)
        shown = [*self._regions, *([""] if any(not region for region, _post in counts) else [])]
        if not self._regions:
            return ()
        return (
            Table(
                title=str(_("Candidates by region")),
                head=(str(_("Region")), *map(_post_words, self._posts), str(_("Together"))),
                rows=tuple(
                    (
                        self._region_words(region),
                        *(str(counts[region, post]) for post in self._posts),
                        str(sum(counts[region, post] for post in self._posts)),
                    )
                    for region in shown
                ),
            ),
        )

    def _made_columns(self, posts: Sequence[str]) -> list[_Column]:
        columns: list[_Column] = []
        for post in posts:
            several = Counter(self._group(item) for item in self._items if self._post(item) == post)
            used = {self._region(item) for item in self._items if self._post(item) == post}
            if max(several.values()) == 1 or len(used) == 1:
                columns.append(_Column(post, None))
                continue
            columns += [_Column(post, one) for one in [*self._regions, ""] if one in used]
        # The one post of a group, its chair, stands before those that several hold.
        return sorted(columns, key=lambda column: column.region is not None)

    def _stands_in(self, item: Mapping[str, Any], column: _Column) -> bool:
        return self._post(item) == column.post and column.region in {None, self._region(item)}

    def _head(self, column: _Column) -> str:
        post = _post_words(column.post)
        if column.region is None:
            return post
        region = self._region_words(column.region)
        return str(_("%(post)s, %(region)s", post=post, region=region))

    def _words(
        self,
        item: Mapping[str, Any],
        column: _Column,
        names: Mapping[str, Texts],
        outcomes: Mapping[str, str],
    ) -> str:
        who = pick(item["candidate"], self._language) or pick(item["title"], self._language)
        who = who or item["id"]
        if code := item["nominated_by"]:
            member = pick(names.get(code), self._language) or code
            who = str(_("%(candidate)s (%(member)s)", candidate=who, member=member))
        if column.region is None and (region := self._regions.get(self._region(item))):
            who = str(_("%(post)s, %(region)s", post=who, region=region))
        if outcome := outcomes.get(item["id"]):
            return str(_("%(field)s: %(fault)s", field=who, fault=outcome))
        return who

    def _group(self, item: Mapping[str, Any]) -> str:
        return item["group"] or self._headings.get(item["heading"]) or _NONE

    def _post(self, item: Mapping[str, Any]) -> str:
        return pick(item["post"], self._language)

    def _region(self, item: Mapping[str, Any]) -> str:
        return item["region"] if item["region"] in self._regions else ""

    def _region_words(self, region: str) -> str:
        return self._regions.get(region) or str(_("Without a region"))


def _post_words(post: str) -> str:
    return post or pgettext("appointment", "Post")
