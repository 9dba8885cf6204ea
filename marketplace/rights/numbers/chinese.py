"""Numbers of Chinese patents.

An application number is year, type digit, serial and check digit, for example CN201710601862.3. The check
digit is the sum of the digits weighted 2 to 9, then 2 to 5 again, modulo 11, with 10 written X. Numbers
before October 2003 have a year of two digits and a serial of five. The publication number of the same patent
cannot be computed from it, only looked up.
"""

import re

from marketplace.errors import Refused
from marketplace.rights.numbers.number import Number, NumberKind, NumberReason
from marketplace.rights.rules import RightType

_TYPE_DIGITS = {
    "1": RightType.INVENTION,
    "2": RightType.UTILITY_MODEL,
    "3": RightType.DESIGN,
    "8": RightType.INVENTION,  # an international (PCT) application that entered China as an invention
    "9": RightType.UTILITY_MODEL,  # the same as a utility model
}
_KIND_LETTERS = {
    "A": RightType.INVENTION,
    "B": RightType.INVENTION,
    "C": RightType.INVENTION,
    "U": RightType.UTILITY_MODEL,
    "Y": RightType.UTILITY_MODEL,
    "S": RightType.DESIGN,
    "D": RightType.DESIGN,
}

_LONG = r"(?:200[3-9]|20[1-9][0-9])[12389][0-9]{7}"
_SHORT = r"(?:8[5-9]|9[0-9]|0[0-3])[12389][0-9]{5}"
_APPLICATION = re.compile(rf"(?:CN|ZL){{0,2}}({_LONG}|{_SHORT})\.?([0-9X])?")
_PUBLICATION = re.compile(r"(?:CN)?([0-9]{7,9})([ABCUYSD])([0-9]?)")


def check_digit(digits: str) -> str:
    """The check digit of an application number of 8 or 12 digits: 0-9 or X."""
    weighted = (int(digit) * (2 + place % 8) for place, digit in enumerate(digits))
    remainder = sum(weighted) % 11
    return "X" if remainder == 10 else str(remainder)


def application(written: str) -> Number | None:
    """An application number; raises Refused with the right one as `suggestion` for a wrong check digit."""
    match = _APPLICATION.fullmatch(written)
    if match is None:
        return None
    digits, given = match[1], match[2]
    right = check_digit(digits)
    if given not in {None, right}:
        wrong, suggestion = f"CN{digits}.{given}", f"CN{digits}.{right}"
        reason = NumberReason.CHECK_DIGIT_WRONG
        raise Refused(reason, field="number", number=wrong, suggestion=suggestion)
    type_digit = digits[4] if len(digits) == 12 else digits[2]
    return Number(NumberKind.CN_APPLICATION, f"CN{digits}.{right}", right_type=_TYPE_DIGITS[type_digit])


def publication(written: str) -> Number | None:
    """A publication or grant number such as CN114081026A; its kind must fit its type digit."""
    match = _PUBLICATION.fullmatch(written)
    if match is None:
        return None
    digits, letter = match[1], match[2]
    # Until 1989 it was the application number with the kind behind it.
    type_digit = digits[2] if len(digits) == 8 else digits[0]
    right_type = _KIND_LETTERS[letter]
    if _TYPE_DIGITS.get(type_digit) is not right_type:
        return None
    kind_code = letter + match[3]
    return Number(NumberKind.CN_PUBLICATION, f"CN{digits}{letter}", kind_code, right_type)
