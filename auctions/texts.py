"""The words of auctions."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from auctions.combination.rules import Way
from auctions.live.mine import Mine
from auctions.live.stage import Stage
from auctions.priority import texts as priority_texts
from auctions.record import texts as replay_words
from auctions.refusals import BiddingReason, RegistrationReason, ScheduleReason
from auctions.rules import Action, EndReason, Outcome, PhaseKind, Pricing, Reason, Threshold
from auctions.sealing import texts as sealing
from auctions.spending import texts as spending

# Refusals that the price explains are filled with what the rules would have taken.
_OWN: dict[StrEnum, Any] = {
    Reason.NOT_OPEN: lazy_gettext("Bidding has not opened yet. Nothing was bid."),
    Reason.CLOSED: lazy_gettext("Bidding has ended: this came at or after the end. It does not count."),
    Reason.SUSPENDED: lazy_gettext("The auction is suspended. Nothing was bid; wait until it resumes."),
    Reason.NOT_ADMITTED: lazy_gettext("The seller has not admitted you to this auction. Nothing was bid."),
    Reason.NO_DEPOSIT: lazy_gettext("Your deposit has not arrived. Nothing was bid; pay the deposit first."),
    Reason.BARRED: lazy_gettext("You are barred from this auction. Nothing was bid."),
    Reason.MALFORMED_AMOUNT: lazy_gettext(
        "This is not an amount: write figures only, for example 120000.00, with no more places than the "
        "currency has."
    ),
    Reason.BELOW_START: lazy_gettext("The first bid must be at least the start price, %(least)s."),
    Reason.BELOW_MINIMUM: lazy_gettext("The next bid must be at least %(least)s."),
    Reason.OFF_GRID: lazy_gettext(
        "The amount must lie a whole number of raises above the start price; %(least)s would."
    ),
    Reason.ALREADY_LEADING: lazy_gettext(
        "You are leading already; there is no need to bid against yourself."
    ),
    Reason.LOWER_THAN_MAXIMUM: lazy_gettext(
        "A maximum can be raised, not lowered: you are bound by the one you left."
    ),
    Reason.NOT_YOUR_TURN: lazy_gettext("It is another bidder's turn."),
    Reason.STALE_PRICE: lazy_gettext("The price has moved on; the current one is shown above."),
    Reason.TAKEN: lazy_gettext("Somebody has taken the lot already."),
    Reason.NOT_ALLOWED_IN_STAGE: lazy_gettext("This is not possible at this stage of the auction."),
    Reason.TOO_LONG: lazy_gettext("The rule pack does not let the end be moved that far at once."),
    Reason.PROXY_NOT_OFFERED: lazy_gettext("This auction takes no maximum; bid by hand."),
    ScheduleReason.LOT_NOT_FOR_SALE: lazy_gettext(
        "Only a published lot that is still for sale can be auctioned."
    ),
    ScheduleReason.STEP_NOT_DECIDED: lazy_gettext(
        "The last attempt failed: two persons of the bank decide how to go on, on the page of the procedure."
    ),
    ScheduleReason.AUCTION_NOT_ENDED: lazy_gettext("An auction of this lot is announced or running already."),
    ScheduleReason.PART_NOT_ON_THE_MARKET: lazy_gettext(
        "The whole and its parts are auctioned at once, and the lot %(reference)s is not on the market."
    ),
    ScheduleReason.RIGHTS_IN_ANOTHER_AUCTION: lazy_gettext(
        "Rights of this lot are in an auction of the lot %(reference)s already."
    ),
    ScheduleReason.OPENING_PASSED: lazy_gettext("The opening must lie in the future."),
    ScheduleReason.OUTSIDE_LIMITS: lazy_gettext("The lot's rule pack does not allow this (%(article)s)."),
    ScheduleReason.TERMS_INCOMPLETE: lazy_gettext(
        "The lot lacks what its format needs: “%(part)s” %(problem)s."
    ),
    RegistrationReason.AUCTION_ENDED: lazy_gettext("The auction has ended; nobody can register any more."),
    RegistrationReason.MANDATE_NEEDED: lazy_gettext(
        "Say for which client you bid: an agency needs a mandate to buy."
    ),
    RegistrationReason.MANDATE_NOT_VALID: lazy_gettext("This mandate does not cover this lot today."),
    RegistrationReason.BUYER_NOT_VERIFIED: lazy_gettext("The operator has not verified the buyer."),
    RegistrationReason.SELLER_MAY_NOT_BID: lazy_gettext("The seller may not bid for its own lot."),
    RegistrationReason.SELLING_AGENCY_MAY_NOT_BID: lazy_gettext(
        "An agency that sells the lot may not bid for it."
    ),
    RegistrationReason.DEFAULTED_BEFORE: lazy_gettext(
        "Whoever won this lot before and did not pay may not bid for it again."
    ),
    RegistrationReason.REGISTERED_OTHERWISE: lazy_gettext(
        "This buyer is registered through somebody else already, or you bid for another client here."
    ),
    BiddingReason.NOT_REGISTERED: lazy_gettext("You are not registered in this auction. Nothing was bid."),
    BiddingReason.KEY_USED_OTHERWISE: lazy_gettext(
        "This form was used for another bid. Open the auction again."
    ),
    BiddingReason.KEY_MALFORMED: lazy_gettext(
        "The idempotency key must be 8 to 64 visible ASCII characters."
    ),
    BiddingReason.NOT_A_BID: lazy_gettext("A bidder can send a bid or a maximum; this is neither."),
    BiddingReason.REASON_MISSING: lazy_gettext("State the reason; it is published."),
    BiddingReason.NOT_A_CONTROL: lazy_gettext(
        "An auction can be suspended, resumed, extended or cancelled; this is none of them."
    ),
}
REFUSALS: dict[StrEnum, Any] = (
    priority_texts.REFUSALS | sealing.REFUSALS | spending.REFUSALS | replay_words.TEXTS | _OWN
)

ACTIONS: dict[Action, Any] = {
    Action.BID: lazy_gettext("Bid"),
    Action.PROXY: lazy_gettext("Maximum left"),
    Action.PASS: lazy_gettext("Passed"),
    Action.WITHDRAW: lazy_gettext("Withdrew"),
    Action.TAKE: lazy_gettext("Took the price"),
    Action.SUSPEND: lazy_gettext("Auction suspended"),
    Action.RESUME: lazy_gettext("Auction resumed"),
    Action.CANCEL: lazy_gettext("Auction cancelled"),
    Action.EXTEND: lazy_gettext("End moved"),
    Action.DEFAULT: lazy_gettext("Winner did not pay"),
    Action.DISQUALIFY: lazy_gettext("Winner disqualified"),
    Action.DECLINE: lazy_gettext("Did not accept the offer"),
    Action.OPEN: lazy_gettext("Sealed bids opened"),
    Action.GIVE_WAY: lazy_gettext("Gave way to the better total"),
}

CONTROLS: dict[Action, Any] = {
    Action.SUSPEND: lazy_gettext("Suspend"),
    Action.RESUME: lazy_gettext("Resume"),
    Action.EXTEND: lazy_gettext("Move the end"),
    Action.CANCEL: lazy_gettext("Cancel the auction"),
}

OUTCOMES: dict[Outcome, Any] = {
    Outcome.OPEN: lazy_gettext("open"),
    Outcome.SOLD: lazy_gettext("sold"),
    Outcome.UNSOLD: lazy_gettext("not sold"),
    Outcome.CANCELLED: lazy_gettext("cancelled"),
}

END_REASONS: dict[EndReason, Any] = {
    EndReason.NO_BIDS: lazy_gettext("nobody bid"),
    EndReason.RESERVE_NOT_MET: lazy_gettext("the highest bid was below the reserve price"),
    EndReason.GAVE_WAY: lazy_gettext("the other way, together or apart, had the better total"),
    EndReason.WINNER_DEFAULTED: lazy_gettext("the winner did not pay or was disqualified"),
}

WAYS_LEADING: dict[Way, Any] = {
    Way.TOGETHER: lazy_gettext("As bids stand, the rights go together to one buyer."),
    Way.APART: lazy_gettext("As bids stand, the rights are sold one by one."),
    Way.NEITHER: lazy_gettext("There are no bids yet, neither for the whole nor for a part."),
}

WAYS_DECIDED: dict[Way, Any] = {
    Way.TOGETHER: lazy_gettext("Sold together: the price of the whole was the better total."),
    Way.APART: lazy_gettext("Sold apart: the sum of the parts was the better total."),
    Way.NEITHER: lazy_gettext("Not sold, neither together nor apart."),
}

STAGES: dict[Stage, Any] = {
    Stage.SCHEDULED: lazy_gettext("scheduled"),
    Stage.LIVE: lazy_gettext("live"),
    Stage.SUSPENDED: lazy_gettext("suspended"),
    Stage.CLOSING: lazy_gettext("closing"),
    Stage.AWAITING_OPENING: lazy_gettext("awaiting opening"),
    Stage.SOLD: lazy_gettext("sold"),
    Stage.UNSOLD: lazy_gettext("not sold"),
    Stage.CANCELLED: lazy_gettext("cancelled"),
}

# The tones of status_pill in macros.html.
STAGE_TONES: dict[Stage, str] = {
    Stage.SCHEDULED: "plain",
    Stage.LIVE: "live",
    Stage.SUSPENDED: "waiting",
    Stage.CLOSING: "waiting",
    Stage.AWAITING_OPENING: "waiting",
    Stage.SOLD: "done",
    Stage.UNSOLD: "stopped",
    Stage.CANCELLED: "stopped",
}

MINE: dict[Mine, Any] = {
    Mine.STRANGER: lazy_gettext("You are watching"),
    Mine.WATCHING: lazy_gettext("You are watching"),
    Mine.NOT_REGISTERED: lazy_gettext("You are not registered"),
    Mine.NOT_ADMITTED: lazy_gettext("You are not admitted"),
    Mine.WAITING_FOR_DEPOSIT: lazy_gettext("Waiting for your deposit"),
    Mine.BARRED: lazy_gettext("You are barred"),
    Mine.READY: lazy_gettext("You may bid"),
    Mine.LEADING: lazy_gettext("You are leading"),
    Mine.OUTBID: lazy_gettext("You have been outbid"),
    Mine.BID_IN: lazy_gettext("Your bid is in"),
    Mine.WON: lazy_gettext("You have won"),
    Mine.LOST: lazy_gettext("Another bidder has won"),
    Mine.NO_SALE: lazy_gettext("Ended without a sale"),
}

# What follows from one's state: the second line under it.
MINE_NEXT: dict[Mine, Any] = {
    Mine.STRANGER: lazy_gettext("Anybody may watch. To bid, sign in for a verified buyer or agency."),
    Mine.WATCHING: lazy_gettext("Your institution does not bid in this auction."),
    Mine.NOT_REGISTERED: lazy_gettext(
        "Register, be admitted by the seller and pay the deposit; then you can bid."
    ),
    Mine.NOT_ADMITTED: lazy_gettext(
        "The seller has not admitted you, or has ended your admission. Ask the seller if this is a mistake."
    ),
    Mine.WAITING_FOR_DEPOSIT: lazy_gettext(
        "The seller has admitted you. You can bid as soon as the deposit is held."
    ),
    Mine.BARRED: lazy_gettext("The reason is below. You cannot bid in this auction."),
    Mine.READY: lazy_gettext("You are admitted and your deposit is in order."),
    Mine.LEADING: lazy_gettext(
        "Unless somebody bids more, you win at the current price; below a reserve price nothing is sold."
    ),
    Mine.OUTBID: lazy_gettext("Somebody has bid more. Bid again before the end if you want the lot."),
    Mine.BID_IN: lazy_gettext(
        "Nobody sees its amount now. You may replace it as long as bids are taken; the last one counts."
    ),
    Mine.WON: lazy_gettext("The deal is made at this price. Payment instructions follow in your deals."),
    Mine.LOST: lazy_gettext("Your deposit will be released."),
    Mine.NO_SALE: lazy_gettext("No deal was made. Deposits will be released."),
}

MINE_TONES: dict[Mine, str] = {
    Mine.NOT_REGISTERED: "plain",
    Mine.NOT_ADMITTED: "stopped",
    Mine.WAITING_FOR_DEPOSIT: "decision",
    Mine.BARRED: "stopped",
    Mine.READY: "live",
    Mine.LEADING: "done",
    Mine.OUTBID: "decision",
    Mine.BID_IN: "live",
    Mine.WON: "done",
    Mine.LOST: "stopped",
    Mine.NO_SALE: "stopped",
}

# What terms can lack on the page where an auction is announced; elsewhere the reader of files says it.
FAULTS: dict[str, Any] = {
    "is missing": lazy_gettext("is missing"),
    "is not a known field": lazy_gettext("is not a known field"),
    "must be above zero": lazy_gettext("must be above zero"),
    "an english auction needs one": lazy_gettext("an english auction needs one"),
    "must be after opens_at": lazy_gettext("must be after opens_at"),
    "must be above zero unless there is an increment_table": lazy_gettext(
        "must be above zero unless there is an increment_table"
    ),
    "sealed bids need one": lazy_gettext("sealed bids need one"),
    "follows from the stages of this format; leave it out": lazy_gettext(
        "follows from the stages of this format; leave it out"
    ),
    "must come to at least one minor unit of the currency": lazy_gettext(
        "must come to at least one minor unit of the currency"
    ),
    "must not be above start_price": lazy_gettext("must not be above start_price"),
    "is missing; an amount, or step_percent of the start price": lazy_gettext(
        "is missing; an amount, or step_percent of the start price"
    ),
    "multiple needs one increment, not an increment_table": lazy_gettext(
        "multiple needs one increment, not an increment_table"
    ),
}

FORMATS: dict[str, Any] = {
    "english": lazy_gettext("Open ascending auction"),
    "english_rounds": lazy_gettext("Ascending auction in rounds"),
    "dutch": lazy_gettext("Falling price"),
    "hybrid_dutch": lazy_gettext("Falling price, then sealed bids"),
    "sealed": lazy_gettext("Sealed bids"),
    "sale_off": lazy_gettext("Sale-off at the start price"),
}

# What the countdown of a phase runs to; the clock's is its next fall.
UNTIL: dict[PhaseKind, Any] = {
    PhaseKind.WAITING: lazy_gettext("Opens in"),
    PhaseKind.INITIAL_BIDS: lazy_gettext("Initial bids for"),
    PhaseKind.PAUSE: lazy_gettext("Pause for"),
    PhaseKind.TURN: lazy_gettext("Turn ends in"),
    PhaseKind.CLOCK: lazy_gettext("Price falls in"),
    PhaseKind.SEALED_BIDS: lazy_gettext("Sealed bids for"),
    PhaseKind.BEST_BID: lazy_gettext("Best bid within"),
    PhaseKind.BIDDING: lazy_gettext("Ends in"),
    PhaseKind.COUNTDOWN: lazy_gettext("Ends in"),
}

PHASES: dict[PhaseKind, Any] = {
    PhaseKind.WAITING: lazy_gettext("Not open yet"),
    PhaseKind.INITIAL_BIDS: lazy_gettext("Initial bids, sealed"),
    PhaseKind.PAUSE: lazy_gettext("Pause"),
    PhaseKind.TURN: lazy_gettext("Turn"),
    PhaseKind.CLOCK: lazy_gettext("Falling price"),
    PhaseKind.SEALED_BIDS: lazy_gettext("Sealed bids"),
    PhaseKind.BEST_BID: lazy_gettext("Best bid"),
    PhaseKind.BIDDING: lazy_gettext("Bidding"),
    PhaseKind.COUNTDOWN: lazy_gettext("Countdown"),
    PhaseKind.AWAITING_OPENING: lazy_gettext("Awaiting opening"),
    PhaseKind.ENDED: lazy_gettext("Ended"),
}

PRICINGS: dict[Pricing, Any] = {
    Pricing.FIRST: lazy_gettext("The winner pays its own amount"),
    Pricing.SECOND: lazy_gettext("The winner pays the second-best amount"),
}

THRESHOLDS: dict[Threshold, Any] = {
    Threshold.NONE: lazy_gettext("Every final amount is valid"),
    Threshold.START_PLUS_INCREMENT: lazy_gettext(
        "Final amounts below the start price plus one raise are invalid"
    ),
}
