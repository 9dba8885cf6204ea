"""Codes that a paper is checked by: printed for people, and not to be guessed."""

import re
import secrets

# Without letters that are read for a digit: RFC 4648 base32 leaves out 0, 1, 8 and 9 for the same reason.
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CODE_LENGTH = 20
_CODE = re.compile(f"[{_LETTERS}]{{{CODE_LENGTH}}}")

# What people type for a letter that looks alike, and what stands between the groups.
_READ_AS = str.maketrans("01", "OI", " -–—\t\u3000")


def new_code() -> str:
    """A fresh code of 20 letters and digits: 100 random bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH))


def grouped(code: str) -> str:
    """The code as it is printed, in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(text: str) -> str | None:
    """The code that somebody typed, whatever the spacing and case; None for what is none."""
    code = text.upper().translate(_READ_AS)
    return code if _CODE.fullmatch(code) else None
