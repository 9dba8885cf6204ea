"""Numbers of patents outside China: US, EP and WO by their own forms, other offices by their code."""

import re
from collections.abc import Callable

from marketplace.rights.numbers.number import Number, NumberKind
from marketplace.rights.rules import RightType

# Offices whose numbers are accepted by their form alone.
OTHER_OFFICES = (
    "AR|AT|AU|BE|BR|CA|CH|CL|CO|CZ|DE|DK|EA|EG|ES|FI|FR|GB|GR|HK|HU|ID|IE|IL|IN|IT|JP|KR|KZ|LU|MO|MX|MY|"
    "NL|NO|NZ|PH|PL|PT|RO|RU|SA|SE|SG|SU|TH|TR|TW|UA|VN|ZA"
)

_US_APPLICATION = re.compile(r"US([0-9]{2})/([0-9]{6})")
_US_PUBLICATION = re.compile(r"(?:US)?(20[0-9]{2})/?([0-9]{6,7})(A[1-9])|(?:US)?(20[0-9]{2})/?([0-9]{7})")
_US_PATENT = re.compile(r"US(RE|PP|D|H)?0*([1-9][0-9]{3,7})([BEHPS][1-9]?|A)?")
_EP_APPLICATION = re.compile(r"EP([0-9]{8}\.[0-9])")
_EP_PUBLICATION = re.compile(r"EP0*([1-9][0-9]{2,6})([AB][1-9])?")
_WO_PUBLICATION = re.compile(r"WO((?:19|20)[0-9]{2}|[0-9]{2})/?([0-9]{5,6})([AB][1-9])?")
_PCT_APPLICATION = re.compile(r"PCT/?([A-Z]{2}(?:19|20)[0-9]{2})/?([0-9]{6})")
_OTHER = re.compile(rf"({OTHER_OFFICES})((?:[0-9]{{4}}/)?[0-9]{{3,12}})([A-Z][0-9]?)?")


def _publication(text: str, kind_code: str | None, right_type: RightType | None = None) -> Number:
    return Number(NumberKind.PATENT_PUBLICATION, text, kind_code or "", right_type)


def _application(text: str) -> Number:
    return Number(NumberKind.PATENT_APPLICATION, text)


def _us(written: str) -> Number | None:
    if match := _US_APPLICATION.fullmatch(written):
        return _application(f"US{match[1]}/{match[2]}")
    if match := _US_PUBLICATION.fullmatch(written):
        year, serial = match[1] or match[4], match[2] or match[5]
        return _publication(f"US{year}/{serial.zfill(7)}", match[3], RightType.INVENTION)
    if match := _US_PATENT.fullmatch(written):
        prefix = match[1] or ""
        right_type = RightType.DESIGN if prefix == "D" else RightType.INVENTION
        return _publication(f"US{prefix}{match[2]}", match[3], right_type)
    return None


def _ep(written: str) -> Number | None:
    if match := _EP_APPLICATION.fullmatch(written):
        return _application(f"EP{match[1]}")
    if match := _EP_PUBLICATION.fullmatch(written):
        return _publication(f"EP{match[1].zfill(7)}", match[2], RightType.INVENTION)
    return None


def _wo(written: str) -> Number | None:
    if match := _PCT_APPLICATION.fullmatch(written):
        return _application(f"PCT/{match[1]}/{match[2]}")
    if match := _WO_PUBLICATION.fullmatch(written):
        return _publication(f"WO{match[1]}/{match[2]}", match[3])
    return None


def _other(written: str) -> Number | None:
    match = _OTHER.fullmatch(written)
    return _publication(f"{match[1]}{match[2]}", match[3]) if match else None


_READERS: tuple[Callable[[str], Number | None], ...] = (_us, _ep, _wo, _other)


def patent(written: str) -> Number | None:
    """The number of a patent or application of an office other than China's; None where it is none."""
    return next((number for reader in _READERS if (number := reader(written))), None)
