"""Mandates, offers and deals: every way to a price ends in a Deal."""

from collections.abc import Collection
from enum import StrEnum

from marketplace.errors import Conflict, Refused
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


STEPS = tuple(TransferStep)

# A deal that stands in the way of another one for the same lot.
LIVE_DEALS = frozenset({DealStatus.AGREED, DealStatus.PAID, DealStatus.COMPLETED})


class DealReason(StrEnum):
    LOT_NOT_FOR_SALE = "lot_not_for_sale"
    LOT_HAS_A_DEAL = "lot_has_a_deal"
    NOT_PAID = "not_paid"
    STEP_OUT_OF_ORDER = "step_out_of_order"
    STEP_ALREADY_RECORDED = "step_already_recorded"
    TITLE_NOT_TRANSFERRED = "title_not_transferred"
    DOCUMENT_MISSING = "document_missing"


def next_step(recorded: Collection[TransferStep]) -> TransferStep | None:
    """The step that comes next in a title transfer; None when all are recorded."""
    return next((step for step in STEPS if step not in recorded), None)


def check_step(status: DealStatus, recorded: Collection[TransferStep], step: TransferStep) -> None:
    """Raise unless the step may be recorded now: the price is held, and the steps come in their order.

    A transfer of a patent takes effect when CNIPA registers it (Patent Law 10), of a trademark when it is
    announced (Trademark Law 42): the last step is the office's confirmation.

    Raises:
        Conflict: the step is recorded already.
        Refused: the price is not paid, or another step comes first.
    """
    if step in recorded:
        raise Conflict(DealReason.STEP_ALREADY_RECORDED, field="step")
    if status is not DealStatus.PAID:
        raise Refused(DealReason.NOT_PAID)
    if step is not next_step(recorded):
        raise Refused(DealReason.STEP_OUT_OF_ORDER, field="step")
