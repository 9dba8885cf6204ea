"""`flask auctions verify-record` as anybody runs it: no database, no configuration, nothing but the file."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auctions import receipts
from auctions.commands import group
from auctions.record import form
from marketplace.canonical import canonical_bytes

from .records import forgers_key, values

# Written by the first version that wrote records: what was true of it then must stay true.
KEPT = Path(__file__).with_name("kept_record.json")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The kept record, the key it was signed with, and another."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    (tmp_path / "record.json").write_bytes(KEPT.read_bytes())
    (tmp_path / "key.pem").write_text(receipts.public_key_text(key))
    (tmp_path / "forger.pem").write_text(receipts.public_key_text(forgers_key()))
    return tmp_path / "record.json"


def test_it_runs_in_an_empty_environment_and_leaves_nothing_behind(file: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for key, code in (([], 0), (["--key", "../key.pem"], 0), (["--key", "../forger.pem"], 1)):
        done = subprocess.run(
            [sys.executable, "-m", "flask", "auctions", "verify-record", str(file), *key],
            cwd=empty,
            env={},
            capture_output=True,
            text=True,
            check=False,
        )
        answer = json.loads(done.stdout)
        assert (done.returncode, answer["ok"]) == (code, code == 0), done.stderr
        assert [check["name"] for check in answer["checks"] if not check["ok"]] == (["keys"] if code else [])
        assert list(empty.iterdir()) == []


def run(*arguments: object) -> tuple[int, list[dict[str, Any]], str]:
    done = CliRunner().invoke(group, ["verify-record", *map(str, arguments)])
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_the_worst_file_decides_the_exit_code(file: Path, tmp_path: Path) -> None:
    raw = values(file.read_bytes())
    (tmp_path / "changed.json").write_bytes(canonical_bytes({**raw, "marketplace": "another"}))
    (tmp_path / "broken.json").write_text("{")
    assert run(file)[0] == 0
    assert run(file, tmp_path / "changed.json")[0] == 1
    code, answers, errors = run(file, tmp_path / "changed.json", tmp_path / "broken.json")
    assert (code, [answer["ok"] for answer in answers]) == (2, [True, False, False])
    assert "broken.json: file: is not JSON" in errors
    failing = [check for check in answers[1]["checks"] if not check["ok"]]
    assert failing == [
        {
            "name": "seal",
            "ok": False,
            "where": [{"at": "seal", "reason": "is not a signature of its key over the record"}],
        }
    ]


def _entry(**changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw["entries"][0].update(changes)


def _top(**changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw.update(changes)


MALFORMED: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "another format": (_top(format="a letter"), "format"),
    "another version": (_top(version=2), "version"),
    "an unknown field": (_top(remark="hello"), "remark"),
    "no entries": (lambda raw: raw.pop("entries"), "entries"),
    "entries that are no list": (_top(entries={}), "entries"),
    "no such auction id": (_top(auction="7"), "auction"),
    "an unknown action": (_entry(action="shout"), "entries[0].action"),
    "a moment without a zone": (_entry(at="2026-03-02T02:00:00"), "entries[0].at"),
    "a stranger who bids": (_entry(bidder="ZZZZZ"), "entries[0].bidder"),
    "an amount as a number": (_entry(amount=5), "entries[0].amount"),
    "a fraction of a fen": (_entry(amount_minor=1.5), "file"),
    "a huge number": (_entry(amount_minor=10**40), "entries[0].amount_minor"),
    "an entry without a hash": (lambda raw: raw["entries"][0].pop("hash"), "entries[0].hash"),
    "a pack without numbers": (lambda raw: raw["rule_pack"].update(content={}), "rule_pack.content"),
    "terms without a price": (lambda raw: raw["terms"].pop("start_price"), "terms.start_price"),
    "an alias twice": (lambda raw: raw["bidders"].append(raw["bidders"][0]), "bidders[2].alias"),
    "no seal": (lambda raw: raw.pop("seal"), "seal"),
}


@pytest.mark.parametrize("fault", MALFORMED)
def test_a_malformed_record_is_named_with_field_and_reason(file: Path, fault: str) -> None:
    spoil, field = MALFORMED[fault]
    raw = values(file.read_bytes())
    spoil(raw)
    file.write_text(json.dumps(raw))
    code, [answer], errors = run(file)
    assert (code, answer["ok"], answer["record"]) == (2, False, None)
    assert answer["field"] == field
    assert answer["reason"] in errors


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe{}", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"a": ' + b"[" * 20 + b"]" * 20 + b"}", "is nested deeper"),
        (b'{"format": 1, "format": 2}', "stands twice"),
        (b'{"format": "\\ud800"}', "half a character"),
        (b'{"version": NaN}', "is not JSON"),
        (b"[]", "must be an object"),
        (b"1" * 5000, "is not JSON"),
    ],
)
def test_what_is_no_record_is_refused(file: Path, content: bytes, reason: str) -> None:
    file.write_bytes(content)
    code, [answer], _ = run(file)
    assert (code, reason in answer["reason"]) == (2, True), answer


def test_a_file_that_is_too_large_is_not_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "MOST_BYTES", 100)
    code, [answer], _ = run(file)
    assert (code, answer["field"]) == (2, "file")


def test_a_key_that_is_none_is_refused(file: Path, tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
    for key in ("no.pem", "missing.pem"):
        code, answers, errors = run(file, "--key", tmp_path / key)
        assert (code, answers) == (2, [])
        assert key in errors
