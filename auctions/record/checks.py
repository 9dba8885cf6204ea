"""The checks of a record, each under its name: what differs, and where. Pure; a format may add its own."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from auctions import receipts
from auctions.record.form import Record
from auctions.record.rerun import Rerun, automatic_bids_differ, decisions_differ, end_differs, rerun
from auctions.record.seal import sealed_digest, statement
from auctions.rules import Action
from auctions.sealing.opened import commitment_holds, opening_digest
from marketplace import rule_packs
from marketplace.canonical import digest, read_base64
from marketplace.rule_packs import UnknownPack, as_data


class Case:
    """A record with the fingerprints that its reader trusts; empty where the reader names none."""

    def __init__(self, record: Record, trusted: Collection[str] = ()) -> None:
        self.record = record
        self.trusted = frozenset(trusted)

    @cached_property
    def done(self) -> Rerun:
        """The rules run again, once for all checks that ask."""
        return rerun(self.record)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a record differs from what it should be, as a path into the file, and how, in plain English."""

    at: str
    reason: str


Found = Iterator[Difference]


def spelling(case: Case) -> Found:
    """The file is byte for byte the one spelling of what it says."""
    if not case.record.spelled_canonically:
        yield Difference("file", "is not written canonically: something was changed, if only a space")


def chain(case: Case) -> Found:
    """Every entry's hash covers what it says, and the hash before it; the last is the record's."""
    previous = ""
    for number, entry in enumerate(case.record.entries):
        if entry.previous_hash != previous:
            yield Difference(f"entries[{number}].previous_hash", "is not the hash of the entry before")
        covered = {name: value for name, value in entry.raw.items() if name not in {"hash", "receipt"}}
        if digest({"auction": case.record.auction_id, **covered}) != entry.hash:
            yield Difference(f"entries[{number}].hash", "is not the hash of what the entry says")
        previous = entry.hash
    if case.record.raw["last_hash"] != previous:
        yield Difference("last_hash", "is not the hash of the last entry")


def sequence(case: Case) -> Found:
    """Numbers run 1, 2, 3 … without a gap; an automatic bid names an earlier cause."""
    for number, entry in enumerate(case.record.entries):
        if entry.sequence != number + 1:
            yield Difference(f"entries[{number}].sequence", f"is {entry.sequence}, not {number + 1}")
        if entry.caused_by is not None and entry.caused_by >= entry.sequence:
            yield Difference(f"entries[{number}].caused_by", "is not an earlier entry")


def moments(case: Case) -> Found:
    """No entry is earlier than the one before."""
    for number, (before, entry) in enumerate(pairwise(case.record.entries), start=1):
        if entry.at < before.at:
            yield Difference(f"entries[{number}].at", "is earlier than the entry before")


def keys(case: Case) -> Found:
    """Keys bear their own fingerprints, and are among those that the reader trusts, where it names any."""
    for fingerprint, pem in case.record.keys.items():
        if receipts.fingerprint(pem) != fingerprint:
            yield Difference("keys", f"{fingerprint[:16]}… is not the fingerprint of its key")
        elif case.trusted and fingerprint not in case.trusted:
            yield Difference("keys", f"{fingerprint} is not the fingerprint of a key that you gave")


def signatures(case: Case) -> Found:
    """Every receipt is a signature of one of the record's keys over its entry's hash."""
    known = _public_keys(case.record)
    for number, entry in enumerate(case.record.entries):
        signer = _signer(known, receipts.statement(entry.hash), entry.receipt)
        if signer is None:
            yield Difference(f"entries[{number}].receipt", "is not a signature over the entry's hash")
            continue
        known.remove(signer)
        known.insert(0, signer)  # the next entry is most likely signed with the same key


def seal(case: Case) -> Found:
    """The marketplace signed the record as a whole: nothing was dropped from its end or added to it."""
    pem = case.record.keys.get(case.record.seal_key)
    known = [key for key in (receipts.read_public_key(pem),) if key] if pem else []
    message = statement(sealed_digest(case.record.raw))
    if _signer(known, message, case.record.seal_signature) is None:
        yield Difference("seal", "is not a signature of its key over the record")


