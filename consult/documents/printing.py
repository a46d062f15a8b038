"""Sets a value with a typst template: the same input gives the same bytes, nothing is fetched."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

_PACKAGE = Path(str(resources.files("consult")))
_FONTS = _PACKAGE / "fonts"
_TEMPLATES = _PACKAGE / "documents"
_NO_GLYPH = "could not be displayed"


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """Return a tagged, archival PDF (PDF/UA-1, PDF/A-2a).

    A character that no font of ours has would stop that: then the fonts of the machine are asked
    too, the file has no archival mark and says so (``archival`` is False in the template).

    Args:
        template: Name of a file in ``consult/documents``, without its ending.
        data: What it prints, as JSON can hold it; text in it is text, never markup.
    """
    import typst  # noqa: PLC0415 - heavy, and few pages need it

    path = _TEMPLATES / f"{template}.typ"
    try:
        return bytes(
            typst.compile(
                path,
                format="pdf",
                font_paths=[_FONTS],
                ignore_system_fonts=True,
                sys_inputs=_inputs(data, archival=True),
                pdf_standards=["a-2a", "ua-1"],
            )
        )
    except typst.TypstError as error:
        if _NO_GLYPH not in str(error):
            raise
    return bytes(
        typst.compile(
            path, format="pdf", font_paths=[_FONTS], sys_inputs=_inputs(data, archival=False)
        )
    )


def _inputs(data: dict[str, Any], *, archival: bool) -> dict[str, str]:
    return {"data": json.dumps(data | {"archival": archival}, ensure_ascii=False)}
