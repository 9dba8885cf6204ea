"""Numbers of patents, trademarks and copyrights: read in the many ways people write them, kept in one."""

from collections.abc import Callable

from marketplace.errors import Refused
from marketplace.rights.numbers.chinese import application, check_digit, publication
from marketplace.rights.numbers.foreign import patent as foreign_patent
from marketplace.rights.numbers.number import Number, NumberKind, NumberReason, squeeze
from marketplace.rights.numbers.registers import copyright_registration, trademark
from marketplace.rights.rules import PATENTS, RightType

__all__ = [
    "Number",
    "NumberKind",
    "NumberReason",
    "check_digit",
    "parse",
    "parse_own",
    "parse_publication",
]

Reader = Callable[[str], Number | None]

_PATENT: tuple[Reader, ...] = (application, publication, foreign_patent)
_COPYRIGHT: tuple[Reader, ...] = (copyright_registration,)
_TRADEMARK: tuple[Reader, ...] = (trademark,)
_OTHERS = {RightType.COPYRIGHT: _COPYRIGHT, RightType.TRADEMARK: _TRADEMARK}


def parse(text: str, right_type: RightType | None = None) -> Number:
    """Read any number of a right; with a type, only a number that a right of this type can have.

    Full-width characters, blanks, hyphens, lower case and a leading ZL are understood. A Chinese application
    number without its check digit gets it. Without a type, bare digits are tried as a patent's first.

    Raises:
        Refused: NUMBER_NOT_RECOGNISED; CHECK_DIGIT_WRONG, whose details hold `suggestion`, the number as it
            would be right; NUMBER_OF_ANOTHER_TYPE where the number says something else than the type.
    """
    written = squeeze(text)
    every = (*_PATENT, *_COPYRIGHT, *_TRADEMARK)
    readers = every if right_type is None else _OTHERS.get(right_type, _PATENT)
    number = next((found for reader in readers if (found := reader(written))), None)
    if number is None:
        raise Refused(NumberReason.NUMBER_NOT_RECOGNISED, field="number", number=text.strip()[:60])
    if right_type in PATENTS and number.right_type not in {None, right_type}:
        reason = NumberReason.NUMBER_OF_ANOTHER_TYPE
        raise Refused(reason, field="number", number=number.text, type=number.right_type)
    return number


def parse_own(text: str, right_type: RightType) -> Number:
    """Read the number a right is filed under: for a Chinese patent its application number (ZL…).

    Raises:
        Refused: as `parse`; PUBLICATION_IN_PLACE_OF_NUMBER for a Chinese publication number.
    """
    number = parse(text, right_type)
    if number.kind is NumberKind.CN_PUBLICATION:
        raise Refused(NumberReason.PUBLICATION_IN_PLACE_OF_NUMBER, field="number", number=number.text)
    return number


def parse_publication(text: str, right_type: RightType) -> Number:
    """Read the number a patent was published or granted under.

    Raises:
        Refused: as `parse`, for the field `publication_number`; NOT_A_PUBLICATION_NUMBER for another number.
    """
    field = "publication_number"
    try:
        number = parse(text, right_type)
    except Refused as refused:
        raise Refused(refused.reason, field, **refused.details) from refused
    if number.kind not in {NumberKind.CN_PUBLICATION, NumberKind.PATENT_PUBLICATION}:
        raise Refused(NumberReason.NOT_A_PUBLICATION_NUMBER, field, number=number.text)
    return number
