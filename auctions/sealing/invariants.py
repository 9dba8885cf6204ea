"""What must be true of every sealed auction, each as a question whose answer is a list of problems."""

from collections.abc import Callable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from auctions.models import Auction, JournalEntry
from auctions.sealing import queries
from auctions.sealing.models import Custody, OpenedBid, Opening
from auctions.sealing.opened import commitment_holds, opening_digest


def no_amount_beside_an_envelope(session: Session) -> list[str]:
    """An entry with a sealed amount holds it in no other way."""
    statement = select(JournalEntry.auction_id, JournalEntry.sequence).where(
        JournalEntry.sealed.is_not(None),
        or_(JournalEntry.amount.is_not(None), JournalEntry.amount_minor.is_not(None)),
    )
    return [
        f"auction {auction_id}: entry {sequence} shows the amount that it seals"
        for auction_id, sequence in session.execute(statement)
    ]


def nothing_known_before_the_opening(session: Session) -> list[str]:
    """Until its opening an auction's row holds no amount and nobody who leads."""
    statement = select(Auction).join(Custody, Custody.auction_id == Auction.id).order_by(Auction.id)
    found = []
    for auction in session.scalars(statement):
        state = auction.state
        if not state.get("concealed"):
            continue
        amounts = [amount for amount, *_ in state["standing"].values() if amount]
        shown = (state["price"], state["leader"], state["maxima"], auction.price_minor, auction.leader_id)
        if amounts or any(shown):
            found.append(f"auction {auction.id}: its row knows what is still sealed")
    return found


def sealed_auctions_have_custodians(session: Session) -> list[str]:
    """Whoever conceals amounts has two different institutions that can open them."""
    custodies = {custody.auction_id: custody for custody in session.scalars(select(Custody))}
    found = [
        f"auction {custody.auction_id}: one institution holds both keys"
        for custody in custodies.values()
        if custody.first_id == custody.second_id
    ]
    sealed = select(JournalEntry.auction_id).where(JournalEntry.sealed.is_not(None)).distinct()
    return found + [
        f"auction {auction_id}: nobody keeps its bids"
        for auction_id in session.scalars(sealed)
        if auction_id not in custodies
    ]


def openings_are_whole(session: Session) -> list[str]:
    """An opening names keys of two institutions, covers every envelope, and every commitment holds."""
    found = []
    for opening in session.scalars(select(Opening).order_by(Opening.at)):
        bids = queries.opened_bids(session, opening.auction_id)
        entries = queries.envelopes(session, opening.auction_id)
        problems = _commitment_problems(opening, entries, bids)
        if opening.digest != opening_digest(opening.keys, bids.values()):
            problems.append("its digest is not that of what was opened")
        if sum(bool(keys) for keys in opening.keys.values()) < 2:
            problems.append("one institution alone opened it")
        found += [f"auction {opening.auction_id}: {problem}" for problem in problems]
    return found


def _commitment_problems(
    opening: Opening, entries: list[tuple[JournalEntry, str]], bids: dict[int, OpenedBid]
) -> list[str]:
    found = []
    for entry, alias in entries:
        bid = bids.get(entry.sequence)
        if bid is None:
            found.append(f"entry {entry.sequence} was not opened")
        elif bid.amount is not None and not commitment_holds(
            str(opening.auction_id), alias, bid.amount, bid.salt or "", entry.commitment or ""
        ):
            found.append(f"the commitment of entry {entry.sequence} does not hold")
    return found


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("a sealed amount stands only in its envelope", no_amount_beside_an_envelope),
    ("nobody leads before the opening", nothing_known_before_the_opening),
    ("sealed bids have two custodians", sealed_auctions_have_custodians),
    ("an opening fits its commitments", openings_are_whole),
)
