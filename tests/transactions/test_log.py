"""The tree of RFC 9162, against the vectors that Certificate Transparency implementations share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transactions.log import tree as log
from transactions.log.places import Tree

# The eight leaves and the roots of their first n that Certificate Transparency logs are tested with.
LEAVES = [
    log.leaf_hash(bytes.fromhex(text))
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
COUNTS = st.integers(1, 70)


def numbered(count: int) -> list[bytes]:
    return [log.leaf_hash(str(number).encode()) for number in range(count)]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert log.root([]) == Tree([]).root()
    assert log.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("count", "expected"), list(enumerate(ROOTS, start=1)))
def test_the_known_roots(count: int, expected: str) -> None:
    assert log.root(LEAVES[:count]).hex() == Tree(LEAVES[:count]).root().hex() == expected


def test_a_known_inclusion_proof() -> None:
    assert [part.hex() for part in Tree(LEAVES).inclusion_proof(0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def test_a_known_consistency_proof() -> None:
    assert [part.hex() for part in Tree(LEAVES).consistency_proof(6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(COUNTS, st.data())
def test_every_leaf_proves_itself_and_no_other(count: int, data: st.DataObject) -> None:
    leaves = numbered(count)
    index = data.draw(st.integers(0, count - 1))
    proof, root = Tree(leaves).inclusion_proof(index), log.root(leaves)
    assert log.verify_inclusion(leaves[index], index, count, proof, root)
    assert not log.verify_inclusion(log.leaf_hash(b"another"), index, count, proof, root)
    for place in range(len(proof)):
        broken = [*proof[:place], log.leaf_hash(b"broken"), *proof[place + 1 :]]
        assert not log.verify_inclusion(leaves[index], index, count, broken, root)
    assert not log.verify_inclusion(leaves[index], index, count, [*proof, root], root)
    if proof:
        assert not log.verify_inclusion(leaves[index], index, count, proof[:-1], root)
    other = data.draw(st.integers(0, count - 1))
    if other != index:
        assert not log.verify_inclusion(leaves[index], other, count, proof, root)


@given(COUNTS, st.data())
def test_a_log_that_grew_proves_it(count: int, data: st.DataObject) -> None:
    leaves = numbered(count)
    old = data.draw(st.integers(1, count))
    proof = Tree(leaves).consistency_proof(old)
    old_root, new_root = log.root(leaves[:old]), log.root(leaves)
    assert log.verify_consistency(old, count, old_root, new_root, proof)
    changed = [log.leaf_hash(b"rewritten"), *leaves[1:]]
    assert not log.verify_consistency(old, count, log.root(changed[:old]), new_root, proof)
    assert not log.verify_consistency(old, count, old_root, log.root(changed), proof)
    assert not log.verify_consistency(old, count, old_root, new_root, [*proof, new_root])
    if proof:
        assert not log.verify_consistency(old, count, old_root, new_root, proof[:-1])


@given(COUNTS)
def test_appending_one_by_one_gives_the_same_root(count: int) -> None:
    leaves = numbered(count)
    frontier = log.Frontier.of(leaves[:-1]).append(leaves[-1])
    assert (frontier.size, frontier.root()) == (count, log.root(leaves))
    assert len(frontier.hashes) == count.bit_count()


def test_impossible_questions() -> None:
    leaves = numbered(3)
    root = log.root(leaves)
    for index in (-1, 3):
        assert not log.verify_inclusion(leaves[0], index, 3, [], root)
        with pytest.raises(IndexError):
            Tree(leaves).inclusion_proof(index)
    for old in (0, 4):
        assert not log.verify_consistency(old, 3, root, root, [])
        with pytest.raises(IndexError):
            Tree(leaves).consistency_proof(old)
    assert not log.verify_consistency(3, 5, root, root, [])


def test_one_tree_proves_all_its_leaves() -> None:
    leaves = numbered(37)
    tree = Tree(leaves)
    assert all(
        log.verify_inclusion(leaf, index, 37, tree.inclusion_proof(index), tree.root())
        for index, leaf in enumerate(leaves)
    )
