"""What a scenario expects, and where the run differs: only what the file names is compared."""

from typing import Any

from auctions.written.reading import Fields, Malformed, kind, read_amount, read_moment
from marketplace.clock import moment_text
from marketplace.money import decimal_text

_FIELDS = ("decisions", "outcome", "reason", "winner", "price", "closes_at", "ladder", "bids", "next_round")
_NEXT_ROUND = ("kind", "least_start_price", "start_price", "barred")


def read_expect(raw: Any, currency: str) -> dict[str, Any]:
    """The expectations, each spelled as `auctions.written.results` spells it; raises Malformed."""
    fields = Fields(raw, "expect", _FIELDS)
    return {name: _read(fields, name, currency) for name in fields.raw}


def _read(fields: Fields, name: str, currency: str) -> Any:
    value, path = fields.raw[name], fields.at(name)
    if name in {"decisions", "ladder"}:
        return _texts(value, path)
    if name == "bids":
        return fields.whole(name, None, 0, 10**9)
    if value is None or name in {"outcome", "reason", "winner"}:
        return fields.optional_text(name, 64)
    if name == "price":
        return decimal_text(read_amount(value, currency, path), currency)
    if name == "closes_at":
        return moment_text(read_moment(value, path))
    return _next_round(value, path, currency)


def _next_round(value: Any, path: str, currency: str) -> dict[str, Any]:
    fields = Fields(value, path, _NEXT_ROUND)
    found: dict[str, Any] = {}
    for name, content in fields.raw.items():
        if name == "barred":
            found[name] = _texts(content, fields.at(name))
        elif name == "kind":
            found[name] = fields.text(name, 40)
        else:
            found[name] = decimal_text(fields.amount(name, currency), currency)
    return found


def _texts(value: Any, path: str) -> list[str]:
    if not isinstance(value, list):
        raise Malformed(path, f"must be a list, not {kind(value)}")
    for number, entry in enumerate(value):
        if not isinstance(entry, str):
            raise Malformed(f"{path}[{number}]", f"must be text, not {kind(entry)}")
    return value


def differences(
    expect: dict[str, Any], decisions: tuple[str, ...], outcome: dict[str, Any]
) -> list[dict[str, Any]]:
    """One entry per field that differs: the field, what was expected and what came."""
    found = _compare_decisions(expect.get("decisions"), decisions)
    for name, expected in expect.items():
        if name == "next_round" and expected is not None:
            actual = outcome[name] or {}
            found += [
                _difference(f"next_round.{key}", value, actual.get(key))
                for key, value in expected.items()
                if actual.get(key) != value
            ]
        elif name != "decisions" and outcome[name] != expected:
            found.append(_difference(name, expected, outcome[name]))
    return found


def _compare_decisions(expected: list[str] | None, actual: tuple[str, ...]) -> list[dict[str, Any]]:
    if expected is None:
        return []
    if len(expected) != len(actual):
        return [_difference("decisions", f"{len(expected)} entries", f"{len(actual)} entries")]
    return [
        _difference(f"decisions[{number}]", wanted, came)
        for number, (wanted, came) in enumerate(zip(expected, actual, strict=True))
        if wanted != came
    ]


def _difference(field: str, expected: Any, actual: Any) -> dict[str, Any]:
    return {"field": field, "expected": expected, "actual": actual}
