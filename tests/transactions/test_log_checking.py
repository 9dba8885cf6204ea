"""A downloaded proof is checked with nothing but the file; every changed byte of it is found."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from soak import examples

from marketplace.db import atomic
from transactions import service
from transactions.log import checking, signing, tree
from transactions.log.checking import MalformedProof, Step
from transactions.log.commitments import leaf_data, shown
from transactions.log.notes import note_text, signed_note
from transactions.log.places import Tree

from .sale_builders import a_sale_of

SEED = bytes(range(32))
KEY = signing.public_key(SEED)
NAMES = ("price_minor", "title")


def a_proof() -> dict[str, Any]:
    """Of leaf 1 of three, as a page would hand it out."""
    at, salt = datetime(2026, 3, 2, tzinfo=UTC), "ab" * 16
    data = [
        leaf_data(UUID(int=number), "2026-03-02T00:00:00Z", salt, a_sale_of(number)) for number in range(3)
    ]
    leaves = [tree.leaf_hash(one) for one in data]
    root = tree.root(leaves).hex()
    statement = signing.statement(3, root, at, "market")
    note = signed_note(3, root, [("market", KEY, signing.sign(SEED, note_text(3, root)))])
    fields = shown(a_sale_of(1), salt, NAMES)
    return {
        "format": "luochui/proof/1",
        "leaf_data": data[1].decode(),
        "leaf_hash": leaves[1].hex(),
        "leaf_index": 1,
        "shown": {name: {"value": field.value, "salt": field.salt} for name, field in fields.items()},
        "path": [part.hex() for part in Tree(leaves).inclusion_proof(1)],
        "checkpoint": {
            "statement": statement.decode(),
            "tree_size": 3,
            "root": root,
            "signer": "market",
            "public_key": KEY,
            "signature": signing.sign(SEED, statement),
            "note": note,
        },
    }


PROOF = a_proof()


def copy() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(PROOF))
    return found


def results(document: dict[str, Any], key: str = "") -> dict[Step, bool | None]:
    return {finding.step: finding.holds for finding in checking.check(document, key).findings}


def test_a_proof_holds() -> None:
    report = checking.check(PROOF, KEY)
    assert report.holds
    assert set(results(PROOF, KEY).values()) == {True}
    assert (report.leaf_index, report.tree_size, report.signer) == (1, 3, "market")
    assert report.shown == {"price_minor": 10_000_000, "title": "A pump"}


def test_a_file_may_leave_things_open() -> None:
    document = copy() | {"leaf_data": None, "shown": {}}
    document["checkpoint"]["note"] = ""
    assert results(document) == {
        Step.LEAF: None,
        Step.PATH: True,
        Step.STATEMENT: True,
        Step.NOTE: None,
        Step.FIELDS: None,
        Step.SIGNER: None,
    }
    assert checking.check(document).record_id == ""


def test_another_key_than_the_trusted_one_is_told() -> None:
    assert results(PROOF, signing.public_key(bytes(32)))[Step.SIGNER] is False


def test_each_lie_fails_its_own_step() -> None:
    lies: list[tuple[Step, dict[str, Any]]] = []
    for step, change in (
        (Step.LEAF, {"leaf_data": PROOF["leaf_data"].replace("2026", "2025")}),
        (Step.PATH, {"leaf_index": 0}),
        (Step.PATH, {"path": PROOF["path"][:1]}),
        (Step.FIELDS, {"shown": {"title": {"value": "A mill", "salt": PROOF["shown"]["title"]["salt"]}}}),
        (Step.FIELDS, {"leaf_data": "{}"}),
    ):
        lies.append((step, copy() | change))
    for step, name, value in (
        (Step.STATEMENT, "signature", PROOF["checkpoint"]["public_key"]),
        (Step.STATEMENT, "statement", '{"root":1}'),
        (Step.STATEMENT, "statement", "[]"),
        (Step.NOTE, "note", PROOF["checkpoint"]["note"].replace("\n3\n", "\n4\n")),
        (Step.NOTE, "public_key", "no key"),
        (Step.PATH, "tree_size", 2),
    ):
        document = copy()
        document["checkpoint"][name] = value
        lies.append((step, document))
    for step, document in lies:
        assert results(document)[step] is False, (step, document)
        assert not checking.check(document).holds


@settings(max_examples=examples(150))
@given(st.data())
def test_no_changed_byte_goes_by(data: st.DataObject) -> None:
    text = json.dumps(PROOF)
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from('0aZ"{},:9 '))
    changed = text[:place] + letter + text[place + 1 :]
    try:
        document = checking.read_proof(changed)
        holds = checking.check(document, KEY).holds
    except MalformedProof:
        return
    same = {name: value for name, value in document.items() if name != "format"}
    assert not holds or _without_names(same) == _without_names(PROOF)


def _without_names(document: dict[str, Any]) -> Any:
    """A renamed optional part is an absent one, and says nothing that is false."""
    point = document.get("checkpoint", {})
    needed = {name: point.get(name) for name in ("root", "tree_size", "signer", "public_key")}
    return document.get("leaf_hash"), document.get("leaf_index"), document.get("path"), needed


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"leaf_hash": "ab"}, "leaf_hash"),
        ({"leaf_index": -1}, "leaf_index"),
        ({"leaf_index": True}, "leaf_index"),
        ({"path": "no list"}, "path"),
        ({"path": ["00"]}, "path[0]"),
        ({"path": ["00" * 32] * 65}, "path"),
        ({"checkpoint": None}, "checkpoint"),
        ({"leaf_data": 5}, "leaf_data"),
        ({"leaf_data": "no json"}, "leaf_data"),
        ({"leaf_data": "[]"}, "leaf_data"),
        ({"leaf_data": '{"commitments":[]}', "shown": {}}, "leaf_data"),
        ({"shown": []}, ""),
        ({"shown": [1]}, "shown"),
        ({"shown": {"title": 1}}, "shown.title"),
        ({"shown": {"title": {"value": 1}}}, "shown.title"),
        ({"checkpoint": PROOF["checkpoint"] | {"note": "x"}}, "checkpoint.note"),
        ({"checkpoint": PROOF["checkpoint"] | {"statement": "x"}}, "checkpoint.statement"),
        ({"checkpoint": PROOF["checkpoint"] | {"signer": 1}}, "signer"),
    ],
)
def test_what_is_no_proof_is_refused_by_field(change: dict[str, Any], field: str) -> None:
    if not field:
        assert results(copy() | change)[Step.FIELDS] is None
        return
    with pytest.raises(MalformedProof) as refused:
        checking.check(copy() | change)
    assert refused.value.field == field


@pytest.mark.parametrize("text", ["", "[1]", "{", "[" * 100_000, "x" * (checking.BYTES_LIMIT + 1)])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(MalformedProof):
        checking.read_proof(text)


def test_the_command_checks_a_downloaded_proof(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    with atomic() as session:
        record = service.append(session, [a_sale_of(number) for number in range(3)])[1]
    downloaded = client.get(f"/sales/{record.id}/proof.json")
    assert "seller_parent" not in downloaded.get_json()["shown"]
    file = tmp_path / "proof.json"
    file.write_bytes(downloaded.data)
    run = app.test_cli_runner().invoke

    def verify(*more: str) -> tuple[int, str]:
        answer = run(args=["transactions", "verify", "--file", str(file), *more])
        return answer.exit_code, answer.output

    assert verify("--key", KEY)[0] == 0
    code, text = verify("--json")
    facts = json.loads(text)
    assert (code, facts["ok"], facts["record"], facts["leaf_index"]) == (0, True, str(record.id), 1)
    assert facts["shown"]["price_minor"] == 10_000_000
    file.write_text(json.dumps(downloaded.get_json() | {"leaf_index": 2}))
    code, text = verify()
    assert (code, "differs  the path leads" in text) == (1, True)
    file.write_text(json.dumps(downloaded.get_json() | {"leaf_index": "2"}))
    code, text = verify()
    assert (code, "proof.json: leaf_index: missing" in text) == (2, True)
