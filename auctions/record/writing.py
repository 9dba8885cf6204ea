"""Writing the record of an ended auction from its rows."""

from typing import Any

from sqlalchemy.orm import Session

from auctions import queries, receipts
from auctions.journal import covered
from auctions.keys import known_keys
from auctions.models import Auction, JournalEntry
from auctions.record.form import FORMAT, VERSION
from auctions.record.seal import sealed_digest, statement
from auctions.rules import EndReason, Outcome, State, Terms
from auctions.scenarios.recorded import NotEnded
from auctions.sealing.queries import opened_bids, opening_of
from auctions.written.results import result
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms, write_terms
from marketplace.canonical import canonical_bytes, digest
from marketplace.money import decimal_text
from marketplace.rule_packs import as_data, pack_digest

# Formats in which the reserve decides only whether the best bid is enough; elsewhere it moves the price
# itself, and no record could be run again without it.
_RESERVE_ONLY_AT_THE_END = frozenset({"english", "english_rounds", "sale_off"})


def write_record(session: Session, auction: Auction, marketplace: str) -> bytes:
    """The record, canonical and sealed: the same auction gives the same bytes until its journal grows.

    Raises:
        NotEnded: the auction is still open.
    """
    if auction.outcome is Outcome.OPEN:
        raise NotEnded
    raw = _facts(session, auction, marketplace)
    key = receipts.signing_key()
    fingerprint = receipts.fingerprint(receipts.public_key_text(key))
    signature = receipts.sign_statement(key, statement(sealed_digest(raw)))
    raw["seal"] = {"key": fingerprint, "signature": signature}
    return canonical_bytes(raw) + b"\n"


def _facts(session: Session, auction: Auction, marketplace: str) -> dict[str, Any]:
    terms, state = read_terms(auction.terms), read_state(auction.state)
    reserve = _reserve(auction, terms, state)
    written = write_terms(terms) if reserve["published"] else {**write_terms(terms), "reserve_price": None}
    opened = _opened(session, auction)
    entries = [_entry(entry, alias) for entry, alias in queries.journal_of(session, auction.id)]
    return {
        "format": FORMAT,
        "version": VERSION,
        "marketplace": marketplace,
        "auction": str(auction.id),
        "attempt": auction.attempt,
        "lot": {"id": str(auction.lot_id), "reference": auction.lot.reference, "title": auction.lot.title},
        "terms": written,
        "terms_digest": digest(written),
        "reserve": reserve,
        "rule_pack": {
            "name": terms.pack.name,
            "version": terms.pack.version,
            "digest": pack_digest(terms.pack),
            "content": as_data(terms.pack),
        },
        "bidders": _bidders(session, auction),
        "entries": entries,
        **({"opened": opened} if opened else {}),
        "result": result(terms, state),
        "last_hash": auction.last_hash,
        "keys": [
            {"fingerprint": key.fingerprint, "public_key": key.public_key} for key in known_keys(session)
        ],
    }


def _entry(entry: JournalEntry, alias: str | None) -> dict[str, Any]:
    facts = covered(entry, alias)
    del facts["auction"]  # it stands once, at the head of the record
    return {**facts, "hash": entry.hash, "receipt": entry.receipt}


def _opened(session: Session, auction: Auction) -> dict[str, Any] | None:
    """What came out of the envelopes; None where nothing was sealed, or nothing was opened."""
    opening = opening_of(session, auction.id)
    if opening is None:
        return None
    bids = sorted(opened_bids(session, auction.id).values(), key=lambda bid: bid.sequence)
    return {
        "keys": opening.keys,
        "bids": [
            {
                "sequence": bid.sequence,
                "amount": bid.amount,
                "salt": bid.salt,
                "fault": None if bid.fault is None else str(bid.fault),
            }
            for bid in bids
        ],
    }


def _bidders(session: Session, auction: Auction) -> list[dict[str, Any]]:
    """Everybody registered, by alias: the order of registration could be matched with names."""
    found = queries.registrations_of(session, auction.id)
    return sorted(
        ({"alias": one.alias, "priority_order": one.priority_order} for one in found),
        key=lambda bidder: str(bidder["alias"]),
    )


def _reserve(auction: Auction, terms: Terms, state: State) -> dict[str, Any]:
    """Whether the record holds the reserve; a secret one is replaced by an amount that acts as it did."""
    if (
        terms.reserve_price is None
        or auction.lot.reserve_public
        or terms.reserve_price == terms.start_price
        or terms.auction_format not in _RESERVE_ONLY_AT_THE_END
    ):
        return {"published": True, "acts_as": None}
    acts_as = _acts_as(state)
    text = None if acts_as is None else decimal_text(acts_as, terms.currency)
    return {"published": False, "acts_as": text}


def _acts_as(state: State) -> int | None:
    """An amount that decides as the reserve decided and tells no more than the result does.

    Sold: the lowest amount that ever won. Not met: just above the best bid. Otherwise it decided nothing.
    """
    winners = [state.standing[alias].amount for alias in (*state.struck, state.winner) if alias]
    if winners:
        return min(winners)
    if state.reason is EndReason.RESERVE_NOT_MET:
        return max(standing.amount for standing in state.standing.values()) + 1
    return None
