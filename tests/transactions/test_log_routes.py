"""The pages of the log: proofs, checkpoints, growth, and the check of a downloaded proof."""

import json
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from marketplace.db import atomic
from transactions import service
from transactions.log import tree
from transactions.log.notes import read_note
from transactions.log.picture import steps
from transactions.log.places import Tree
from transactions.models import TransactionRecord
from transactions.rules.words import ConsentTier

from .sale_builders import a_sale_of
from .tampering import tamper


def record(first: int, count: int, tier: ConsentTier = ConsentTier.PUBLIC) -> list[TransactionRecord]:
    with atomic() as session:
        sales = [a_sale_of(number, consent_tier=tier) for number in range(first, first + count)]
        return service.append(session, sales)


def see(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.text


def test_pages_of_a_log(client: FlaskClient) -> None:
    assert "No record has been sealed yet" in see(client, "/sales/log")
    see(client, "/sales/log/checkpoint", 404)
    records = record(0, 3) + record(3, 4)
    page = see(client, f"/sales/{records[2].id}/proof")
    assert "number 3 of the 7" in page
    assert f"root {read_note(see(client, '/sales/log/checkpoint')).root[:8]}" in page
    assert "number 3 of the 3" in see(client, f"/sales/{records[2].id}/proof?size=3")
    for size in (4, 2**64):
        assert "No signed checkpoint covers" in see(client, f"/sales/{records[2].id}/proof?size={size}")
    assert "luochui-test" in see(client, "/sales/log")
    assert "luochui/transactions/1" in see(client, "/sales/log/3")
    assert "are the same, in the same order" in see(client, "/sales/log/consistency?old=7&new=3")
    grown = client.get("/sales/log/consistency.json?old=3&new=7").get_json()
    old, new = (bytes.fromhex(grown[name]["root"]) for name in ("old", "new"))
    assert tree.verify_consistency(3, 7, old, new, [bytes.fromhex(part) for part in grown["path"]])
    for path in (
        "/sales/log/4",
        f"/sales/log/{2**64}",
        "/sales/log/4/note",
        "/sales/log/consistency?old=3",
        "/sales/log/consistency?old=x&new=7",
        "/sales/log/consistency.json",
        "/sales/log/7/stamp/1.tsr",
        "/sales/log?page=9",
    ):
        see(client, path, 404)
    tamper("UPDATE log_nodes SET hash = '00' WHERE level = 1 AND position = 0")
    assert "not proved" in see(client, "/sales/log/consistency?old=3&new=7")


def test_a_proof_shows_only_what_anybody_may_see(client: FlaskClient) -> None:
    public, priced, sealed = (
        record(number, 1, tier)[0]
        for number, tier in enumerate((ConsentTier.PUBLIC, ConsentTier.PRICE_ONLY, ConsentTier.SEALED))
    )
    everything = client.get(f"/sales/{public.id}/proof.json").get_json()
    assert everything["shown"]["title"]["value"] == "A pump"
    assert "seller_parent" not in everything["shown"]
    little = client.get(f"/sales/{priced.id}/proof.json").get_json()
    assert little["shown"]["price_minor"]["value"] == 100_000_00
    assert "title" not in little["shown"]
    assert "A pump" not in json.dumps(little)
    assert priced.salt not in json.dumps(little)
    see(client, f"/sales/{sealed.id}/proof", 404)
    see(client, f"/sales/{sealed.id}/proof.json", 404)


def test_a_downloaded_proof_is_checked(client: FlaskClient) -> None:
    records = record(0, 5)
    assert "Hand in a proof" in see(client, "/sales/log/check")
    proof = client.get(f"/sales/{records[1].id}/proof.json").data

    def check(**data: object) -> tuple[int, str]:
        answer = client.post("/sales/log/check", data=data)
        return answer.status_code, answer.text

    for data in ({"file": (BytesIO(proof), "proof.json")}, {"text": proof.decode()}):
        status, page = check(**data)
        assert (status, "Everything that the file shows is proved" in page) == (200, True)
    changed = json.loads(proof)
    changed["shown"]["price_minor"]["value"] += 1
    status, page = check(text=json.dumps(changed))
    assert (status, "The file was changed" in page, "sealed: price_minor" in page) == (200, True, True)
    foreign = json.loads(proof)
    foreign["checkpoint"]["public_key"] = "AAAA"
    assert "The file was changed" in check(text=json.dumps(foreign))[1]
    for bad in ("", "no proof", '{"path": 5}', "x" * 300_000):
        assert check(text=bad)[0] == 422, bad[:20]
    assert check(file=(BytesIO(b"x" * 300_000), "proof.json"))[0] == 422


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 7), (6, 7), (3, 6), (5, 8)])
def test_the_drawn_steps_end_at_the_root(index: int, size: int) -> None:
    leaves = [tree.leaf_hash(bytes([number])) for number in range(size)]
    path = Tree(leaves).inclusion_proof(index)
    taken = steps(leaves[index], index, size, path)
    assert [step.neighbour for step in taken] == [part.hex() for part in path]
    assert (taken[-1].result if taken else leaves[0].hex()) == tree.root(leaves).hex()
    assert steps(leaves[index], index, size, [*path, b"too long"])[: len(path)] == taken
