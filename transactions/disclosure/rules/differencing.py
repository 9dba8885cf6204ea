"""Fixed steps of a question, a budget for each day, and no two questions that differ by one sale."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from marketplace.errors import Refused

from .reasons import Reason

# Questions of one institution on one day.
QUESTIONS_A_DAY = 100

# By how many sales two answers of one day differ at least.
LEAST_MOVED = 2

# A block holds at least so many sales (`cells.LEAST_TRADES`).
_BLOCK = "block:"
_BLOCK_SIZE = 5

# What may be asked for; nothing that has thresholds, as a price or a day has.
ASKED: Final = ("type", "sector", "field", "year", "quarter", "channel", "currency")
MOST_VALUES = 20

Question = Mapping[str, Sequence[str]]


def check_question(question: Question, steps: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """The question in its one spelling: only known dimensions, only whole steps, sorted, each once.

    Args:
        question: values by dimension; an empty list means all.
        steps: the values that there are of each dimension.

    Raises:
        Refused: naming the dimension that is unknown, or whose value is no step.
    """
    asked = {}
    for name, values in question.items():
        known = steps.get(name, ())
        if name not in ASKED or len(values) > MOST_VALUES or not set(values) <= set(known):
            raise Refused(Reason.NO_SUCH_STEP, field=name, name=name)
        if values:
            asked[name] = sorted(set(values))
    return dict(sorted(asked.items()))


def check_budget(asked_today: int) -> None:
    """Raise Refused when the institution has asked enough for today."""
    if asked_today >= QUESTIONS_A_DAY:
        raise Refused(Reason.BUDGET_SPENT, most=QUESTIONS_A_DAY)


def block_member(identity: object) -> str:
    """How a block is named among what an answer counts."""
    return f"{_BLOCK}{identity}"


def earlier_answer(
    members: Collection[str], earlier: Sequence[tuple[Collection[str], Mapping[str, Any]]]
) -> Mapping[str, Any] | None:
    """The answer to give again, because this question moves one sale only; None where it may be answered.

    Args:
        members: names of the blocks and public sales that the new answer would count.
        earlier: what each earlier answer of the day counted, and the answer.
    """
    for counted, answer in earlier:
        if 0 < moved(members, counted) < LEAST_MOVED:
            return answer
    return None


def moved(members: Collection[str], counted: Collection[str]) -> int:
    """How many sales are in one of the two only, at least."""
    between = set(members) ^ set(counted)
    return sum(_BLOCK_SIZE if name.startswith(_BLOCK) else 1 for name in between)
