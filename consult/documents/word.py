"""A Word file with the fonts and the direction of its language; what all our Word files share."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from consult.documents.prose import Block, Run
from consult.wording import RTL

_SERIF = {"w:ascii": "Noto Serif", "w:hAnsi": "Noto Serif"}
_SANS = {"w:ascii": "Noto Sans", "w:hAnsi": "Noto Sans"}
_OTHERS = {"w:cs": "Noto Naskh Arabic", "w:eastAsia": "Noto Sans CJK SC"}
_LOCALES = {
    "en": "en-GB",
    "fr": "fr-FR",
    "es": "es-ES",
    "ru": "ru-RU",
    "zh": "zh-CN",
    "ar": "ar-SA",
}
# What may follow w:bidi in w:pPr: the schema fixes the order.
_AFTER_BIDI = (
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:mirrorIndents",
    "w:jc",
    "w:rPr",
    "w:sectPr",
)
_LONGEST_TITLE = 255  # characters of a property
_NOT_IN_XML = re.compile("[^\n\t -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIZES = {"Heading 1": 19, "Heading 2": 14, "Heading 3": 12, "Heading 4": 11, "Heading 5": 10}


class Word:
    """A Word file that is written from top to bottom."""

    def __init__(self, language: str, title: str, day: str) -> None:
        """Begin a file.

        Args:
            day: Its date as ISO text, never today's: the same input gives the same file.
        """
        from docx import Document  # noqa: PLC0415 - heavy, and few pages need it

        self.rtl = language in RTL
        self.file = Document()
        self._language = language
        written = datetime.fromisoformat(day).replace(tzinfo=UTC)
        core = self.file.core_properties
        core.title, core.author, core.comments = _clean(title)[:_LONGEST_TITLE], "", ""
        core.created = core.modified = written
        core.language = _LOCALES.get(language, language)
        self._style("Normal", _SANS, 10)
        for name, size in _SIZES.items():
            self._style(name, _SERIF, size, heading=True)

    def bytes(self) -> bytes:
        """Return the file."""
        out = io.BytesIO()
        self.file.save(out)
        return _undated(out.getvalue())

    def landscape(self) -> None:
        """Turn the page on its side, for a wide table."""
        from docx.enum.section import WD_ORIENT  # noqa: PLC0415 - heavy

        page = self.file.sections[0]
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = page.page_height, page.page_width

    def heading(self, text: str, level: int) -> None:
        """Write a heading."""
        self._set(self.file.add_heading("", level), [Run(text)])

    def paragraph(self, text: str, *, strong: bool = False, style: str | None = None) -> None:
        """Write a paragraph of one kind of words."""
        self.runs([Run(text, strong=strong)], style)

    def runs(self, runs: Sequence[Run], style: str | None = None) -> None:
        """Write a paragraph."""
        self._set(self.file.add_paragraph(style=style), runs)

    def prose(self, blocks: Sequence[Block], level: int = 4) -> None:
        """Write small Markdown."""
        for block in blocks:
            if block.kind == "heading":
                self._set(self.file.add_heading("", level), block.runs)
            elif block.kind == "paragraph":
                self.runs(block.runs)
            else:
                self._points(block, level)

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[int] = ()
    ) -> None:
        """Write a table whose first row is repeated on each page.

        Args:
            shares: How wide the columns are beside each other; empty for all alike.
        """
        from docx.enum.table import WD_TABLE_DIRECTION  # noqa: PLC0415 - heavy
        from docx.oxml import OxmlElement  # noqa: PLC0415 - heavy

        table = self.file.add_table(rows=0, cols=len(head), style="Table Grid")
        if self.rtl:
            table.table_direction = WD_TABLE_DIRECTION.RTL
        widths = self._widths(shares or [1] * len(head))
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for number, row in enumerate([head, *rows]):
            cells = table.add_row().cells
            for cell, words, width in zip(cells, row, widths, strict=True):
                cell.width = width
                self._set(cell.paragraphs[0], [Run(words, strong=number == 0)])
        if head:
            properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no other way
            properties.append(OxmlElement("w:tblHeader"))
        self.file.add_paragraph()

    def _widths(self, shares: Sequence[int]) -> list[int]:
        page = self.file.sections[0]
        whole = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
        return [whole * share // sum(shares) for share in shares]

    def _points(self, block: Block, level: int) -> None:
        style = "List Bullet" if block.kind == "bullets" else None
        for number, item in enumerate(block.items, block.start):
            first, *others = item or (Block("paragraph"),)
            if style:
                self.runs(first.runs, style)
            else:
                self.runs([Run(f"{number}. "), *first.runs])
            self.prose(others, level)

    def _set(self, paragraph: Any, runs: Sequence[Run]) -> None:
        from docx.oxml import OxmlElement  # noqa: PLC0415 - heavy

        if self.rtl:
            properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no other way
            properties.insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)
        for run in runs:
            written = paragraph.add_run(_clean(run.text))
            written.bold = written.font.cs_bold = run.strong or None
            written.italic = (run.em and self._language not in {"ar", "zh"}) or None
            if self.rtl:
                written.font.rtl = True

    def _style(self, name: str, fonts: dict[str, str], size: int, *, heading: bool = False) -> None:
        from docx.oxml import OxmlElement  # noqa: PLC0415 - heavy
        from docx.oxml.ns import qn  # noqa: PLC0415 - heavy
        from docx.shared import Pt, RGBColor  # noqa: PLC0415 - heavy

        style = self.file.styles[name]
        style.font.size = Pt(size)
        if heading:
            style.font.color.rgb = RGBColor(0x1B, 0x21, 0x27)
        properties = style.element.get_or_add_rPr()
        named = properties.get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            named.attrib.pop(qn(f"w:{theme}"), None)
        for place, font in {**fonts, **_OTHERS}.items():
            named.set(qn(place), font)
        complex_size = OxmlElement("w:szCs")
        complex_size.set(qn("w:val"), str(size * 2))
        spoken = OxmlElement("w:lang")
        locale = _LOCALES.get(self._language, self._language)
        for place in ("w:val", "w:eastAsia", "w:bidi"):
            spoken.set(qn(place), locale)
        for element in properties.findall(qn("w:szCs")) + properties.findall(qn("w:lang")):
            properties.remove(element)
        properties.insert_element_before(complex_size, *_AFTER_SIZE)
        properties.insert_element_before(spoken, *_AFTER_LANGUAGE)


_AFTER_LANGUAGE = ("w:eastAsianLayout", "w:specVanish", "w:oMath")
_AFTER_SIZE = (
    "w:highlight",
    "w:u",
    "w:effect",
    "w:bdr",
    "w:shd",
    "w:fitText",
    "w:vertAlign",
    "w:rtl",
    "w:cs",
    "w:em",
    "w:lang",
    *_AFTER_LANGUAGE,
)


def _undated(raw: bytes) -> bytes:
    """Pack the file again without the instant at which its parts were packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as made, zipfile.ZipFile(out, "w") as packed:
        for part in made.infolist():
            named = zipfile.ZipInfo(part.filename)  # of 1980, as every ZipInfo is at first
            named.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(named, made.read(part))
    return out.getvalue()


def _clean(text: str) -> str:
    """Leave out what XML cannot hold."""
    return _NOT_IN_XML.sub("", text)
