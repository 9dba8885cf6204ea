"""An application per test has the same addresses as the one before: each is compiled once per process.

Compiling them is nearly all the work of `create_app`, which every test with an application does.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_compile: Callable[[Rule], None] = Rule.compile
_known: dict[tuple[Any, ...], Rule] = {}


def _compile_once(rule: Rule) -> None:
    address = (rule.rule, repr(rule.defaults), rule.subdomain, rule.host, rule.merge_slashes)
    known = _known.get(address)
    if known is None:
        _compile(rule)
        _known[address] = rule
        return
    rule._parts, rule._trace, rule._converters = known._parts, known._trace, known._converters
    rule.arguments |= known.arguments
    rule._build = known._build.__func__.__get__(rule, None)  # type: ignore[attr-defined]
    rule._build_unknown = known._build_unknown.__func__.__get__(rule, None)  # type: ignore[attr-defined]


def install() -> None:
    """Compile each address once from now on."""
    Rule.compile = _compile_once  # type: ignore[assignment, method-assign]
