"""Ties between institutions, and the paths along them. Pure.

A node is an institution, or a company or person outside the marketplace, under a key that is the same
whoever names it: the company's registration number, or the skeleton of a name where there is no number.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

# Longer chains of ownership and kinship say little, and cost much to follow.
MOST_EDGES = 3
# What one check reads at most; the nearest ties are read first.
MOST_TIES_READ = 2_000
MOST_TIES_OF_ONE = 100

# Domains under which anybody can have an address, and those reserved for examples (RFC 2606).
OPEN_MAIL_DOMAINS = frozenset(
    {
        "126.com",
        "139.com",
        "163.com",
        "189.cn",
        "aliyun.com",
        "demo.example",
        "example.com",
        "example.net",
        "example.org",
        "foxmail.com",
        "gmail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "outlook.com",
        "proton.me",
        "qq.com",
        "sina.com",
        "sohu.com",
        "tom.com",
        "vip.163.com",
        "vip.qq.com",
        "yahoo.com",
        "yeah.net",
    }
)


class TieKind(StrEnum):
    """What binds two: by ownership, by people, or by a trace that only suggests it."""

    SAME_GROUP = "same_group"
    SHAREHOLDER = "shareholder"
    CONTROLLING_PERSON = "controlling_person"
    SHARED_STAFF = "shared_staff"
    NEAR_RELATIVE = "near_relative"
    MAIL_DOMAIN = "mail_domain"


class TieSource(StrEnum):
    """Who says so: the institution itself, or the operator with its evidence."""

    DECLARED = "declared"
    OPERATOR = "operator"


# Staff and their near relatives, whom the law names (法释〔2016〕18号 art. 34).
PERSONAL = frozenset({TieKind.SHARED_STAFF, TieKind.NEAR_RELATIVE})


@dataclass(frozen=True, slots=True)
class Tie:
    """Two nodes and what binds them, in both directions.

    Attributes:
        certain: False for what was only found, such as a common mail domain, or a name without a number.
    """

    one: str
    other: str
    kind: TieKind
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Path:
    """A shortest way from one node to another; certain when each of its ties is."""

    nodes: tuple[str, ...]
    kinds: tuple[TieKind, ...]
    certain: bool


def company_node(country: str, registration_number: str) -> str:
    """The node of a company that has a number at its state's register."""
    return f"{country} {registration_number}"


def name_node(name_key: str) -> str:
    """The node of somebody known by name only; the key is `parties.names.name_key`."""
    return f"name {name_key}"


def is_name_only(node: str) -> bool:
    return node.startswith("name ")


def paths(
    ties: Iterable[Tie], start: str, targets: Collection[str], most_edges: int = MOST_EDGES
) -> dict[str, Path]:
    """The best path from `start` to each target within `most_edges`: a certain one before a shorter one."""
    known = tuple(ties)
    certain = _shortest([tie for tie in known if tie.certain], start, most_edges)
    any_way = _shortest(known, start, most_edges)
    found = {**any_way, **certain}
    return {target: found[target] for target in targets if target in found and target != start}


def _shortest(ties: Sequence[Tie], start: str, most_edges: int) -> dict[str, Path]:
    neighbours = _neighbours(ties)
    found = {start: Path((start,), (), certain=True)}
    waiting = deque([start])
    while waiting:
        path = found[waiting.popleft()]
        if len(path.kinds) == most_edges:
            continue
        for tie, following in neighbours.get(path.nodes[-1], ()):
            if following not in found:
                certain = path.certain and tie.certain
                found[following] = Path((*path.nodes, following), (*path.kinds, tie.kind), certain)
                waiting.append(following)
    return found


def _neighbours(ties: Iterable[Tie]) -> Mapping[str, list[tuple[Tie, str]]]:
    found: dict[str, list[tuple[Tie, str]]] = {}
    for tie in ties:
        found.setdefault(tie.one, []).append((tie, tie.other))
        found.setdefault(tie.other, []).append((tie, tie.one))
    return found


def common_domains(own: Iterable[str], others: Iterable[str]) -> list[str]:
    """Mail domains that two institutions' people share, open ones left out, in order."""
    return sorted((_domains(own) & _domains(others)) - OPEN_MAIL_DOMAINS)


def _domains(addresses: Iterable[str]) -> set[str]:
    return {address.rpartition("@")[2].casefold() for address in addresses if "@" in address}
