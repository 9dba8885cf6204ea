"""Which sums of sales may be told: the cell rule, and the blocks in which confidential sales are counted.

A statistic counts what is public sale by sale. All other sales enter it in blocks only, each of which passes
the cell rule by itself, and a block enters a cell whole or not at all. A block never changes once it was told
of, and a sale is in one block at most. So whatever is added to or taken from whatever else was told (totals
minus cells, one filter minus the next, this month minus the last) is a sum of whole blocks, and passes the
rule too: this is complementary suppression that no search can miss.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

LEAST_TRADES = 5
LEAST_PARENTS = 5
LEAST_INDEX_TRADES = 10
# Per cent, of the number and of the value.
LARGEST_SHARE = 25
TWO_LARGEST_SHARE = 70

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Contribution:
    """One sale as the cell rule sees it.

    Attributes:
        identity: of its record.
        parent: token of the seller's ultimate parent; all sales whose parent is not known count as one's.
        value_minor: what it adds to the value, in the cell's currency; 0 where nothing was paid.
    """

    identity: str
    parent: str
    value_minor: int = 0


def publishable(contributions: Iterable[Contribution], *, index: bool = False) -> bool:
    """Whether a figure over these sales may be published (reference: confidentiality, rule 2).

    At least five sales (ten for a price index) of at least five parents, no parent above 25 % of their number
    or value, and the two largest parents together at most 70 % of the value.
    """
    counts, values, trades = Counter[str](), Counter[str](), 0
    for one in contributions:
        counts[one.parent] += 1
        values[one.parent] += one.value_minor
        trades += 1
    if trades < (LEAST_INDEX_TRADES if index else LEAST_TRADES) or len(counts) < LEAST_PARENTS:
        return False
    largest, two_largest = _largest(values)
    total = sum(values.values())
    return (
        max(counts.values()) * 100 <= LARGEST_SHARE * trades
        and largest * 100 <= LARGEST_SHARE * total
        and two_largest * 100 <= TWO_LARGEST_SHARE * total
    )


def _largest(values: Counter[str]) -> tuple[int, int]:
    ordered = sorted(values.values(), reverse=True)
    return ordered[0], sum(ordered[:2])


@dataclass(frozen=True, slots=True)
class Block(Generic[Key]):
    """Confidential sales that are only ever counted together.

    Attributes:
        level: 0 for the finest key; how many times the key was made coarser.
        key: what is the same of all of them.
    """

    level: int
    key: Key
    members: tuple[Contribution, ...]


def blocks(
    contributions: Sequence[tuple[Contribution, Key]],
    levels: Sequence[Callable[[Key], Key]],
    *,
    index: bool = False,
    allowed: Callable[[Iterable[Contribution]], bool] | None = None,
) -> tuple[list[Block[Key]], list[Contribution]]:
    """Gather sales under the finest keys that pass the rule; what is left over is told of nowhere.

    Args:
        contributions: each with its finest key.
        levels: from a finest key to ever coarser ones: class first, then period.
        index: blocks for a price index, which needs ten sales.
        allowed: another rule than `publishable`, for tests.
    """
    passes = allowed or (lambda members: publishable(members, index=index))
    remaining, found = sorted(contributions, key=lambda one: one[0].identity), list[Block[Key]]()
    for level, coarser in enumerate(levels):
        groups: dict[Key, list[tuple[Contribution, Key]]] = defaultdict(list)
        for one in remaining:
            groups[coarser(one[1])].append(one)
        remaining = []
        for key, group in groups.items():
            members = tuple(contribution for contribution, _ in group)
            if passes(members):
                found.append(Block(level, key, members))
            else:
                remaining.extend(group)
    return found, [contribution for contribution, _ in remaining]


def crowds(sales: Iterable[tuple[str, str, Key]], least: int = LEAST_PARENTS) -> frozenset[str]:
    """The identities of sales whose key is shared by so many sales of so many parents (k-anonymity).

    Args:
        sales: identity, parent and key of each.
        least: how many of each; five.
    """
    members: dict[Key, list[str]] = defaultdict(list)
    parents: dict[Key, set[str]] = defaultdict(set)
    for identity, parent, key in sales:
        members[key].append(identity)
        parents[key].add(parent)
    return frozenset(
        identity
        for key, group in members.items()
        if len(group) >= least and len(parents[key]) >= least
        for identity in group
    )
