"""Registration numbers of trademarks and copyrights."""

import re

from marketplace.rights.numbers.foreign import OTHER_OFFICES
from marketplace.rights.numbers.number import Number, NumberKind
from marketplace.rights.rules import RightType

# Of CNIPA: digits, with a letter where a registration was divided; G in front for an international one.
_CN_TRADEMARK = re.compile(r"第?(G?)0*([1-9][0-9]{2,8}[A-Z]?)号?")
_OTHER_TRADEMARK = re.compile(rf"(US|EM|EU|{OTHER_OFFICES})([0-9]{{5,12}})")

# 登记号 of software, the older number of its certificate, works, and the US Copyright Office.
_SOFTWARE = re.compile(r"((?:19|20)[0-9]{2})SR([0-9]{6,8})")
_SOFTWARE_CERTIFICATE = re.compile(r"软著登字第?([0-9]{5,9})号?")
_WORK = re.compile(r"([\u4e00-\u9fff])作登字((?:19|20)[0-9]{2})([A-L])([0-9]{8})号?")
_US_COPYRIGHT = re.compile(r"(?:US)?(TXU|VAU|PAU|SRU|TX|VA|PA|SR)([0-9]{7,10})")


def trademark(written: str) -> Number | None:
    """The registration number of a trademark; None where it is none."""
    if match := _CN_TRADEMARK.fullmatch(written):
        return _trademark(f"{match[1]}{match[2]}")
    if match := _OTHER_TRADEMARK.fullmatch(written):
        return _trademark(f"{match[1]}{match[2]}")
    return None


def copyright_registration(written: str) -> Number | None:
    """The registration number of software or a work; None where it is none."""
    if match := _SOFTWARE.fullmatch(written):
        return _copyright(f"{match[1]}SR{match[2]}")
    if match := _SOFTWARE_CERTIFICATE.fullmatch(written):
        return _copyright(f"软著登字第{match[1]}号")
    if match := _WORK.fullmatch(written):
        return _copyright(f"{match[1]}作登字-{match[2]}-{match[3]}-{match[4]}")
    if match := _US_COPYRIGHT.fullmatch(written):
        return _copyright(f"{match[1]}{match[2]}")
    return None


def _trademark(text: str) -> Number:
    return Number(NumberKind.TRADEMARK, text, right_type=RightType.TRADEMARK)


def _copyright(text: str) -> Number:
    return Number(NumberKind.COPYRIGHT, text, right_type=RightType.COPYRIGHT)
