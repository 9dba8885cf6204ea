"""Reading the fields of a settlement case: every one asked for by name and kind, nothing guessed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from marketplace.errors import MarketplaceError
from marketplace.money import EXPONENTS, MalformedAmount, parse_minor
from payments.waterfall import Amounts

# No sale has more payees or creditors than this.
LIST_LIMIT = 1000
TEXT_LIMIT = 200
RANK_LIMIT = 1000

_FRACTION = re.compile(r"(?:0(?:\.[0-9]{1,12})?|1(?:\.0{1,12})?)")

Part = TypeVar("Part")


class MalformedCase(MarketplaceError):
    """A field of a case is missing, unknown or wrong."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one JSON object.

    Attributes:
        path: where the object stands in the file, for example `claims[0].`; empty for the file itself.
        unit: the currency of the amounts in it; empty where the object itself names it.
    """

    content: Mapping[str, Any]
    path: str
    unit: str = ""

    def malformed(self, name: str, reason: str) -> MalformedCase:
        return MalformedCase(self.path + name, reason)

    def allow(self, names: set[str]) -> None:
        """Refuse a field that is not one of these: a misspelt field would otherwise be ignored."""
        for name in self.content:
            if name not in names:
                raise self.malformed(name, "is not a field of this object")

    def value(self, name: str) -> Any:
        if name not in self.content:
            raise self.malformed(name, "is missing")
        return self.content[name]

    def text(self, name: str) -> str:
        value = self.value(name)
        if not isinstance(value, str) or not value.strip():
            raise self.malformed(name, "must be a text that is not empty")
        if len(value) > TEXT_LIMIT:
            raise self.malformed(name, f"is longer than {TEXT_LIMIT} characters")
        return value

    def optional_text(self, name: str) -> None:
        if not isinstance(self.content.get(name, ""), str):
            raise self.malformed(name, "must be a text")

    def choice(self, name: str, choices: Sequence[str]) -> str:
        value = self.value(name)
        if not isinstance(value, str) or value not in choices:
            raise self.malformed(name, f"must be one of {', '.join(choices)}")
        return value

    def currency(self, name: str) -> str:
        return self.choice(name, tuple(EXPONENTS))

    def flag(self, name: str) -> bool:
        value = self.value(name)
        if not isinstance(value, bool):
            raise self.malformed(name, "must be true or false")
        return value

    def rank(self, name: str) -> int:
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= RANK_LIMIT:
            raise self.malformed(name, f"must be a whole number from 1 to {RANK_LIMIT}")
        return value

    def amount(self, name: str) -> int:
        """A plain decimal text in minor units; a JSON number is refused because it is read as a float."""
        value = self.value(name)
        if not isinstance(value, str):
            raise self.malformed(name, 'must be a decimal text such as "900000.00", not a number')
        unit = self.unit or self.currency("currency")
        try:
            return parse_minor(value, unit)
        except MalformedAmount:
            raise self.malformed(name, f"{value[:64]!r} is not an amount of {unit}") from None

    def fraction(self, name: str) -> Fraction:
        value = self.value(name)
        if not isinstance(value, str):
            raise self.malformed(name, 'must be a decimal text such as "0.03", not a number')
        if _FRACTION.fullmatch(value) is None:
            raise self.malformed(name, f"{value[:64]!r} is not a decimal fraction from 0 to 1")
        return Fraction(value)

    def inside(self, name: str) -> "Fields":
        value = self.value(name)
        if not isinstance(value, dict):
            raise self.malformed(name, "must be an object")
        return Fields(value, f"{self.path}{name}.", self.unit or self.currency("currency"))

    def items(self, name: str, names: set[str], build: Callable[["Fields"], Part]) -> tuple[Part, ...]:
        """Read a list of objects, each with no other fields than `names`."""
        value = self.value(name)
        if not isinstance(value, list):
            raise self.malformed(name, "must be a list")
        if len(value) > LIST_LIMIT:
            raise self.malformed(name, f"has more than {LIST_LIMIT} entries")
        parts = []
        for index, content in enumerate(value):
            if not isinstance(content, dict):
                raise self.malformed(f"{name}[{index}]", "must be an object")
            entry = Fields(content, f"{self.path}{name}[{index}].", self.unit or self.currency("currency"))
            entry.allow(names)
            parts.append(build(entry))
        return tuple(parts)

    def amounts(self) -> Amounts:
        """An object that maps parties to amounts."""
        return {name: self.amount(name) for name in self.content}
