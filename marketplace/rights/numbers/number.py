"""A number of a right in its one spelling, and what can be wrong with one."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from marketplace.rights.rules import RightType


class NumberKind(StrEnum):
    CN_APPLICATION = "cn_application"
    CN_PUBLICATION = "cn_publication"
    PATENT_APPLICATION = "patent_application"
    PATENT_PUBLICATION = "patent_publication"
    TRADEMARK = "trademark"
    COPYRIGHT = "copyright"


class NumberReason(StrEnum):
    NUMBER_NOT_RECOGNISED = "number_not_recognised"
    CHECK_DIGIT_WRONG = "check_digit_wrong"
    NUMBER_OF_ANOTHER_TYPE = "number_of_another_type"
    PUBLICATION_IN_PLACE_OF_NUMBER = "publication_in_place_of_number"
    NOT_A_PUBLICATION_NUMBER = "not_a_publication_number"


@dataclass(frozen=True, slots=True)
class Number:
    """A number in its one spelling.

    Attributes:
        text: as it is kept and shown, for example CN201110093145.7, CN114081026A, US9189575, 2015SR123456.
        kind_code: of a publication (A, B2 …); part of `text` for Chinese publications only, where it is
            customary and tells the type of right.
        right_type: what the number itself says; None where it says nothing.
    """

    kind: NumberKind
    text: str
    kind_code: str = ""
    right_type: RightType | None = None


def squeeze(text: str) -> str:
    """One case and one width, without blanks, commas and hyphens; full stops and strokes stay."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[\s,_\-‐‑–—]+", "", plain).removeprefix("NO.")
