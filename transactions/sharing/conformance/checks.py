"""The checks, in the order in which they run."""

import json
from collections.abc import Sequence
from typing import Any

from transactions.log import signing, tree
from transactions.log.commitments import Shown, is_committed
from transactions.sharing.conformance.exchange import PREFIX, Party
from transactions.sharing.conformance.suite import Check, Failed, Scene, expect, fits, only_line
from transactions.sharing.rules.statements import line_digest, receipt_statement

_MANY = 1001


def registration(scene: Scene) -> None:
    """The register shows the contributor admitted, with a key that is not revoked."""
    answer = scene.party.get(f"/contributors/{scene.party.code}")
    expect("status", 200, answer.status)
    keys = {key["fingerprint"]: key for key in answer.facts["keys"]}
    expect("state", "admitted", answer.facts["status"])
    expect("revoked", None, keys[scene.party.mark]["revoked_at"])


def schemas_are_served(scene: Scene) -> None:
    """The schemas stand at their addresses, and OpenAPI names every one of them that it uses."""
    for name in ("submission", "line", "sale", "receipt", "result", "feed", "entry", "record", "error"):
        answer = scene.party.get(f"/schemas/{name}.json")
        expect(f"{name}.json", f"{PREFIX}/schemas/{name}.json", answer.facts.get("$id"))
    expect("openapi", "3.1", str(scene.party.get("/openapi.json").facts["openapi"])[:3])


def wrong_signatures(scene: Scene) -> None:
    """A key that nobody knows, changed content, and a signature made for another purpose are refused."""
    line = scene.sale("unsigned")
    told = only_line(scene.stranger.send(scene.stranger.signed(line)))
    expect("unknown key", (403, "key_unknown"), (told["code"], told["reason"]))
    changed = scene.party.signed(line) | {"record": line["record"] | {"price_minor": 1}}
    told = only_line(scene.party.send(changed))
    expect("changed content", (403, "signature_wrong"), (told["code"], told["reason"]))
    party = scene.party
    elsewhere = Party(party.transport, party.code, party.seed, sandbox=False)
    told = only_line(elsewhere.send(elsewhere.signed(line)))
    expect("signed for the real record", (403, "signature_wrong"), (told["code"], told["reason"]))


def acceptance(scene: Scene) -> None:
    """A signed line becomes a record, and its receipt is signed by the marketplace."""
    line = scene.sale("first")
    receipt = scene.accepted(line)
    expect("digest", line_digest(line), receipt["digest"])
    expect("number", line["id"], receipt["id"])
    expect("key of the receipt", scene.public_key, receipt["public_key"])
    if not signing.is_signed(scene.public_key, receipt["signature"], receipt_statement(receipt)):
        raise Failed("the receipt's signature does not fit")


def idempotence(scene: Scene) -> None:
    """The same line again answers the same receipt; within one submission too."""
    line = scene.sale("first")
    signed = scene.party.signed(line)
    answer = scene.party.send(signed)
    expect("status", 200, answer.status)
    expect("receipt", scene.receipts[line["id"]], only_line(answer)["receipt"])
    twice = scene.party.send(signed, signed)
    expect("states", ["repeated", "repeated"], [one["status"] for one in twice.facts["lines"]])


def conflict(scene: Scene) -> None:
    """Other content under the same number is refused with 409."""
    answer = scene.party.send(scene.party.signed(scene.sale("first", price_minor=1)))
    told = only_line(answer)
    expect("refusal", (409, "other_content", "id"), (answer.status, told["reason"], told["field"]))


def refused_content(scene: Scene) -> None:
    """What does not fit is refused with reason and field, and the lines beside it are taken."""
    wrong = {
        "price_missing": scene.sale("unpriced", price_minor=None),
        "field_unknown": scene.sale("unknown", colour="red"),
        "not_a_word": scene.sale("word", currency="CNY", outcome="stolen"),
        "parent_needed": scene.sale("orphan", consent_tier="sealed"),
    }
    good = scene.sale("beside")
    answer = scene.party.send(*(scene.party.signed(line) for line in (*wrong.values(), good)))
    fits(answer, "result")
    expect("status", 207, answer.status)
    expect("reasons", list(wrong), [one.get("reason") for one in answer.facts["lines"][:-1]])
    if not all(one["field"] for one in answer.facts["lines"][:-1]):
        raise Failed("a refusal does not name its field")
    expect("the line beside", "accepted", answer.facts["lines"][-1]["status"])


def correction(scene: Scene) -> None:
    """A correction is a new record that names the old one; there is one of each; a sale can be reversed."""
    old = scene.receipts[scene.sale("first")["id"]]["record"]
    line: dict[str, Any] = {
        "id": f"{scene.run}-corrected",
        "action": "correct",
        "corrects": old,
        "reason": "a slip",
        "changes": {"price_minor": 12_400_00},
    }
    newer = scene.accepted(line)["record"]
    again = only_line(scene.party.send(scene.party.signed(line | {"id": f"{scene.run}-again"})))
    expect("second correction", (409, "already_corrected"), (again["code"], again["reason"]))
    reversal = {
        "id": f"{scene.run}-reversed",
        "action": "reverse",
        "corrects": newer,
        "reason": "rescinded",
    }
    scene.accepted(reversal)


