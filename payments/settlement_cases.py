"""Settlement cases as files: read strictly, settle through the live rules, compare with what was expected."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marketplace.errors import MarketplaceError
from marketplace.money import decimal_text
from payments import case_events
from payments.case_fields import Fields, MalformedCase
from payments.forfeiture import Default, settle_default
from payments.waterfall import Amounts, Sale, settle_sale

# A case is a page of JSON, not a data set.
SIZE_LIMIT = 1_000_000

_HEAD = {"case", "about", "source", "currency", "kind", "expect"}
_SALE = _HEAD | {"price", "costs", "commissions", "claims", "surplus_to", "risk_sharing"}
_DEFAULT = _HEAD | {"price", "deposit", "costs", "re_auction_price", "claims", "pursue_shortfall"}


class UnreadableCase(MarketplaceError):
    """The file is not a settlement case; says which file, which field and why."""

    def __init__(self, file: Path, malformed: MalformedCase) -> None:
        super().__init__(f"{file}: {malformed.field}: {malformed.reason}")
        self.file, self.field, self.reason = file, malformed.field, malformed.reason


@dataclass(frozen=True, slots=True)
class Case:
    """A case and what its author expects; amounts in minor units, a name that is absent is not compared."""

    name: str
    currency: str
    event: Sale | Default
    expected: Mapping[str, Amounts]


def read(file: Path) -> Case:
    """Read a case from a file.

    Raises:
        UnreadableCase: naming file, field and reason.
    """
    try:
        return parse(_content(file))
    except MalformedCase as malformed:
        raise UnreadableCase(file, malformed) from None


def parse(content: Any) -> Case:
    """Read a case from decoded JSON; raises MalformedCase."""
    if not isinstance(content, dict):
        raise MalformedCase("file", "must be a JSON object")
    fields = Fields(content, "")
    kind = fields.choice("kind", ("sale", "default"))
    fields.allow(_SALE if kind == "sale" else _DEFAULT)
    currency = fields.currency("currency")
    for name in ("about", "source"):
        fields.optional_text(name)
    event = case_events.sale(fields) if kind == "sale" else case_events.default(fields)
    return Case(fields.text("case"), currency, event, _expected(fields, kind))


@dataclass(frozen=True, slots=True)
class Actual:
    """What a settlement came to; amounts in minor units."""

    payouts: Amounts
    unpaid: Amounts
    compensation: Amounts
    pursuable: int


Runner = Callable[[Sale | Default], Actual]


def settle_by_rules(event: Sale | Default) -> Actual:
    """The pure rules, which live deals are settled by too."""
    if isinstance(event, Sale):
        distribution = settle_sale(event)
        return Actual(distribution.payouts, distribution.unpaid, distribution.compensation, 0)
    forfeiture = settle_default(event)
    return Actual(forfeiture.payouts, forfeiture.unpaid, {}, forfeiture.pursuable)


def run(case: Case, runner: Runner = settle_by_rules) -> dict[str, Any]:
    """Settle a case: the JSON object that `flask payments settle` prints."""
    came_to = runner(case.event)
    actual: dict[str, Amounts] = {
        "payouts": came_to.payouts,
        "unpaid": came_to.unpaid,
        "compensation": came_to.compensation,
    }
    if isinstance(case.event, Default):
        actual["pursuable"] = {"": came_to.pursuable}
    differences = [
        difference
        for name, amounts in case.expected.items()
        for difference in _compare(name, amounts, actual[name], case.currency)
    ]
    written = {name: _written(name, amounts, case.currency) for name, amounts in actual.items()}
    return {"case": case.name, "ok": not differences, **written, "differences": differences}


def _content(file: Path) -> Any:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise MalformedCase("file", error.strerror or "cannot be read") from None
    if len(raw) > SIZE_LIMIT:
        raise MalformedCase("file", f"is longer than {SIZE_LIMIT} bytes")
    try:
        content = json.loads(raw.decode(), object_pairs_hook=_named_once, parse_constant=_no_constant)
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeDecodeError:
        raise MalformedCase("file", "is not UTF-8") from None
    except UnicodeEncodeError:
        raise MalformedCase("file", "holds half of a character, which no text can") from None
    except RecursionError:
        raise MalformedCase("file", "is nested too deeply") from None
    except ValueError as error:
        raise MalformedCase("file", f"is not JSON: {error}") from None
    return content


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise MalformedCase(twice.encode(errors="replace").decode(), "is given twice")
    return content


def _no_constant(constant: str) -> None:
    raise MalformedCase("file", f"{constant} is not JSON")


def _expected(fields: Fields, kind: str) -> dict[str, Amounts]:
    if "expect" not in fields.content:
        return {}
    expect = fields.inside("expect")
    names = ("payouts", "unpaid", "compensation")
    expect.allow({*names} | ({"pursuable"} if kind == "default" else set()))
    expected = {name: expect.inside(name).amounts() for name in names if name in expect.content}
    if "pursuable" in expect.content:
        expected["pursuable"] = {"": expect.amount("pursuable")}
    return expected


def _compare(name: str, expected: Amounts, actual: Amounts, currency: str) -> list[dict[str, str]]:
    """One entry per party whose sum differs; nothing and "0.00" are the same."""
    return [
        {
            "field": f"{name}.{party}" if party else name,
            "expected": decimal_text(expected.get(party, 0), currency),
            "actual": decimal_text(actual.get(party, 0), currency),
        }
        for party in dict.fromkeys([*expected, *actual])
        if expected.get(party, 0) != actual.get(party, 0)
    ]


def _written(name: str, amounts: Amounts, currency: str) -> str | dict[str, str]:
    texts = {party: decimal_text(amount, currency) for party, amount in amounts.items()}
    return texts[""] if name == "pursuable" else texts
