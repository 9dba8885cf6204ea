"""Our codes in what people and banks write: with spaces, dashes, other widths, in the middle of words."""

import unicodedata

from payments.rules import REFERENCE_ALPHABET, normal_reference

LENGTH = 10

# A longer text is no purpose line; what stands beyond is not looked at.
LOOKED_AT = 1000


def references_in(text: str) -> tuple[str, ...]:
    """Everything in a text that may be a code of ours, in normal form and in order, each once.

    Case and width do not matter, nor do spaces, dashes and other marks before, after or inside a code. Two
    may overlap: a letter before a code can make another one with a right check sign, by chance one in 23.
    Which of them was ever given out, the caller asks the database.
    """
    plain = unicodedata.normalize("NFKC", text[:LOOKED_AT]).upper()
    signs = "".join(sign for sign in plain if sign.isalnum())
    pieces = (signs[start : start + LENGTH] for start in range(len(signs) - LENGTH + 1))
    codes = (normal_reference(piece) for piece in pieces if all(sign in REFERENCE_ALPHABET for sign in piece))
    return tuple(dict.fromkeys(code for code in codes if code is not None))
