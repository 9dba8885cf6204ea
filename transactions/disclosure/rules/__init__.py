"""The rules of disclosure: pure; facts, a reader and a day in, what may be shown out."""

from .ages import ADVICE_MONTHS, STATISTICS_MONTHS, months_before, old_enough, quarter_of
from .cells import Block, Contribution, blocks, crowds, publishable
from .coarse import Generalised, OfficeGroup, generalised, two_figures
from .readers import ANYBODY, Reader, ReaderKind, owns, released
from .showing import CONFIDENTIAL, EXACT_FIELDS, NEVER, Shown, shown

__all__ = [
    "ADVICE_MONTHS",
    "ANYBODY",
    "CONFIDENTIAL",
    "EXACT_FIELDS",
    "NEVER",
    "STATISTICS_MONTHS",
    "Block",
    "Contribution",
    "Generalised",
    "OfficeGroup",
    "Reader",
    "ReaderKind",
    "Shown",
    "blocks",
    "crowds",
    "generalised",
    "months_before",
    "old_enough",
    "owns",
    "publishable",
    "quarter_of",
    "released",
    "shown",
    "two_figures",
]
