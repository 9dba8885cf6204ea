"""Verbs of the contest: filing under seal, opening and scoring, setting the fee apart."""

from .fees import set_fee_apart
from .filing import Filed, file, file_estimate, own_estimate, say_named
from .opening import open_due

__all__ = [
    "Filed",
    "file",
    "file_estimate",
    "open_due",
    "own_estimate",
    "say_named",
    "set_fee_apart",
]
