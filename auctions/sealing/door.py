"""The door at which an amount is sealed: from here on it is in the journal only as an envelope."""

import base64
from datetime import datetime

from sqlalchemy.orm import Session

from auctions.journal import storable
from auctions.models import Auction, JournalEntry
from auctions.rules import WITH_AMOUNT, Decision, Event
from auctions.sealing import queries
from auctions.sealing.envelopes import SALT, Custodian, SealedBid, commitment_of, new_salt, seal
from auctions.sealing.rules import MOST_BIDS_EACH, MOST_ENVELOPES, SealingReason, keeps_amount
from marketplace.errors import Refused


def check_salt(salt: str | None) -> None:
    """Raise Refused unless the salt has its form; None is for whoever leaves the choice to the platform."""
    if salt is not None and SALT.fullmatch(salt) is None:
        raise Refused(SealingReason.SALT_MALFORMED, field="salt")


def put_amount(
    session: Session,
    auction: Auction,
    entry: JournalEntry,
    event: Event,
    decision: Decision,
    *,
    salt: str | None = None,
) -> None:
    """Put the event's amount into its entry: plain where everybody may read it, else sealed.

    An amount that came too late for a sealed auction is kept nowhere.

    Raises:
        Refused: a custodian has no key in use, or the auction has all the envelopes it can hold, or all that
            one bidder may fill.
    """
    if not decision.state.concealed or event.amount is None or event.action not in WITH_AMOUNT:
        entry.amount, entry.amount_minor = storable(event.amount), decision.amount_minor
    elif keeps_amount(decision.state, event.action, event.at):
        alias = event.bidder or ""
        made = queries.count_envelopes(session, auction.id, alias)
        if auction.sequence >= MOST_ENVELOPES or made >= MOST_BIDS_EACH:
            raise Refused(SealingReason.TOO_MANY_ENVELOPES)
        bid = sealed_bid(auction, alias, event.amount, salt or new_salt())
        envelope = seal(bid, _custodians(session, auction, event.at))
        entry.commitment, entry.sealed = envelope.commitment, envelope.sealed


def sealed_bid(auction: Auction, alias: str, amount: str, salt: str) -> SealedBid:
    """What is sealed of a bid."""
    return SealedBid(str(auction.id), alias, storable(amount) or "", salt)


def _custodians(session: Session, auction: Auction, now: datetime) -> list[Custodian]:
    custody = queries.custody_of(session, auction.id)
    if custody is None:
        raise Refused(SealingReason.KEYS_MISSING)
    found = []
    for institution_id in (custody.first_id, custody.second_id):
        keys = queries.keys_in_use(session, institution_id, now)
        if not keys:
            raise Refused(SealingReason.KEYS_MISSING)
        found.append(
            Custodian(
                str(institution_id), {key.fingerprint: base64.b64decode(key.public_key) for key in keys}
            )
        )
    return found


def same_amount(
    auction: Auction, known: JournalEntry, alias: str, amount: str | None, salt: str | None
) -> bool:
    """Whether a repeated act brings the amount that its entry holds.

    A sealed amount can be compared only by whoever brings the salt again; without it, or where the amount
    came too late to be kept, the key alone says that it is the same act.
    """
    if known.commitment is not None:
        if salt is None or amount is None:
            return True
        return commitment_of(sealed_bid(auction, alias, amount, salt)) == known.commitment
    if auction.state.get("concealed") and known.amount is None:
        return True
    return known.amount == storable(amount)
