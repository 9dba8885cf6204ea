"""Papers: documents on A4 sheets as PDF, in Chinese and English, whose text can be searched and copied.

Whoever issues one keeps the bytes with their digest: a paper that was handed out never changes.
"""

from marketplace.papers.bilingual import VOICES, Voice, both, label, lines
from marketplace.papers.capitals import yuan_in_capitals
from marketplace.papers.codes import CODE_LENGTH, grouped, new_code, read_code
from marketplace.papers.sheet import Bar, Sheet, printable

__all__ = [
    "CODE_LENGTH",
    "VOICES",
    "Bar",
    "Sheet",
    "Voice",
    "both",
    "grouped",
    "label",
    "lines",
    "new_code",
    "printable",
    "read_code",
    "yuan_in_capitals",
]
