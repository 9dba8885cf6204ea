"""The words of the record of sales and of comparables."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from transactions.comparables.adjustment import Line
from transactions.comparables.values import Rejection
from transactions.rules.facts import Reason
from transactions.rules.words import (
    AssetFamily,
    AssetType,
    Channel,
    DatePrecision,
    ProofGrade,
    RightSold,
    SaleOutcome,
)

REFUSALS: dict[StrEnum, Any] = {
    Reason.NOT_FOUND: lazy_gettext("There is no such record."),
    Reason.ALREADY_CORRECTED: lazy_gettext("This record has been corrected already; correct the newer one."),
    Reason.RECORDED_DIFFERENTLY: lazy_gettext(
        "%(source_id)s stands in the record with other facts; that asks for a correction with its reason."
    ),
    Reason.NOTHING_CHANGED: lazy_gettext("This changes nothing."),
    Reason.REASON_MISSING: lazy_gettext("A correction needs its reason."),
    Reason.PRICE_MISSING: lazy_gettext("A sale needs its price."),
    Reason.PRICE_NOT_EXPECTED: lazy_gettext("What was not sold has no price; a best bid is something else."),
    Reason.AMOUNT_OUT_OF_RANGE: lazy_gettext("This amount is negative or too large."),
    Reason.NUMBER_OUT_OF_RANGE: lazy_gettext("This number must be from %(least)s to %(most)s."),
    Reason.UNKNOWN_CURRENCY: lazy_gettext("This currency is not in the list."),
    Reason.DATE_AND_PRECISION: lazy_gettext("A date and how exact it is go together."),
    Reason.EXCLUSION_REASON: lazy_gettext(
        "What may not serve as a comparable needs a reason, and only that does."
    ),
    Reason.RATE_LOADED_DIFFERENTLY: lazy_gettext("Another rate of %(pair)s on %(day)s is loaded already."),
}

FAMILIES = {
    AssetFamily.PATENT: lazy_gettext("Patents"),
    AssetFamily.TRADEMARK: lazy_gettext("Trademarks"),
    AssetFamily.COPYRIGHT: lazy_gettext("Copyrights"),
    AssetFamily.OTHER: lazy_gettext("Other"),
}

ASSET_TYPES = {
    AssetType.INVENTION: lazy_gettext("Invention patent"),
    AssetType.UTILITY_MODEL: lazy_gettext("Utility model"),
    AssetType.DESIGN: lazy_gettext("Design"),
    AssetType.PATENT: lazy_gettext("Patent, kind not told"),
    AssetType.TRADEMARK: lazy_gettext("Trademark"),
    AssetType.COPYRIGHT: lazy_gettext("Copyright"),
    AssetType.OTHER: lazy_gettext("Other"),
}

RIGHTS_SOLD = {
    RightSold.OWNERSHIP: lazy_gettext("Ownership"),
    RightSold.LICENCE: lazy_gettext("Licence"),
}

OUTCOMES = {
    SaleOutcome.SOLD: lazy_gettext("Sold"),
    SaleOutcome.UNSOLD: lazy_gettext("Not sold"),
    SaleOutcome.WITHDRAWN: lazy_gettext("Withdrawn"),
    SaleOutcome.REVERSED: lazy_gettext("Reversed"),
}
TONES = {
    SaleOutcome.SOLD: "done",
    SaleOutcome.UNSOLD: "stopped",
    SaleOutcome.WITHDRAWN: "stopped",
    SaleOutcome.REVERSED: "stopped",
}

CHANNELS = {
    Channel.AUCTION_ENGLISH: lazy_gettext("Auction, ascending"),
    Channel.AUCTION_ENGLISH_ROUNDS: lazy_gettext("Auction in rounds"),
    Channel.AUCTION_DUTCH: lazy_gettext("Auction, descending"),
    Channel.AUCTION_HYBRID_DUTCH: lazy_gettext("Auction, descending with sealed bids"),
    Channel.AUCTION_SEALED: lazy_gettext("Sealed bids"),
    Channel.AUCTION_SALE_OFF: lazy_gettext("Sale-off after failed auctions"),
    Channel.BROKERED_OFFER: lazy_gettext("Offer through an agency"),
    Channel.CREDITOR_TAKING: lazy_gettext("Taken by the creditor at the reserve"),
    Channel.AGREED_CONVERSION: lazy_gettext("Conversion agreed with the pledgor"),
    Channel.JUDICIAL_ONLINE_AUCTION: lazy_gettext("Online auction of a court"),
    Channel.BANKRUPTCY_AUCTION: lazy_gettext("Auction in a bankruptcy"),
    Channel.BANKRUPTCY_SALE: lazy_gettext("Sale in a bankruptcy"),
    Channel.LIVE_AUCTION: lazy_gettext("Auction in a hall"),
    Channel.BROKERED: lazy_gettext("Through a broker"),
    Channel.PRIVATE_SALE: lazy_gettext("Private sale"),
    Channel.COMPANY_TAKEOVER: lazy_gettext("With a whole company"),
}

PRECISIONS = {
    DatePrecision.DAY: lazy_gettext("to the day"),
    DatePrecision.MONTH: lazy_gettext("to the month"),
    DatePrecision.YEAR: lazy_gettext("to the year"),
    DatePrecision.UNKNOWN: lazy_gettext("not told"),
}

GRADES = {
    ProofGrade.A: lazy_gettext("Confirmed by a court"),
    ProofGrade.B: lazy_gettext("Certified by the exchange that held the money"),
    ProofGrade.C: lazy_gettext("In an official record or filing that can be looked up"),
    ProofGrade.D: lazy_gettext("Told by a party, a broker or the press"),
}

LINES = {
    Line.SIZE: lazy_gettext("Number of rights"),
    Line.TIME: lazy_gettext("Prices since then"),
    Line.LIFE: lazy_gettext("Remaining life"),
    Line.FORCED: lazy_gettext("Forced or voluntary"),
    Line.PROOF: lazy_gettext("Only told of"),
}

REJECTIONS = {
    Rejection.OTHER_TYPE: lazy_gettext("another type of right"),
    Rejection.NOT_SOLD: lazy_gettext("not sold"),
    Rejection.EXCLUDED: lazy_gettext("marked as no comparable"),
    Rejection.LICENCE: lazy_gettext("a licence, not the right itself"),
    Rejection.NOT_ARMS_LENGTH: lazy_gettext("seller and buyer are related"),
    Rejection.NO_DATE: lazy_gettext("date not told"),
    Rejection.LATER: lazy_gettext("later than today"),
    Rejection.TOO_OLD: lazy_gettext("too old"),
    Rejection.NO_SIZE: lazy_gettext("number of rights not told"),
    Rejection.OTHER_SIZE: lazy_gettext("more than ten times larger or smaller"),
    Rejection.OTHER_CURRENCY: lazy_gettext("another currency, and no rate for that day is loaded"),
    Rejection.TOO_DIFFERENT: lazy_gettext("too different on the whole"),
    Rejection.ADJUSTED_TOO_MUCH: lazy_gettext("would have to be adjusted by more than 100 percent in all"),
    Rejection.NEARER_ONES_USED: lazy_gettext("ten nearer ones are used"),
}

# What the marketplace itself writes into a record (`transactions.carrying`); other texts stay as they came.
OWN_WORDS = {
    "hammer price": lazy_gettext("hammer price"),
    "agreed price": lazy_gettext("agreed price"),
    "Paid in full through this marketplace; title transfer recorded.": lazy_gettext(
        "Paid in full through this marketplace; title transfer recorded."
    ),
    "Journal of the auction on this marketplace.": lazy_gettext(
        "Journal of the auction on this marketplace."
    ),
}
