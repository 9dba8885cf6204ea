"""The words of the record of sales and of comparables."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from transactions.comparables.factors import Line
from transactions.comparables.values import Rejection
from transactions.rules.facts import Reason
from transactions.rules.words import (
    AssetFamily,
    AssetType,
    Channel,
    ConsentTier,
    DatePrecision,
    LicenceKind,
    PaymentTerms,
    ProofGrade,
    RightSold,
    SaleOutcome,
    TaxBearer,
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
    Reason.UNKNOWN_REGION: lazy_gettext("Write a region as ISO 3166-2 does, for example CN-37."),
    Reason.UNKNOWN_EVENT: lazy_gettext("These are not legal events of the list, each once and in its order."),
    Reason.PARENT_NOT_HEXADECIMAL: lazy_gettext("The seller's parent stands here as 32 hexadecimal digits."),
    Reason.NOT_A_RATE: lazy_gettext("A rate is a plain decimal above zero, and needs its base currency."),
    Reason.LICENCE_ALONE: lazy_gettext("Only a licence has this."),
    Reason.RELATED_AT_ARMS_LENGTH: lazy_gettext("Related parties do not deal at arm's length."),
    Reason.NAMES_ITSELF: lazy_gettext("The earlier attempt cannot be the record that this one replaces."),
    Reason.TEXT_TOO_LONG: lazy_gettext("At most %(most)s characters."),
    Reason.NOT_CORRECTABLE: lazy_gettext("%(name)s is no field of a record that may be corrected."),
    Reason.NOT_READ: lazy_gettext("“%(text)s” cannot be read as a value of this field."),
    Reason.OF_ANOTHER_MARKETPLACE: lazy_gettext(
        "This record is another marketplace's, which corrects it itself."
    ),
    Reason.CORRECTION_WAITS: lazy_gettext("A correction of this record waits for a second person already."),
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
    SaleOutcome.REAUCTIONED: lazy_gettext("Offered again, the winner did not pay"),
    SaleOutcome.REVERSED: lazy_gettext("Reversed"),
}
TONES = {
    SaleOutcome.SOLD: "done",
    SaleOutcome.UNSOLD: "stopped",
    SaleOutcome.WITHDRAWN: "stopped",
    SaleOutcome.REAUCTIONED: "stopped",
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
    Channel.OFFERS_WINDOW: lazy_gettext("Binding offers in a window"),
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

# The fields that may be corrected, as people read them.
FIELDS = {
    "outcome": lazy_gettext("Outcome"),
    "right_sold": lazy_gettext("What was sold"),
    "proof_grade": lazy_gettext("Proof grade"),
    "payment_terms": lazy_gettext("How it is paid"),
    "tax_bearer": lazy_gettext("Taxes borne by"),
    "licence_kind": lazy_gettext("Kind of licence"),
    "date_precision": lazy_gettext("Date known"),
    "sold_on": lazy_gettext("Date"),
    "filed_on": lazy_gettext("Earliest filing"),
    "number_of_rights": lazy_gettext("Number of rights"),
    "number_of_families": lazy_gettext("Number of families"),
    "technology_field": lazy_gettext("Technology field"),
    "family_size": lazy_gettext("Documents in the family"),
    "claims": lazy_gettext("Claims"),
    "forward_citations": lazy_gettext("Cited by later documents"),
    "age_months": lazy_gettext("Age, months"),
    "remaining_life_months": lazy_gettext("Remaining life, months"),
    "attempt": lazy_gettext("Attempt"),
    "bidders": lazy_gettext("Bidders"),
    "bids": lazy_gettext("Number of bids"),
    "royalty_basis_points": lazy_gettext("Royalty, basis points"),
    "licence_months": lazy_gettext("Term of the licence, months"),
    "price_minor": lazy_gettext("Price"),
    "buyer_premium_minor": lazy_gettext("Buyer's premium"),
    "reference_price_minor": lazy_gettext("Reference price"),
    "start_price_minor": lazy_gettext("Start price"),
    "deposit_minor": lazy_gettext("Deposit"),
    "top_bid_minor": lazy_gettext("Best open bid"),
    "entry_fee_minor": lazy_gettext("Entry fee"),
    "forced": lazy_gettext("Forced sale"),
    "arms_length": lazy_gettext("At arm's length"),
    "usable": lazy_gettext("May serve as a comparable"),
    "related_party": lazy_gettext("Related parties"),
    "evidence_of_use": lazy_gettext("Known to be in use"),
    "legal_events": lazy_gettext("Legal events"),
    "previous": lazy_gettext("Record of the attempt before"),
    "region": lazy_gettext("Region of the seller"),
    "base_currency": lazy_gettext("Base currency"),
    "rate_to_base": lazy_gettext("Rate of the day"),
    "price_basis": lazy_gettext("What the price is"),
    "reference_price_basis": lazy_gettext("Basis of the reference price"),
    "exclusion_reason": lazy_gettext("Why it is no comparable"),
    "evidence": lazy_gettext("Evidence"),
    "evidence_url": lazy_gettext("Source of this record"),
    "royalty_base": lazy_gettext("What the royalty is taken of"),
    "territory": lazy_gettext("Territory"),
}

TIERS = {
    ConsentTier.PUBLIC: lazy_gettext("Public"),
    ConsentTier.PRICE_ONLY: lazy_gettext("Price only"),
    ConsentTier.POOL: lazy_gettext("Pool: statistics and coarse comparables"),
    ConsentTier.SEALED: lazy_gettext("Sealed"),
}

LICENCE_KINDS = {
    LicenceKind.NONE: lazy_gettext("no licence"),
    LicenceKind.EXCLUSIVE: lazy_gettext("exclusive, the owner left out"),
    LicenceKind.SOLE: lazy_gettext("sole, beside the owner"),
    LicenceKind.NON_EXCLUSIVE: lazy_gettext("non-exclusive"),
    LicenceKind.NOT_TOLD: lazy_gettext("not told"),
}

PAYMENT_TERMS = {
    PaymentTerms.NOT_TOLD: lazy_gettext("not told"),
    PaymentTerms.LUMP_SUM: lazy_gettext("at once"),
    PaymentTerms.INSTALMENTS: lazy_gettext("in instalments"),
    PaymentTerms.SET_OFF: lazy_gettext("set off against a claim"),
    PaymentTerms.RUNNING_ROYALTY: lazy_gettext("running royalty"),
    PaymentTerms.ENTRY_FEE_AND_ROYALTY: lazy_gettext("entry fee and running royalty"),
    PaymentTerms.SHARES: lazy_gettext("in shares of a company"),
}

TAX_BEARERS = {
    TaxBearer.NOT_TOLD: lazy_gettext("not told"),
    TaxBearer.EACH_OWN: lazy_gettext("each side its own"),
    TaxBearer.SELLER: lazy_gettext("the seller, both sides' taxes"),
    TaxBearer.BUYER: lazy_gettext("the buyer, both sides' taxes"),
}

LINES = {
    Line.SIZE: lazy_gettext("Number of rights"),
    Line.TIME: lazy_gettext("Prices since then"),
    Line.TECHNOLOGY: lazy_gettext("Technology"),
    Line.KIND: lazy_gettext("Type of right"),
    Line.LIFE: lazy_gettext("Remaining life"),
    Line.CLAIMS: lazy_gettext("Claims"),
    Line.CITATIONS: lazy_gettext("Citations"),
    Line.FAMILY_SIZE: lazy_gettext("Size of the family"),
    Line.EVIDENCE: lazy_gettext("Evidence of use"),
    Line.FORCED: lazy_gettext("Forced or voluntary"),
    Line.ROUND: lazy_gettext("Earlier failed rounds"),
    Line.CHANNEL: lazy_gettext("Way of sale and seller"),
    Line.PROOF: lazy_gettext("Only told of"),
}

REJECTIONS = {
    Rejection.OTHER_TYPE: lazy_gettext("another type of right"),
    Rejection.OTHER_OFFICE: lazy_gettext("registered at another office"),
    Rejection.NOT_SOLD: lazy_gettext(
        "not sold, and neither a bid nor a start price that nobody bid is known"
    ),
    Rejection.WITHDRAWN: lazy_gettext("withdrawn"),
    Rejection.UNDONE: lazy_gettext("reversed, or offered again because the winner did not pay"),
    Rejection.EXCLUDED: lazy_gettext("marked as no comparable"),
    Rejection.LICENCE: lazy_gettext("a licence, not the right itself"),
    Rejection.NOT_ARMS_LENGTH: lazy_gettext("seller and buyer are related"),
    Rejection.POORLY_PROVED: lazy_gettext("proved too poorly"),
    Rejection.NO_DATE: lazy_gettext("date not told"),
    Rejection.LATER: lazy_gettext("later than today"),
    Rejection.TOO_OLD: lazy_gettext("too old"),
    Rejection.NO_SIZE: lazy_gettext("number of rights not told"),
    Rejection.OTHER_SIZE: lazy_gettext("more than ten times larger or smaller"),
    Rejection.OTHER_CURRENCY: lazy_gettext("another currency, and no rate for that day is loaded"),
    Rejection.TOO_DIFFERENT: lazy_gettext("too different on the whole"),
    Rejection.ADJUSTED_TOO_MUCH: lazy_gettext("would have to be adjusted by more than 100 percent in all"),
    Rejection.NEARER_ONES_USED: lazy_gettext("enough nearer ones are used, and not too many of one seller"),
}

# What the marketplace itself writes into a record (`transactions.carrying`); other texts stay as they came.
OWN_WORDS = {
    "hammer price": lazy_gettext("hammer price"),
    "agreed price": lazy_gettext("agreed price"),
    "reserve of the failed auction": lazy_gettext("reserve of the failed auction"),
    "price agreed by creditor and pledgor": lazy_gettext("price agreed by creditor and pledgor"),
    "Paid in full through this marketplace; title transfer recorded.": lazy_gettext(
        "Paid in full through this marketplace; title transfer recorded."
    ),
    "Paid in full through this marketplace; the price went back to the buyer.": lazy_gettext(
        "Paid in full through this marketplace; the price went back to the buyer."
    ),
    "Set off against the creditor's claim on this marketplace; title transfer recorded.": lazy_gettext(
        "Set off against the creditor's claim on this marketplace; title transfer recorded."
    ),
    "Journal of the auction on this marketplace.": lazy_gettext(
        "Journal of the auction on this marketplace."
    ),
    "Offers left on this marketplace.": lazy_gettext("Offers left on this marketplace."),
    "The creditor itself took the right; its claim was set off against the price.": lazy_gettext(
        "The creditor itself took the right; its claim was set off against the price."
    ),
    "The same rights were sold another way: together, or apart.": lazy_gettext(
        "The same rights were sold another way: together, or apart."
    ),
    "The sale was undone before its price was distributed.": lazy_gettext(
        "The sale was undone before its price was distributed."
    ),
    "Seller and buyer belong together.": lazy_gettext("Seller and buyer belong together."),
    "The buyer was given back what it had paid.": lazy_gettext("The buyer was given back what it had paid."),
    "The price was taken back and is borne by those it was paid to.": lazy_gettext(
        "The price was taken back and is borne by those it was paid to."
    ),
    "The price was taken back and nobody will pay it again.": lazy_gettext(
        "The price was taken back and nobody will pay it again."
    ),
    "A part of the price was given back to the buyer.": lazy_gettext(
        "A part of the price was given back to the buyer."
    ),
    "A part of the price was taken back and is borne by those it was paid to.": lazy_gettext(
        "A part of the price was taken back and is borne by those it was paid to."
    ),
    "A part of the price was taken back and nobody will pay it again.": lazy_gettext(
        "A part of the price was taken back and nobody will pay it again."
    ),
}
