"""Names and registration numbers of institutions: written so that no two can be taken for each other. Pure.

Comparison follows the idea of Unicode Technical Standard 39: names are compared by a skeleton in which
characters that look alike are one. The table below is small on purpose: the letters of Greek and Cyrillic
that a Latin name can be forged with. NFKC takes care of full-width and mathematical letters.
"""

import re
import unicodedata

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from marketplace.errors import Refused
from marketplace.parties.rules import Reason

# Letter by letter what it is taken for, after case folding; capital I, small l and the figure 1 are one.
_LOOKALIKES = str.maketrans(
    {
        **dict(zip("аеорсухѕіјһԁԛԝкмтвнгпзьӏ", "aeopcyxsljhdqwkmtbhrn3bl", strict=True)),
        **dict(zip("αοερνικτυχγβμηωϲϳσ", "aoepvlktuxybmnwcjo", strict=True)),
        **dict(zip("i10ı", "llol", strict=True)),
    }
)

# Controls, format marks (bidirectional, zero width), private use, surrogates and unassigned characters.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})

_FOREIGN_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z./-]{2,38}[0-9A-Z]")


def clean_name(text: str, field: str = "name") -> str:
    """The name in NFC with single spaces.

    Raises:
        Refused: it holds control, bidirectional or invisible characters, or nothing that can be read aloud.
    """
    if any(unicodedata.category(character) in _REFUSED_CATEGORIES for character in text):
        raise Refused(Reason.NAME_CHARACTERS, field=field)
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name_key(name):
        raise Refused(Reason.NAME_CHARACTERS, field=field)
    return name


def name_key(name: str) -> str:
    """The skeleton of a name: without case, width, spaces, punctuation and accents, lookalikes merged."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    letters = (character for character in folded if unicodedata.category(character)[0] in "LN")
    return "".join(letters).translate(_LOOKALIKES)[:200]


def clean_email(text: str) -> str:
    """The address in the one spelling under which people are kept: trimmed, NFKC, without case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()[:254]


def clean_registration_number(country: str, text: str) -> str:
    """The company's number at its state's register, canonical.

    For China the 统一社会信用代码 with its check character (GB 32100-2015); elsewhere only the form is
    checked: 4 to 40 Latin letters and digits, with `.`, `/` and `-` inside.

    Raises:
        Refused: naming what is wrong with it.
    """
    number = unicodedata.normalize("NFKC", text).upper().replace(" ", "")
    if not number.isascii():
        raise Refused(Reason.NUMBER_FORM, field="registration_number")
    if country == "CN":
        return _unified_social_credit_code(number)
    if not _FOREIGN_NUMBER.fullmatch(number):
        raise Refused(Reason.NUMBER_FORM, field="registration_number")
    return number


_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
# Where companies' numbers begin with 11 … 82, the provinces of GB/T 2260.
_PROVINCES = range(11, 83)


def clean_region(country: str, text: str) -> str:
    """A declared region, canonical: empty, or the country and its subdivision as ISO 3166-2 joins them.

    Raises:
        Refused: it is not of that form, or of another country.
    """
    region = unicodedata.normalize("NFKC", text).upper().replace(" ", "")
    if not region:
        return ""
    if not _REGION.fullmatch(region):
        raise Refused(Reason.REGION_FORM, field="region")
    if region[:2] != country:
        raise Refused(Reason.REGION_ABROAD, field="region")
    return region


def region_of(country: str, registration_number: str, declared: str = "") -> str:
    """The region as declared, else of the register a Chinese company is in, as CN-37; else empty.

    A 统一社会信用代码 holds in its third to eighth places the division of the register, by GB/T 2260.
    """
    if declared or country != "CN":
        return declared
    digits = registration_number[2:4]
    known = digits.isascii() and digits.isdigit() and int(digits) in _PROVINCES
    return f"CN-{digits}" if known else ""


def _unified_social_credit_code(number: str) -> str:
    try:
        return str(uscc.validate(number))
    except InvalidChecksum:
        raise Refused(Reason.NUMBER_CHECK, field="registration_number") from None
    except ValidationError:
        raise Refused(Reason.NUMBER_FORM, field="registration_number") from None
