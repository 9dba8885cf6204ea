"""Mandates, offers and deals: every way to a price ends in a Deal."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

from marketplace.errors import Conflict, Refused
from marketplace.status import Moves, check_move


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
    TAKING = "taking"
    CONVERSION = "conversion"


# The creditor itself has the right: its claim is set off against the price, only what exceeds it is paid.
SET_OFF = frozenset({DealSource.TAKING, DealSource.CONVERSION})


class DealStatus(StrEnum):
    AGREED = "agreed"
    PAID = "paid"
    COMPLETED = "completed"
    DEFAULTED = "defaulted"
    RESCINDED = "rescinded"


# agreed → paid in full → title transferred and money released; or the buyer does not pay; or the sale is
# undone before its money was distributed, and the buyer gets the price back.
DEAL_MOVES: Moves[DealStatus] = {
    DealStatus.AGREED: frozenset({DealStatus.PAID, DealStatus.DEFAULTED}),
    DealStatus.PAID: frozenset({DealStatus.COMPLETED, DealStatus.RESCINDED}),
    DealStatus.COMPLETED: frozenset(),
    DealStatus.DEFAULTED: frozenset(),
    DealStatus.RESCINDED: frozenset(),
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
    WAIVED_ALREADY = "waived_already"
    DOCUMENT_MISSING = "document_missing"
    CLIENT_UNKNOWN = "client_unknown"
    COMMISSION_OUT_OF_RANGE = "commission_out_of_range"
    MANDATE_ENDS_TOO_SOON = "mandate_ends_too_soon"
    MANDATE_ENDS_TOO_LATE = "mandate_ends_too_late"
    ALREADY_MANDATED = "already_mandated"
    MANDATE_NOT_IN_FORCE = "mandate_not_in_force"
    MANDATE_DOES_NOT_COVER = "mandate_does_not_cover"
    BOTH_SIDES = "both_sides"
    BUYER_UNKNOWN = "buyer_unknown"
    BUYER_HAS_NOT_CONFIRMED = "buyer_has_not_confirmed"
    OFFER_CONFIRMED_ALREADY = "offer_confirmed_already"
    OFFER_EXPIRED = "offer_expired"
    OFFER_EXPIRY_OUT_OF_RANGE = "offer_expiry_out_of_range"
    PRICE_NOT_POSITIVE = "price_not_positive"
    PACK_SELLS_IN_PUBLIC_ONLY = "pack_sells_in_public_only"
    ACCEPTER_IS_APPROVER = "accepter_is_approver"


# No more than half of the price, and no mandate for longer than three years: a mistyped number stops here.
MOST_COMMISSION_BASIS_POINTS = 5_000
LONGEST_MANDATE = timedelta(days=3 * 366)
LONGEST_OFFER = timedelta(days=90)

# A court sells by online auction (法释〔2016〕18号) and a state-owned seller in a public exchange (Law on
# State Assets of Enterprises 54); neither may take a private offer.
PACKS_WITH_OFFERS = frozenset({"cn-bank", "open"})


def check_mandate_terms(commission_basis_points: int, valid_until: date, *, today: date) -> None:
    """Refuse a commission or an end that nobody can mean."""
    if not 0 < commission_basis_points <= MOST_COMMISSION_BASIS_POINTS:
        raise Refused(DealReason.COMMISSION_OUT_OF_RANGE, field="commission")
    if valid_until < today:
        raise Refused(DealReason.MANDATE_ENDS_TOO_SOON, field="valid_until")
    if valid_until > today + LONGEST_MANDATE:
        raise Refused(DealReason.MANDATE_ENDS_TOO_LATE, field="valid_until")


def in_force(status: MandateStatus, valid_until: date, *, today: date) -> bool:
    """Whether an agency may act under a mandate today; its last day counts."""
    return status is MandateStatus.ACCEPTED and today <= valid_until


def check_offer_terms(price_minor: int, expires_at: datetime, *, now: datetime) -> None:
    """Refuse an offer of nothing, one that has ended already, and one that binds for longer than 90 days."""
    if price_minor <= 0:
        raise Refused(DealReason.PRICE_NOT_POSITIVE, field="price")
    if not now < expires_at <= now + LONGEST_OFFER:
        raise Refused(DealReason.OFFER_EXPIRY_OUT_OF_RANGE, field="expires_at")


def check_offer_open(status: OfferStatus, new: OfferStatus, expires_at: datetime, *, now: datetime) -> None:
    """Refuse an answer to an offer that has ended; raises Conflict for a move `OFFER_MOVES` has not."""
    check_move(OFFER_MOVES, status, new)
    if now >= expires_at:
        raise Conflict(DealReason.OFFER_EXPIRED)


def next_step(recorded: Collection[TransferStep]) -> TransferStep | None:
    """The step that comes next in a title transfer; None when all are recorded."""
    return next((step for step in STEPS if step not in recorded), None)


def check_step(
    status: DealStatus, recorded: Collection[TransferStep], step: TransferStep, *, waived: bool = False
) -> None:
    """Raise unless the step may be recorded now: the price is held, and the steps come in their order.

    A transfer of a patent takes effect when CNIPA registers it (Patent Law 10), of a trademark when it is
    announced (Trademark Law 42): the last step is the office's confirmation. Where the title was waived, the
    steps are still recorded after the money has left.

    Raises:
        Conflict: the step is recorded already.
        Refused: the price is not paid, or another step comes first.
    """
    if step in recorded:
        raise Conflict(DealReason.STEP_ALREADY_RECORDED, field="step")
    if status is not DealStatus.PAID and not (waived and status is DealStatus.COMPLETED):
        raise Refused(DealReason.NOT_PAID)
    if step is not next_step(recorded):
        raise Refused(DealReason.STEP_OUT_OF_ORDER, field="step")
