"""The words for mandates, offers and deals."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.deals.rules import (
    DealReason,
    DealSource,
    DealStatus,
    MandateSide,
    MandateStatus,
    OfferStatus,
    TransferStep,
)
from marketplace.deals.windows import texts as window_texts

SIDES: dict[MandateSide, Any] = {MandateSide.SELL: _("to sell"), MandateSide.BUY: _("to buy")}

MANDATE_STATUSES: dict[MandateStatus, Any] = {
    MandateStatus.PROPOSED: _("proposed"),
    MandateStatus.ACCEPTED: _("in force"),
    MandateStatus.DECLINED: _("declined"),
    MandateStatus.ENDED: _("ended"),
}

OFFER_STATUSES: dict[OfferStatus, Any] = {
    OfferStatus.MADE: _("made"),
    OfferStatus.ACCEPTED: _("accepted, waits for approval"),
    OfferStatus.APPROVED: _("agreed"),
    OfferStatus.REFUSED: _("refused"),
    OfferStatus.WITHDRAWN: _("withdrawn"),
    OfferStatus.EXPIRED: _("expired"),
}

DEAL_STATUSES: dict[DealStatus, Any] = {
    DealStatus.AGREED: _("agreed, not paid"),
    DealStatus.PAID: _("paid, title to transfer"),
    DealStatus.COMPLETED: _("completed"),
    DealStatus.DEFAULTED: _("not paid"),
    DealStatus.RESCINDED: _("undone"),
}

# Apart from the other tones: members of two StrEnums with the same value are one key of a dict.
MANDATE_TONES: dict[MandateStatus, str] = {
    MandateStatus.PROPOSED: "waiting",
    MandateStatus.ACCEPTED: "live",
    MandateStatus.DECLINED: "stopped",
    MandateStatus.ENDED: "stopped",
}

TONES: dict[StrEnum, str] = {
    OfferStatus.MADE: "waiting",
    OfferStatus.ACCEPTED: "waiting",
    OfferStatus.APPROVED: "done",
    OfferStatus.REFUSED: "stopped",
    OfferStatus.WITHDRAWN: "stopped",
    OfferStatus.EXPIRED: "stopped",
    DealStatus.AGREED: "waiting",
    DealStatus.PAID: "live",
    DealStatus.COMPLETED: "done",
    DealStatus.DEFAULTED: "stopped",
    DealStatus.RESCINDED: "stopped",
}

SOURCES: dict[DealSource, Any] = {
    DealSource.AUCTION: _("auction"),
    DealSource.OFFER: _("offer"),
    DealSource.TAKING: _("taking by the creditor"),
    DealSource.CONVERSION: _("agreed conversion"),
}

STEPS: dict[TransferStep, Any] = {
    TransferStep.DOCUMENTS_SIGNED: _("Transfer documents signed"),
    TransferStep.RECORDAL_FILED: _("Change of owner filed with the register"),
    TransferStep.RECORDAL_CONFIRMED: _("Change of owner confirmed by the register"),
}

REFUSALS: dict[StrEnum, Any] = window_texts.REFUSALS | {
    DealReason.LOT_NOT_FOR_SALE: _("The lot is not for sale at the moment."),
    DealReason.LOT_HAS_A_DEAL: _("A price has been agreed for this lot already."),
    DealReason.NOT_PAID: _("The price is not paid yet; title moves after the money is held."),
    DealReason.STEP_OUT_OF_ORDER: _("Another step comes first."),
    DealReason.STEP_ALREADY_RECORDED: _("This step is recorded already."),
    DealReason.TITLE_NOT_TRANSFERRED: _("The register has not confirmed the change of owner."),
    DealReason.WAIVED_ALREADY: _(
        "The title is transferred or waived already, or a request to waive it waits."
    ),
    DealReason.DOCUMENT_MISSING: _("Name the document that proves this step."),
    DealReason.CLIENT_UNKNOWN: _("There is no verified bank or buyer with this registration number."),
    DealReason.COMMISSION_OUT_OF_RANGE: _("A commission is more than 0 and at most 50 percent."),
    DealReason.MANDATE_ENDS_TOO_SOON: _("The last day lies in the past."),
    DealReason.MANDATE_ENDS_TOO_LATE: _("A mandate ends within three years."),
    DealReason.ALREADY_MANDATED: _("Another agency has a mandate for the same. End it first."),
    DealReason.MANDATE_NOT_IN_FORCE: _("The mandate is not in force."),
    DealReason.MANDATE_DOES_NOT_COVER: _("The mandate does not cover this lot."),
    DealReason.BOTH_SIDES: _("The agency sells this lot and cannot act for a buyer of it too."),
    DealReason.BUYER_UNKNOWN: _("There is no verified buyer with this registration number."),
    DealReason.BUYER_HAS_NOT_CONFIRMED: _("The buyer has not confirmed this offer yet."),
    DealReason.OFFER_CONFIRMED_ALREADY: _("This offer needs no confirmation, or has one."),
    DealReason.OFFER_EXPIRED: _("The offer has ended."),
    DealReason.OFFER_EXPIRY_OUT_OF_RANGE: _("An offer ends in the future, within 90 days."),
    DealReason.PRICE_NOT_POSITIVE: _("A price is more than zero."),
    DealReason.PACK_SELLS_IN_PUBLIC_ONLY: _("Under this lot's rules it is sold in public only."),
    DealReason.ACCEPTER_IS_APPROVER: _("A second person must approve: you accepted this offer yourself."),
}
