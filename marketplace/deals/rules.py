"""Mandates, offers and deals: every way to a price ends in a Deal."""

from enum import StrEnum

from marketplace.status import Moves


class MandateSide(StrEnum):
    SELL = "sell"
    BUY = "buy"


class MandateStatus(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"


MANDATE_MOVES: Moves[MandateStatus] = {
    MandateStatus.PROPOSED: frozenset({MandateStatus.ACCEPTED, MandateStatus.DECLINED}),
    MandateStatus.ACCEPTED: frozenset({MandateStatus.ENDED}),
    MandateStatus.DECLINED: frozenset(),
    MandateStatus.ENDED: frozenset(),
}


class OfferStatus(StrEnum):
    MADE = "made"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


# accepted: the bank's officer wants it; approved: a second person agreed, and the deal exists.
OFFER_MOVES: Moves[OfferStatus] = {
    OfferStatus.MADE: frozenset(
        {OfferStatus.ACCEPTED, OfferStatus.REFUSED, OfferStatus.WITHDRAWN, OfferStatus.EXPIRED}
    ),
    OfferStatus.ACCEPTED: frozenset({OfferStatus.APPROVED, OfferStatus.REFUSED, OfferStatus.EXPIRED}),
    OfferStatus.APPROVED: frozenset(),
    OfferStatus.REFUSED: frozenset(),
    OfferStatus.WITHDRAWN: frozenset(),
    OfferStatus.EXPIRED: frozenset(),
}


class DealSource(StrEnum):
    AUCTION = "auction"
    OFFER = "offer"


class DealStatus(StrEnum):
    AGREED = "agreed"
    PAID = "paid"
    COMPLETED = "completed"
    DEFAULTED = "defaulted"


# agreed → paid in full → title transferred and money released; or the buyer does not pay.
DEAL_MOVES: Moves[DealStatus] = {
    DealStatus.AGREED: frozenset({DealStatus.PAID, DealStatus.DEFAULTED}),
    DealStatus.PAID: frozenset({DealStatus.COMPLETED}),
    DealStatus.COMPLETED: frozenset(),
    DealStatus.DEFAULTED: frozenset(),
}


class TransferStep(StrEnum):
    """The steps of a title transfer, in order."""

    DOCUMENTS_SIGNED = "documents_signed"
    RECORDAL_FILED = "recordal_filed"
    RECORDAL_CONFIRMED = "recordal_confirmed"
