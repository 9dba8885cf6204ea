"""Why a verb about auctions is refused, besides the reasons for which a bid is."""

from enum import StrEnum


class ScheduleReason(StrEnum):
    LOT_NOT_FOR_SALE = "lot_not_for_sale"
    STEP_NOT_DECIDED = "step_not_decided"
    AUCTION_NOT_ENDED = "auction_not_ended"
    PART_NOT_ON_THE_MARKET = "part_not_on_the_market"
    RIGHTS_IN_ANOTHER_AUCTION = "rights_in_another_auction"
    OPENING_PASSED = "opening_passed"
    OUTSIDE_LIMITS = "outside_limits"
    TERMS_INCOMPLETE = "terms_incomplete"


class RegistrationReason(StrEnum):
    AUCTION_ENDED = "auction_ended"
    MANDATE_NEEDED = "mandate_needed"
    MANDATE_NOT_VALID = "mandate_not_valid"
    BUYER_NOT_VERIFIED = "buyer_not_verified"
    SELLER_MAY_NOT_BID = "seller_may_not_bid"
    SELLING_AGENCY_MAY_NOT_BID = "selling_agency_may_not_bid"
    DEFAULTED_BEFORE = "defaulted_before"
    REGISTERED_OTHERWISE = "registered_otherwise"
    LIMIT_NOT_TAKEN = "limit_not_taken"
    LIMIT_USED_UP = "limit_used_up"
    LIMIT_BOUND = "limit_bound"


class BiddingReason(StrEnum):
    NOT_REGISTERED = "not_registered"
    KEY_USED_OTHERWISE = "key_used_otherwise"
    KEY_MALFORMED = "key_malformed"
    NOT_A_BID = "not_a_bid"
    REASON_MISSING = "reason_missing"
    NOT_A_CONTROL = "not_a_control"


class RecordReason(StrEnum):
    """Why there is no record yet."""

    NOT_ENDED = "not_ended"


class IdentityReason(StrEnum):
    """Why the seller is not shown who a bidder is."""

    SECRET_BY_LAW = "secret_by_law"  # noqa: S105 - a rule of publication
    STATE_WHY = "state_why"
