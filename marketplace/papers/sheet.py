"""One paper, drawn from top to bottom; pages are broken by themselves. Lengths are millimetres.

The font is embedded as the characters that are used, with their meaning, so that text can be searched, copied
and read aloud on every machine.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import segno
from fontTools.ttLib import TTFont
from fpdf import FPDF, Align, XPos, YPos
from fpdf.enums import VAlign
from fpdf.fonts import FontFace

_FONT = Path(__file__).with_name("wqy-microhei.ttf")
_FAMILY = "paper"
_MARGIN, _FOOT = 18, 15
_LINE = 1.55  # line height by size
_MILLIMETRE = 0.3528  # of a point

_INK, _QUIET, _RULE, _SEAL = (28, 32, 40), (98, 104, 114), (196, 200, 206), (166, 38, 33)

# What stands for a character that the font lacks, with the character's number beside it.
_GETA = "〓"


@cache
def _known() -> frozenset[int]:
    with TTFont(_FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """The text as it can be printed: a rare character becomes 〓 with its number, an invisible one goes."""
    return "".join(_printed(letter) for letter in text)


def _printed(letter: str) -> str:
    if ord(letter) in _known() or letter == "\n":
        return letter
    if unicodedata.category(letter)[0] == "C":
        return ""
    return " " if letter.isspace() else f"{_GETA}(U+{ord(letter):04X})"


class _Document(FPDF):
    """Pages with the same line at their foot."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4", unit="mm")
        self.foot = foot

    def footer(self) -> None:
        self.set_y(2 - _FOOT)
        self.set_font(_FAMILY, size=8)
        self.set_text_color(*_QUIET)
        self.cell(0, 5, self.foot, new_x=XPos.LMARGIN, new_y=YPos.TOP)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align=Align.R)


class Sheet:
    """A paper in the making.

    Args:
        title: of the document, for its properties; not drawn.
        issuer: who issues it, likewise.
        foot: at the foot of every page.
        issued_at: its date in the properties.
    """

    def __init__(self, *, title: str, issuer: str, foot: str, issued_at: datetime) -> None:
        self._pdf = pdf = _Document(printable(foot))
        pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
        pdf.set_auto_page_break(auto=True, margin=_FOOT)
        pdf.add_font(_FAMILY, fname=_FONT)
        pdf.set_title(title)
        pdf.set_author(issuer)
        pdf.set_lang("zh-CN")
        pdf.set_creation_date(issued_at)
        pdf.add_page()

    def heading(self, text: str, under: str = "") -> None:
        """The paper's title, with its second language under it, and a rule in the colour of a seal."""
        self._write(text, size=20)
        if under:
            self._write(under, size=11, colour=_QUIET)
        self._rule(_SEAL)

    def section(self, text: str) -> None:
        """The head of a part."""
        self.space(1.5)
        self._write(text, size=11)

    def paragraph(self, text: str, *, quiet: bool = False) -> None:
        """Plain sentences."""
        self._write(text, size=8.5 if quiet else 10, colour=_QUIET if quiet else _INK)
        self.space(1)

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Names at the left, what they are at the right, a fine rule between."""
        self._table([list(row) for row in rows], widths=(30, 70), rights=frozenset(), head=None)

    def table(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        widths: Sequence[int],
        numbers: frozenset[int],
    ) -> None:
        """A table with its head repeated on every page; `numbers` are the columns set to the right."""
        self._table([list(row) for row in rows], widths=widths, rights=numbers, head=list(head))

    def code(self, url: str, side: float = 24) -> None:
        """A square at the top right that a telephone reads, leading to `url`; called before the heading."""
        matrix = segno.make(url, error="m", micro=False).matrix
        step, pdf = side / len(matrix), self._pdf
        left, top = pdf.w - pdf.r_margin - side, pdf.t_margin - 6
        with pdf.local_context(fill_color=_INK):  # a colour left behind would fill the tables below
            for row, cells in enumerate(matrix):
                for column, dark in enumerate(cells):
                    if dark:
                        pdf.rect(left + column * step, top + row * step, step, step, style="F")

    def space(self, height: float) -> None:
        """An empty stretch."""
        self._pdf.ln(height)

    def finished(self) -> bytes:
        """The document as bytes."""
        return bytes(self._pdf.output())

    def _write(self, text: str, *, size: float, colour: tuple[int, int, int] = _INK) -> None:
        self._pdf.set_font(_FAMILY, size=size)
        self._pdf.set_text_color(*colour)
        height = size * _MILLIMETRE * _LINE
        self._pdf.multi_cell(0, height, printable(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _rule(self, colour: tuple[int, int, int]) -> None:
        pdf = self._pdf
        pdf.set_draw_color(*colour)
        pdf.set_line_width(0.6)
        pdf.line(pdf.l_margin, pdf.get_y() + 2, pdf.w - pdf.r_margin, pdf.get_y() + 2)
        pdf.ln(5)

    def _table(
        self, rows: list[list[str]], *, widths: Sequence[int], rights: frozenset[int], head: list[str] | None
    ) -> None:
        pdf = self._pdf
        pdf.set_font(_FAMILY, size=10)
        pdf.set_text_color(*_INK)
        pdf.set_draw_color(*_RULE)
        pdf.set_line_width(0.2)
        aligns: list[Any] = [Align.R if place in rights else Align.L for place in range(len(widths))]
        with pdf.table(
            col_widths=tuple(widths),
            text_align=tuple(aligns),
            first_row_as_headings=head is not None,
            headings_style=FontFace(color=_QUIET),
            borders_layout="HORIZONTAL_LINES",
            line_height=10 * _MILLIMETRE * _LINE,
            padding=(0.7, 1),
            v_align=VAlign.T,
        ) as table:
            for cells in ([head] if head else []) + rows:
                line = table.row()
                for cell in cells:
                    line.cell(printable(cell))
