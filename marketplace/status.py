"""Moving a status: each package writes its table of allowed moves once, in `rules.py`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from marketplace.errors import Conflict

StatusType = TypeVar("StatusType", bound=StrEnum)
Moves = Mapping[StatusType, frozenset[StatusType]]


class StatusReason(StrEnum):
    MOVE_NOT_ALLOWED = "move_not_allowed"


def check_move(moves: Moves[StatusType], old: StatusType, new: StatusType) -> None:
    """Raise Conflict unless the table allows the move from `old` to `new`."""
    if new not in moves.get(old, frozenset()):
        raise Conflict(StatusReason.MOVE_NOT_ALLOWED, old=old, new=new)


def terminal(moves: Moves[StatusType]) -> frozenset[StatusType]:
    """The statuses that nothing leaves."""
    return frozenset(status for status, onward in moves.items() if not onward)
