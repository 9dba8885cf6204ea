"""Sets of leaves of the log in few characters: 0-499,510 for the first five hundred and one more."""

from collections.abc import Iterable, Sequence


def written(leaves: Iterable[int]) -> str:
    """The set as ranges in order."""
    parts: list[list[int]] = []
    for leaf in sorted(set(leaves)):
        if parts and leaf == parts[-1][1] + 1:
            parts[-1][1] = leaf
        else:
            parts.append([leaf, leaf])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def read(text: str) -> Sequence[int]:
    """The leaves of what `written` wrote; raises ValueError for anything else."""
    leaves: list[int] = []
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        leaves.extend(range(int(first), int(last or first) + 1))
    return leaves
