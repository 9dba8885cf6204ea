"""Proofs put together from perfect subtrees, against the recursive definitions of RFC 9162."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from soak import examples

from transactions.log import tree
from transactions.log.places import (
    Place,
    Tree,
    consistency_ranges,
    inclusion_ranges,
    perfect_subtrees,
    places_of,
    root_of,
)


def split(count: int) -> int:
    """The largest power of two smaller than n (RFC 9162 §2.1.1), found by trying."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def mth(leaves: list[bytes]) -> bytes:
    """MTH(D[n]) of §2.1.1."""
    if not leaves:
        return tree.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return tree.node_hash(mth(leaves[:k]), mth(leaves[k:]))


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of §2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), mth(leaves[k:])]
    return [*path(index - k, leaves[k:]), mth(leaves[:k])]


def subproof(old: int, leaves: list[bytes], *, known: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of §2.1.4.1."""
    if old == len(leaves):
        return [] if known else [mth(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*subproof(old, leaves[:k], known=known), mth(leaves[k:])]
    return [*subproof(old - k, leaves[k:], known=False), mth(leaves[:k])]


def numbered(count: int) -> list[bytes]:
    return [tree.leaf_hash(str(number).encode()) for number in range(count)]


def kept(leaves: list[bytes]) -> dict[Place, bytes]:
    """What the database keeps: the leaves and each perfect subtree as it became whole."""
    frontier, hashes = tree.Frontier(0, ()), {(0, place): leaf for place, leaf in enumerate(leaves)}
    for leaf in leaves:
        frontier, nodes = frontier.grown(leaf)
        for level, place, node in nodes:
            assert (level, place) not in hashes
            hashes[level, place] = node
    return hashes


@settings(max_examples=examples(60))
@given(st.integers(1, 130), st.data())
def test_proofs_are_those_of_the_definition_and_from_few_rows(count: int, data: st.DataObject) -> None:
    leaves = numbered(count)
    hashes = kept(leaves)
    size = data.draw(st.integers(1, count), label="an old size of the log")
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    inclusion, consistency = inclusion_ranges(index, size), consistency_ranges(old, size)
    assert [root_of(part, hashes) for part in inclusion] == path(index, leaves[:size])
    assert [root_of(part, hashes) for part in consistency] == subproof(old, leaves[:size], known=True)
    assert root_of((0, size), hashes) == mth(leaves[:size])
    most = 2 * size.bit_length() + 1
    assert len(places_of(inclusion)) <= most
    assert len(places_of(consistency)) <= most
    held = Tree(leaves[:size])
    assert held.inclusion_proof(index) == path(index, leaves[:size])
    assert held.consistency_proof(old) == subproof(old, leaves[:size], known=True)


@given(st.integers(1, 300))
def test_a_leaf_costs_less_than_one_node(count: int) -> None:
    nodes = len(kept(numbered(count))) - count
    assert nodes == sum(count >> level for level in range(1, count.bit_length()))
    assert nodes < count


def test_a_million_leaves_need_forty_rows() -> None:
    size = 1_000_000
    for index in (0, 1, 524_287, 524_288, 999_998, 999_999):
        assert len(places_of(inclusion_ranges(index, size))) <= 40
    for old in (1, 3, 524_288, 777_777, 999_999, 1_000_000):
        assert len(places_of(consistency_ranges(old, size))) <= 40


def test_what_there_is_not() -> None:
    assert root_of((0, 0), {}) == tree.EMPTY_ROOT
    assert perfect_subtrees((0, 7)) == [(2, 0), (1, 2), (0, 6)]
    with pytest.raises(KeyError):
        root_of((0, 3), {(1, 0): b""})
    for index, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(IndexError):
            inclusion_ranges(index, size)
    for old, size in ((0, 3), (4, 3)):
        with pytest.raises(IndexError):
            consistency_ranges(old, size)
