"""Items written as the rows of a table that `core.itemrows` reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from consult.core.canonical import canonical
from consult.core.itemrows import AFTER, BEFORE, TEXTS


def written_items(
    items: Sequence[Mapping[str, Any]],
    headings: Sequence[Mapping[str, Any]],
    languages: Sequence[str],
    rules: Mapping[str, Mapping[str, Any]],
    documents: Mapping[str, str],
) -> list[list[str]]:
    """Return items as the rows of a table; the first names the columns.

    Args:
        rules: Those that have a name here; another is written out.
        documents: Of the letter, by their symbols; each is named by its SHA-256.
    """
    titles = {
        one["id"]: next((one["title"][code] for code in languages if one["title"].get(code)), "")
        for one in headings
    }
    texts = [(name, field, language) for name, field in TEXTS.items() for language in languages]
    rows = [[*BEFORE, *(f"{name}_{language}" for name, _field, language in texts), *AFTER]]
    symbols = {sha256: symbol for symbol, sha256 in documents.items()}
    for item in items:
        plain = {**item, "number": item["id"], "symbols": " ".join(item["symbols"])}
        plain["heading"] = titles.get(item["heading"]) or item["heading"]
        plain["rule"] = _rule(item["rule"], rules)
        plain["cv_document"] = symbols.get(item["cv_document"], item["cv_document"])
        rows.append(
            [
                *(str(plain[name] or "") for name in BEFORE),
                *((item.get(field) or {}).get(language, "") for _name, field, language in texts),
                *(str(plain.get(name) or "") for name in AFTER),
            ]
        )
    return rows


def _rule(own: Mapping[str, Any] | None, rules: Mapping[str, Mapping[str, Any]]) -> str:
    if own is None:
        return ""
    named = (name for name, data in rules.items() if data == own)
    return next(named, None) or canonical(own).decode()
