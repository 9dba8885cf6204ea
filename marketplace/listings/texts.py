"""The words for lots, portfolio files and what can be wrong with them."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.listings.portfolio.columns import FileReason
from marketplace.listings.portfolio.reading import CellReason
from marketplace.listings.priority import texts as priority_texts
from marketplace.listings.rules import AuctionFormat, ListingReason, LotStatus, NextAction, PriceBasis
from marketplace.listings.terms import TermsReason
from marketplace.listings.wholes import WholeReason
from marketplace.rule_packs import ConsentTier
from marketplace.rule_packs.limits import LimitReason

LOT_STATUSES: dict[LotStatus, Any] = {
    LotStatus.DRAFTED: _("draft"),
    LotStatus.SUBMITTED: _("waits for approval"),
    LotStatus.APPROVED: _("approved"),
    LotStatus.PUBLISHED: _("published"),
    LotStatus.RESERVED: _("reserved"),
    LotStatus.SOLD: _("sold"),
    LotStatus.UNSOLD: _("not sold"),
    LotStatus.WITHDRAWN: _("withdrawn"),
}

LOT_TONES: dict[LotStatus, str] = {
    LotStatus.SUBMITTED: "waiting",
    LotStatus.PUBLISHED: "live",
    LotStatus.RESERVED: "waiting",
    LotStatus.SOLD: "done",
    LotStatus.UNSOLD: "stopped",
    LotStatus.WITHDRAWN: "stopped",
}

NEXT_ACTIONS: dict[NextAction, Any] = {
    NextAction.COMPLETE_DRAFT: _("Complete and submit"),
    NextAction.APPROVE: _("Approve"),
    NextAction.PUBLISH: _("Publish"),
    NextAction.AWAIT_OPENING: _("Opens for bids"),
    NextAction.AWAIT_CLOSE: _("Closes"),
    NextAction.AWAIT_PAYMENT: _("Sale in progress"),
    NextAction.DECIDE_AGAIN: _("Offer again or withdraw"),
    NextAction.NOTHING: _("Nothing"),
}

PRICE_BASES: dict[PriceBasis, Any] = {
    PriceBasis.AGREED: _("agreed by the parties"),
    PriceBasis.INQUIRY: _("directed inquiry"),
    PriceBasis.ONLINE_INQUIRY: _("online inquiry"),
    PriceBasis.APPRAISAL: _("appraisal"),
    PriceBasis.INTERNAL: _("internal assessment"),
    PriceBasis.COMPARABLES: _("comparable sales"),
}

CONSENT_TIERS: dict[ConsentTier, Any] = {
    ConsentTier.PUBLIC: _("everything"),
    ConsentTier.PRICE_ONLY: _("the price and the kind of right, no party"),
    ConsentTier.POOL: _("only in sums and coarse comparisons"),
    ConsentTier.SEALED: _("nothing"),
}

# In the words of somebody who has to answer for it before a credit committee.
CONSENT_MEANINGS: dict[ConsentTier, Any] = {
    ConsentTier.PUBLIC: _(
        "Price, date, the right with its number, the terms and the evidence are published. Buyers and courts "
        "can rely on it; it is the strongest proof that you sold at a fair price."
    ),
    ConsentTier.PRICE_ONLY: _(
        "Price, date, type, class, number of rights, start price and bids are published; neither the title "
        "or number of the right nor any party. The usual choice: your sale helps to value the next one and "
        "nobody reads your name."
    ),
    ConsentTier.POOL: _(
        "Nobody sees the sale by itself. It counts in statistics after three months, together with at least "
        "four others of other groups, and after a year it may stand in a comparison with a rounded price and "
        "the quarter only."
    ),
    ConsentTier.SEALED: _(
        "Only your own institution sees it. Choose this where a contract binds you to silence; you will see "
        "less of others in turn, because what you read of the pool grows with what you give."
    ),
}

AUCTION_FORMATS: dict[AuctionFormat, Any] = {
    AuctionFormat.ENGLISH: _("ascending auction"),
    AuctionFormat.ENGLISH_ROUNDS: _("ascending auction in rounds"),
    AuctionFormat.DUTCH: _("descending auction"),
    AuctionFormat.HYBRID_DUTCH: _("descending auction with sealed and best bids"),
    AuctionFormat.SEALED: _("sealed bids"),
    AuctionFormat.SALE_OFF: _("sale-off"),
}

# What the audit of a lot calls the acts of `listings.service`.
ACTS: dict[str, Any] = {
    "listings.draft": _("drafted"),
    "listings.edit": _("edited"),
    "listings.redraft": _("taken back to draft"),
    "listings.submit": _("submitted"),
    "listings.send_back": _("sent back"),
    "listings.approve": _("approved"),
    "listings.publish": _("published"),
    "listings.reserve": _("reserved"),
    "listings.release": _("reservation ended"),
    "listings.withdraw": _("withdrawn"),
    "listings.attempt_failed": _("attempt to sell failed"),
    "listings.offer_again": _("offered again"),
    "listings.leave_market": _("taken off the market"),
    "listings.enter_priority": _("right of first refusal entered"),
    "listings.confirm_priority": _("right of first refusal confirmed"),
    "listings.strike_out_priority": _("right of first refusal struck out"),
    "listings.serve_notice": _("notice of sale served"),
    "listings.confirm_notice": _("service of the notice confirmed"),
    "listings.waive_priority": _("right of first refusal waived"),
    "listings.join": _("offered together with others as well"),
}

REFUSALS: dict[StrEnum, Any] = priority_texts.REFUSALS | {
    FileReason.FILE_TOO_LARGE: _("The file is larger than %(most)s."),
    FileReason.FILE_FORMAT_UNKNOWN: _("This is neither CSV nor XLSX."),
    FileReason.FILE_DAMAGED: _("The file is damaged and cannot be read (%(why)s)."),
    FileReason.ENCODING_UNKNOWN: _("The text is neither UTF-8 nor GBK."),
    FileReason.TOO_MANY_ROWS: _("The file has more than %(most)s rows."),
    FileReason.TOO_MANY_COLUMNS: _("The file has more than %(most)s columns."),
    FileReason.NO_ROWS: _("The file has no rows below its header."),
    FileReason.COLUMN_UNKNOWN: _("“%(column)s” is not a column of the portfolio format."),
    FileReason.COLUMN_REPEATED: _("The column “%(column)s” stands twice."),
    FileReason.COLUMN_MISSING: _("The column “%(column)s” is missing."),
    CellReason.EMPTY: _("This is needed and is empty."),
    CellReason.FORMULA: _("This cell holds a formula. Formulas are not evaluated: enter the value."),
    CellReason.ERROR_VALUE: _("This cell holds a spreadsheet error."),
    CellReason.TOO_LONG: _("The text is longer than %(most)s characters."),
    CellReason.UNREADABLE_TEXT: _("The text holds control characters."),
    CellReason.NOT_AN_AMOUNT: _("“%(value)s” is not an amount in %(currency)s, such as 1200000.00."),
    CellReason.NOT_A_DATE: _("“%(value)s” is not a date such as 2026-03-31."),
    CellReason.NOT_A_MOMENT: _("“%(value)s” is not a date with time such as 2026-03-31 10:00."),
    CellReason.NOT_A_WHOLE_NUMBER: _("“%(value)s” is not a whole number."),
    CellReason.NOT_YES_OR_NO: _("“%(value)s” is neither yes nor no."),
    CellReason.NOT_A_CHOICE: _("“%(value)s” is not one of: %(choices)s."),
    CellReason.BEYOND_HEADER: _("There is text outside the columns that have a heading."),
    CellReason.DIFFERS_WITHIN_LOT: _("Another row of this lot says something else here."),
    CellReason.DIFFERS_WITHIN_CASE: _("Row %(row)s says something else about the same loan."),
    CellReason.NUMBER_REPEATED: _("%(number)s stands in row %(row)s already."),
    CellReason.LOT_HAS_REFUSED_ROW: _("Row %(row)s of the same lot is refused."),
    CellReason.LOT_EXISTS: _("The lot %(reference)s is in the portfolio already (duplicate)."),
    CellReason.RIGHT_EXISTS: _("%(number)s is in the portfolio already (duplicate)."),
    CellReason.CASE_EXISTS_OTHERWISE: _(
        "The loan %(reference)s is in the portfolio already and says something else in “%(part)s”."
    ),
    TermsReason.NEEDED_TO_SUBMIT: _("This is needed before the lot can be submitted."),
    TermsReason.PRICE_NOT_POSITIVE: _("This must be more than zero."),
    TermsReason.BASIS_WITHOUT_PRICE: _("A basis needs a reference price."),
    TermsReason.RESERVE_PUBLIC_WITHOUT_RESERVE: _("There is no reserve to show."),
    TermsReason.OPENS_IN_THE_PAST: _("The opening lies in the past."),
    TermsReason.CONSENT_FIXED: _(
        "What others see of this sale is fixed by law (%(article)s); leave it to the rule pack."
    ),
    TermsReason.NO_RIGHTS: _("A lot needs at least one right."),
    LimitReason.START_PRICE_BELOW_FLOOR: _(
        "The start price must be at least %(limit)s, %(percent)s %% of the reference price (%(article)s)."
    ),
    LimitReason.PRICE_CUT_TOO_DEEP: _(
        "The start price must be at least %(limit)s, %(percent)s %% of the one before (%(article)s)."
    ),
    LimitReason.RESERVE_NOT_START_PRICE: _("The reserve must be the start price, %(limit)s (%(article)s)."),
    LimitReason.RESERVE_MUST_BE_PUBLIC: _("The reserve must be public (%(article)s)."),
    LimitReason.RESERVE_BELOW_START: _("The reserve lies below the start price, %(limit)s."),
    LimitReason.DEPOSIT_TOO_SMALL: _(
        "The deposit must be at least %(limit)s, %(percent)s %% of the start price (%(article)s)."
    ),
    LimitReason.DEPOSIT_TOO_LARGE: _(
        "The deposit must be at most %(limit)s, %(percent)s %% of the start price (%(article)s)."
    ),
    LimitReason.BIDDING_TOO_SHORT: _(
        "The time for bidding is too short: it should close at %(limit)s or later (%(article)s)."
    ),
    LimitReason.CLOSES_BEFORE_OPENING: _("The close is not after the opening, %(limit)s."),
    LimitReason.FORMAT_NOT_ALLOWED: _(
        "The rule pack allows only an open ascending auction, or a sale-off after it (%(article)s)."
    ),
    LimitReason.NOTICE_TOO_SHORT: _(
        "The notice is too short: bidding may open at %(limit)s at the earliest (%(article)s)."
    ),
    LimitReason.NOTICE_NOT_COUNTED: _(
        "The notice is counted in working days (%(article)s), and the holidays of %(limit)s are not known "
        "here yet: count it yourself."
    ),
    LimitReason.OPENS_TOO_LATE: _(
        "After the failed attempt bidding must open by %(limit)s at the latest (%(article)s)."
    ),
    LimitReason.NOT_THE_PRICE_BEFORE: _(
        "A sale-off usually starts at the start price of the last auction, %(limit)s (%(article)s)."
    ),
    LimitReason.BELOW_HALF_OF_REFERENCE: _(
        "A sale-off starts at %(limit)s or more, %(percent)s %% of the reference price (%(article)s)."
    ),
    LimitReason.APPROVAL_NEEDED: _(
        "Below %(limit)s, %(percent)s %% of the reference price, a new approval is needed (%(article)s)."
    ),
    LimitReason.SALE_OFF_IS_NEXT: _(
        "The auctions the rules allow have failed; only a sale-off may follow (%(article)s)."
    ),
    LimitReason.SALE_OFF_NOT_YET: _("A sale-off comes only after the auctions have failed (%(article)s)."),
    LimitReason.PROCEDURE_IS_OVER: _(
        "Auctions and sale-off have failed; the rules allow no further attempt (%(article)s)."
    ),
    ListingReason.CONTENT_CHANGED: _("The lot has changed since you looked at it. Look at it again."),
    ListingReason.REASON_NEEDED: _("Say why."),
    ListingReason.MAKER_IS_CHECKER: _("A second person must approve: you submitted this lot yourself."),
    ListingReason.RIGHT_IN_ANOTHER_LOT: _("%(number)s is in the lot %(reference)s already."),
    ListingReason.REFERENCE_TAKEN: _("Another lot has this reference."),
    ListingReason.CURRENCY_DIFFERS: _("The case is in %(currency)s; the lot must be too."),
    ListingReason.SALE_RUNNING: _("The lot is being sold and cannot be withdrawn now."),
    ListingReason.NOTHING_IMPORTED: _("Nothing was stored: rows are refused."),
    ListingReason.FIXED_BY_EARLIER_ATTEMPT: _(
        "This cannot change any more: the limits of the next attempt are measured by it."
    ),
    ListingReason.TWO_PERSONS_WITHDRAW: _(
        "The lot is on the market: two persons of the bank withdraw it, on the page of its procedure."
    ),
    ListingReason.UPLOAD_GONE: _("The uploaded file is gone. Upload it again."),
    WholeReason.TOO_FEW_PARTS: _("Choose at least %(least)s lots to offer together."),
    WholeReason.TOO_MANY_PARTS: _("At most %(most)s lots can be offered together."),
    WholeReason.PART_NOT_FREE: _("The lot %(reference)s is being sold, or is sold or withdrawn already."),
    WholeReason.PART_OF_ANOTHER_WHOLE: _("The lot %(reference)s is offered together with others already."),
    WholeReason.PARTS_DIFFER: _(
        "The lot %(reference)s differs in case, currency or rule pack: their prices cannot be added."
    ),
    WholeReason.FORMAT_NOT_ENGLISH: _(
        "Together or apart is decided on open bids: every one of these lots must be an ascending auction."
    ),
    WholeReason.FIXED_BY_WHOLE: _(
        "This is fixed while the lot is offered together or apart. Withdraw the lot of the whole first."
    ),
    WholeReason.WITHDRAW_WHOLE_FIRST: _(
        "This lot is offered together with others as well. Withdraw the lot of the whole first."
    ),
}
