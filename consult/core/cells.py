"""Cells of a table that no spreadsheet takes for a formula, and the way back (T95)."""

_GUARD = "'"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", _GUARD)


def guarded(cell: str) -> str:
    """Return a cell with a mark before what a spreadsheet would take for a formula."""
    return _GUARD + cell if cell.startswith(_FORMULA) else cell


def unguarded(cell: str) -> str:
    """Take the mark of `guarded` off again."""
    return cell[1:] if cell.startswith(_GUARD) and cell[1:].startswith(_FORMULA) else cell
