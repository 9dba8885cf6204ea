"""What is kept of a search: the arguments of its address that say what is looked for."""

from collections.abc import Mapping, Sequence

from marketplace.errors import Refused
from search.rules import Arguments, Question
from search.watching.rules.words import WatchReason

KEPT_LIMIT = 3_000
"""Characters of all arguments together."""

# What a page of results adds to the question.
_PASSING = frozenset({"page", "size", "csrf_token"})


def kept(arguments: Arguments) -> dict[str, list[str]]:
    """The arguments worth keeping, in one order, so that equal questions are kept alike.

    Raises:
        Refused: too much text.
    """
    found = {
        name: _values(name, values)
        for name, values in sorted(arguments.items())
        if name not in _PASSING and any(values)
    }
    if sum(len(name) + sum(map(len, values)) for name, values in found.items()) > KEPT_LIMIT:
        raise Refused(WatchReason.TOO_LONG_TO_KEEP, "q", most=KEPT_LIMIT)
    return found


def _values(name: str, values: Sequence[str]) -> list[str]:
    given = [value.strip() for value in values if value.strip()]
    return given[:1] if name == "q" else sorted(set(given))


def require_narrow(question: Question) -> None:
    """Raise Refused for a question that every lot answers."""
    prices = (question.least_minor, question.most_minor)
    if not (question.text or question.chosen or question.symbol or any(end is not None for end in prices)):
        raise Refused(WatchReason.SAYS_NOTHING, "q")


def lists(arguments: Mapping[str, object]) -> dict[str, list[str]]:
    """Arguments as they come back from the database."""
    return {
        name: [str(value) for value in values]
        for name, values in arguments.items()
        if isinstance(values, list)
    }