def feed_order(scene: Scene) -> None:
    """The feed is dense, its pages meet, and corrections stand where the log has them."""
    mine = [scene.receipts[f"{scene.run}-{name}"] for name in ("first", "corrected", "reversed")]
    begin = mine[0]["leaf_index"]
    found: dict[int, dict[str, Any]] = {}
    offset, complete = begin, False
    while not complete and offset <= mine[-1]["leaf_index"]:
        page = scene.party.get_signed(f"/feed?offset={offset}&limit=2")
        fits(page, "feed")
        places = [entry["offset"] for entry in page.facts["entries"]]
        expect("offsets", list(range(offset, offset + len(places))), places)
        expect("next offset", offset + len(places), page.facts["next_offset"])
        found |= {entry["offset"]: entry for entry in page.facts["entries"]}
        offset, complete = page.facts["next_offset"], page.facts["complete"]
    entries = [found[receipt["leaf_index"]] for receipt in mine]
    expect("changes", ["recorded", "corrected", "reversed"], [entry["change"] for entry in entries])
    expect("hashes", [one["leaf_hash"] for one in mine], [entry["leaf_hash"] for entry in entries])
    expect("what is corrected", mine[0]["record"], entries[1]["record"]["corrects"])


def disclosure(scene: Scene) -> None:
    """A sealed record is to everybody its commitment alone, and to its contributor whole."""
    receipt = scene.accepted(scene.sale("sealed", consent_tier="sealed", seller_parent_number="CONFORMANCE"))
    path = f"/feed?offset={receipt['leaf_index']}&limit=1"
    (public,) = scene.party.get(path).facts["entries"]
    expect("to everybody", {"offset", "leaf_hash", "change", "why"}, set(public))
    expect("its commitment", receipt["leaf_hash"], public["leaf_hash"])
    expect("alone", 404, scene.party.get(f"/records/{receipt['record']}").status)
    (own,) = scene.party.get_signed(path).facts["entries"]
    expect("to oneself", (True, 12_300_00), (own["own"], own["record"]["price_minor"]))
    if "CONFORMANCE" in json.dumps(own):
        raise Failed("the number of the seller's parent is shown")


def proof(scene: Scene) -> None:
    """A leaf leads to a signed checkpoint, and each field that is shown is the one that was sealed."""
    receipt = scene.receipts[scene.sale("first")["id"]]
    answer = scene.party.get_signed(f"/records/{receipt['record']}")
    fits(answer, "entry")
    shown = answer.facts["proof"]
    leaf = tree.leaf_hash(shown["leaf_data"].encode())
    expect("leaf", receipt["leaf_hash"], leaf.hex())
    sealed = json.loads(shown["leaf_data"])["commitments"]
    for name, one in shown["shown"].items():
        if not is_committed(sealed, name, Shown(one["value"], one["salt"])):
            raise Failed(f"{name} is not what was sealed")
    point = shown["checkpoint"]
    path = [bytes.fromhex(part) for part in shown["path"]]
    root = bytes.fromhex(point["root"])
    if not tree.verify_inclusion(leaf, shown["leaf_index"], point["tree_size"], path, root):
        raise Failed("the path does not lead to the checkpoint's root")
    if not signing.is_signed(point["public_key"], point["signature"], point["statement"].encode()):
        raise Failed("the checkpoint's signature does not fit")


def signed_requests(scene: Scene) -> None:
    """A request that is signed wrongly, for another address or too long ago is refused."""
    expect("right", 200, scene.party.get_signed("/rights").status)
    expect("unsigned", 403, scene.party.get("/rights").status)
    wrong = scene.party.get_signed("/rights", signature="AAAA")
    expect("wrong", (403, "signature_wrong"), (wrong.status, wrong.facts.get("reason")))
    late = scene.party.get_signed("/rights", time="2020-01-01T00:00:00Z")
    expect("late", (422, "time_wrong"), (late.status, late.facts.get("reason")))
    expect("another's key", 403, scene.stranger.get_signed("/rights").status)


def limits(scene: Scene) -> None:
    """More than a thousand lines, and pages that are too long, are refused; the rate is told."""
    line = scene.party.signed(scene.sale("many"))
    answer = scene.party.send(*[line] * _MANY)
    expect("lines", (422, "too_many_lines"), (answer.status, answer.facts.get("reason")))
    page = scene.party.get("/feed?limit=501")
    expect("page", (422, "limit"), (page.status, page.facts.get("field")))


CHECKS: Sequence[Check] = (
    ("registration", registration),
    ("schemas are served", schemas_are_served),
    ("wrong signatures are refused", wrong_signatures),
    ("a signed line is accepted with a receipt", acceptance),
    ("the same line again is the same record", idempotence),
    ("other content under the same number is a conflict", conflict),
    ("refusals name reason and field", refused_content),
    ("corrections and reversals", correction),
    ("the feed is dense and in order", feed_order),
    ("a sealed record is disclosed to nobody else", disclosure),
    ("proofs hold", proof),
    ("signed requests", signed_requests),
    ("limits", limits),
)
