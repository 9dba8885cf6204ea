"""The path of an inclusion proof as a picture: how each hash joins its neighbour on the way up. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.charts import WIDTH
from transactions.log.tree import node_hash

_STEP, _TOP, _BOX = 52, 8, 26
_MIDDLE, _LEFT, _RIGHT = WIDTH // 2, 90, WIDTH - 90


@dataclass(frozen=True, slots=True)
class Step:
    """One step up: the neighbour, on which side it stands, and what the two hash to."""

    neighbour: str
    on_the_left: bool
    result: str


@dataclass(frozen=True, slots=True)
class Joint:
    """Where a step is drawn: the neighbour's box beside the way up."""

    step: Step
    across: int
    down: int
    result_down: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The way from the leaf, at the foot, to the root, at the top."""

    width: int
    height: int
    middle: int
    box: int
    leaf: str
    leaf_down: int
    joints: tuple[Joint, ...]


def steps(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> list[Step]:
    """The steps of RFC 9162 §2.1.3.2, whether or not they end at the right root; as far as they go."""
    place, last, combined, found = index, size - 1, leaf, list[Step]()
    for neighbour in path:
        if last == 0:
            break
        on_the_left = bool(place & 1) or place == last
        combined = node_hash(neighbour, combined) if on_the_left else node_hash(combined, neighbour)
        found.append(Step(neighbour.hex(), on_the_left, combined.hex()))
        while on_the_left and not place & 1 and place:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    return found


def picture(leaf: bytes, taken: Sequence[Step]) -> Picture:
    """Place the steps on a sheet."""
    foot = _TOP + len(taken) * _STEP
    joints = tuple(
        Joint(
            step,
            _LEFT if step.on_the_left else _RIGHT,
            foot - number * _STEP,
            foot - (number + 1) * _STEP,
        )
        for number, step in enumerate(taken)
    )
    return Picture(WIDTH, foot + _BOX + _TOP, _MIDDLE, _BOX, leaf.hex(), foot, joints)
