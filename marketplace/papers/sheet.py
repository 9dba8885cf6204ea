"""One paper, drawn from top to bottom; pages are broken by themselves. Lengths are millimetres.

The font is embedded as the characters that are used, with their meaning, so that text can be searched, copied
and read aloud on every machine.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
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
# The characters of GB 2312 alone: a third of the font, and read in a third of the time. Few papers need more.
_COMMON_FONT = Path(__file__).with_name("wqy-microhei-common.ttf")
_RARE_FAMILY = "rare"
_MARGIN, _FOOT = 18, 15
_PART = 34  # what the head of a part and its first rows need
_LINE = 1.55  # line height by size
_MILLIMETRE = 0.3528  # of a point

_INK, _QUIET, _RULE, _SEAL = (28, 32, 40), (98, 104, 114), (196, 200, 206), (166, 38, 33)
_BAR = (120, 134, 150)

# What stands for a character that the font lacks, with the character's number beside it.
_GETA = "〓"


@cache
def _known(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """The text as it can be printed: a rare character becomes 〓 with its number, an invisible one goes."""
    return "".join(_printed(letter) for letter in text)


def _printed(letter: str) -> str:
    if ord(letter) in _known(_FONT) or letter == "\n":
        return letter
    if unicodedata.category(letter)[0] == "C":
        return ""
    return " " if letter.isspace() else f"{_GETA}(U+{ord(letter):04X})"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `start` and `length` in one measure for all bars of a picture.

    Attributes:
        strong: in the colour of a seal, for the whole.
    """

    name: str
    amount: str
    start: int
    length: int
    strong: bool = False


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
        language: its main language, for programs that read it aloud.
    """

    def __init__(
        self, *, title: str, issuer: str, foot: str, issued_at: datetime, language: str = "zh-CN"
    ) -> None:
        self._pdf = pdf = _Document(printable(foot))
        self._rare = False
        pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
        pdf.set_auto_page_break(auto=True, margin=_FOOT)
        pdf.add_font(_FAMILY, fname=_COMMON_FONT)
        self._printable(foot)
        pdf.set_title(title)
        pdf.set_author(issuer)
        pdf.set_lang(language)
        pdf.set_creation_date(issued_at)
        pdf.add_page()

    def _printable(self, text: str) -> str:
        """The text as it can be printed, with a font at hand for each of its characters."""
        text, common = printable(text), _known(_COMMON_FONT)
        if not self._rare and any(ord(letter) not in common and letter != "\n" for letter in text):
            self._pdf.add_font(_RARE_FAMILY, fname=_FONT)
            self._pdf.set_fallback_fonts([_RARE_FAMILY])
            self._rare = True
        return text

    def heading(self, text: str, under: str = "") -> None:
        """The paper's title, with its second language under it, and a rule in the colour of a seal."""
        self._write(text, size=20)
        if under:
            self._write(under, size=11, colour=_QUIET)
        self._rule(_SEAL)

    def section(self, text: str) -> None:
        """The head of a part, on the same page as its beginning."""
        self.space(1.5)
        if self._pdf.will_page_break(_PART):
            self._pdf.add_page()
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

    def bars(self, bars: Sequence[Bar]) -> None:
        """Bars of parts that follow one another, each with its name at the left, its amount at the right."""
        pdf, whole = self._pdf, max((bar.start + bar.length for bar in bars), default=0) or 1
        name, amount, height = 58, 36, 6.5
        room = pdf.epw - name - amount
        for bar in bars:
            if pdf.will_page_break(height):
                pdf.add_page()
            top = pdf.get_y()
            left = pdf.l_margin + name + room * bar.start / whole
            with pdf.local_context(fill_color=_SEAL if bar.strong else _BAR):
                pdf.rect(left, top + 1.2, max(room * bar.length / whole, 0.3), height - 2.4, style="F")
            pdf.set_font(_FAMILY, size=8.5)
            pdf.set_text_color(*_INK)
            pdf.set_xy(pdf.l_margin, top)
            pdf.cell(name, height, self._fitted(bar.name, name - 2))
            pdf.set_xy(pdf.w - pdf.r_margin - amount, top)
            pdf.cell(
                amount,
                height,
                self._printable(bar.amount),
                align=Align.R,
                new_x=XPos.LMARGIN,
                new_y=YPos.NEXT,
            )
        self.space(2)

    def _fitted(self, text: str, width: float) -> str:
        """As much of a text as one line holds; a longer one is in full in the table below."""
        line = self._printable(text).replace("\n", " ")
        if self._pdf.get_string_width(line) <= width:
            return line
        while line and self._pdf.get_string_width(f"{line}…") > width:
            line = line[:-1]
        return f"{line}…"

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
        self._pdf.multi_cell(
            0, height, self._printable(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

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
                    line.cell(self._printable(cell))