def terms(case: Case) -> Found:
    """The digest of the terms is theirs, and they name the rule pack of the case.record."""
    written = case.record.raw["terms"]
    if digest(written) != case.record.raw["terms_digest"]:
        yield Difference("terms_digest", "is not the digest of the terms")
    named = (written["rule_pack"], written.get("rule_pack_version"))
    if named != (case.record.pack.name, case.record.pack.version):
        yield Difference("terms.rule_pack", "is not the rule pack of the record")


def rule_pack(case: Case) -> Found:
    """The pack's digest is its own, and no number differs from the pack of that version installed here."""
    written, content = case.record.raw["rule_pack"], as_data(case.record.pack)
    if (written["name"], written["version"]) != (case.record.pack.name, case.record.pack.version):
        yield Difference("rule_pack", "bears another name or version than its content")
    if digest(written["content"]) != written["digest"] or content != written["content"]:
        yield Difference("rule_pack.digest", "is not the digest of the rule pack")
    try:
        installed = as_data(rule_packs.load(case.record.pack.name, case.record.pack.version))
    except UnknownPack:
        return  # a newer or older program: the record's own numbers stand
    for name, value in content.items():
        if installed.get(name) != value:
            yield Difference(f"rule_pack.content.{name}", "differs from the pack of this version known here")


def _public_keys(record: Record) -> list[Ed25519PublicKey]:
    found = (receipts.read_public_key(pem) for pem in record.keys.values())
    return [key for key in found if key is not None]


def _signer(known: list[Ed25519PublicKey], message: bytes, signature: str) -> Ed25519PublicKey | None:
    for key in known:
        try:
            key.verify(read_base64(signature), message)
        except (InvalidSignature, ValueError):
            continue
        return key
    return None


def openings(case: Case) -> Found:
    """Every sealed bid was opened as it was committed to, and the opening's entry covers all of them."""
    record = case.record
    if record.opened is None:
        return
    sealed = {entry.sequence: entry for entry in record.entries if entry.sealed is not None}
    for sequence in sealed.keys() ^ record.opened.bids.keys():
        yield Difference("opened.bids", f"entry {sequence} is not both sealed and opened")
    for sequence, bid in record.opened.bids.items():
        entry = sealed.get(sequence)
        if entry is None or bid.fault is not None:
            continue
        amount, salt, commitment = bid.amount or "", bid.salt or "", entry.commitment or ""
        if not commitment_holds(record.auction_id, entry.bidder or "", amount, salt, commitment):
            yield Difference("opened.bids", f"of entry {sequence} is not what was committed to")
    bids: Any = record.opened.bids.values()  # shaped like their rows
    covered = opening_digest(record.opened.keys, bids)
    if [entry.commitment for entry in record.entries if entry.action is Action.OPEN] != [covered]:
        yield Difference("opened", "is not what the opening's entry covers")


def decisions(case: Case) -> Found:
    """The rules decide every act as it was decided."""
    yield from (Difference(at, reason) for at, reason in decisions_differ(case.done))


def automatic_bids(case: Case) -> Found:
    """The rules make the same automatic bids, each after the act that caused it."""
    yield from (Difference(at, reason) for at, reason in automatic_bids_differ(case.record, case.done))


def result(case: Case) -> Found:
    """The rules come to the same end: outcome, winner, price, end, ladder."""
    yield from (Difference(at, reason) for at, reason in end_differs(case.record, case.done))


Check = Callable[[Case], Found]

# In this order they are printed. The names are a promise; new ones may come.
CHECKS: tuple[tuple[str, Check], ...] = (
    ("spelling", spelling),
    ("sequence", sequence),
    ("moments", moments),
    ("chain", chain),
    ("signatures", signatures),
    ("keys", keys),
    ("terms", terms),
    ("rule_pack", rule_pack),
    ("openings", openings),
    ("decisions", decisions),
    ("automatic_bids", automatic_bids),
    ("result", result),
    ("seal", seal),
)
