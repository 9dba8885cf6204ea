"""What institutions are told about."""

from datetime import timedelta
from enum import StrEnum

# A notice older than this is no longer listed; the thing it points to still is.
SHOWN_FOR = timedelta(days=180)


class NoticeKind(StrEnum):
    """Named after what has happened; those of `DECISIONS` ask somebody to do something."""

    INSTITUTION_REGISTERED = "institution_registered"
    INSTITUTION_VERIFIED = "institution_verified"
    INSTITUTION_REFUSED = "institution_refused"
    INSTITUTION_SUSPENDED = "institution_suspended"
    LOT_SUBMITTED = "lot_submitted"
    LOT_APPROVED = "lot_approved"
    LOT_RETURNED = "lot_returned"
    MANDATE_PROPOSED = "mandate_proposed"
    MANDATE_ACCEPTED = "mandate_accepted"
    MANDATE_DECLINED = "mandate_declined"
    MANDATE_ENDED = "mandate_ended"
    OUTBID = "outbid"
    AUCTION_WON = "auction_won"
    AUCTION_LOST = "auction_lost"
    AUCTION_UNSOLD = "auction_unsold"
    AUCTION_STOPPED = "auction_stopped"
    OPENING_KEY_ADDED = "opening_key_added"
    OPENING_DUE = "opening_due"
    PRIORITY_NOTICE = "priority_notice"
    PRIORITY_CLAIMED = "priority_claimed"
    PRIORITY_CONFIRMED = "priority_confirmed"
    PRIORITY_REFUSED = "priority_refused"
    STEP_PROPOSED = "step_proposed"
    STEP_APPROVED = "step_approved"
    STEP_REFUSED = "step_refused"
    OFFERED_AGAIN = "offered_again"
    LOT_REDEEMED = "lot_redeemed"
    LOT_WITHDRAWN = "lot_withdrawn"
    INSTITUTION_BARRED = "institution_barred"
    INSTITUTION_NO_LONGER_BARRED = "institution_no_longer_barred"
    BARRED_ANSWERED = "barred_answered"
    AWARD_TO_DECIDE = "award_to_decide"
    LEAD_OPENED = "lead_opened"
    WINDOW_PROPOSED = "window_proposed"
    WINDOW_OPENED = "window_opened"
    WINDOW_CLOSED = "window_closed"
    OFFER_LAPSED = "offer_lapsed"
    OFFER_MADE = "offer_made"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_DECLINED = "offer_declined"
    DEPOSIT_DUE = "deposit_due"
    DEPOSIT_HELD = "deposit_held"
    HOLD_EXPIRING = "hold_expiring"
    HOLD_RENEWED = "hold_renewed"
    HOLD_NOT_RENEWED = "hold_not_renewed"
    DEPOSIT_RELEASED = "deposit_released"
    DEPOSIT_FORFEITED = "deposit_forfeited"
    GUARANTEE_HANDED_IN = "guarantee_handed_in"
    GUARANTEE_ENDS = "guarantee_ends"
    GUARANTEE_CALLED = "guarantee_called"
    PAYMENT_DUE = "payment_due"
    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_OVERDUE = "payment_overdue"
    PAYMENT_LAPSED = "payment_lapsed"
    TRANSFER_TO_FILE = "transfer_to_file"
    TRANSFER_CONFIRMED = "transfer_confirmed"
    TITLE_WAIVED = "title_waived"
    RUNNER_UP_ASKED = "runner_up_asked"
    MORE_TIME_ASKED = "more_time_asked"
    MORE_TIME_REFUSED = "more_time_refused"
    SHORTFALL_OPENED = "shortfall_opened"
    LEAVING_COSTS_DUE = "leaving_costs_due"
    PAYOUT_PAID = "payout_paid"
    PAYEE_DETAILS_STATED = "payee_details_stated"
    PAYEE_DETAILS_ANSWERED = "payee_details_answered"
    DOCUMENT_ISSUED = "document_issued"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_CLOSED = "dispute_closed"
    DEBT_AROSE = "debt_arose"
    DEBT_REMINDER = "debt_reminder"
    DEBT_ENDED = "debt_ended"
    COMPENSATION_CLAIMED = "compensation_claimed"
    COMPENSATION_WITHDRAWN = "compensation_withdrawn"
    COMPENSATION_REVIEWED = "compensation_reviewed"
    COMPENSATION_RELEASED = "compensation_released"
    COMPENSATION_REFUSED = "compensation_refused"
    COMPENSATION_CALLED = "compensation_called"
    COMPENSATION_PAID = "compensation_paid"
    RECOVERY_REPORTED = "recovery_reported"
    RECOVERY_SHARED = "recovery_shared"
    RECOVERY_DECLINED = "recovery_declined"
    SUBSIDY_APPLIED = "subsidy_applied"
    SUBSIDY_REVIEWED = "subsidy_reviewed"
    SUBSIDY_APPROVED = "subsidy_approved"
    SUBSIDY_REFUSED = "subsidy_refused"
    SUBSIDY_PAID = "subsidy_paid"
    SUBSIDY_ADMITTED = "subsidy_admitted"
    COLLATERAL_FELL = "collateral_fell"
    COLLATERAL_UNDER_CLAIM = "collateral_under_claim"
    COLLATERAL_OVER_LIMIT = "collateral_over_limit"
    COLLATERAL_CLOCK = "collateral_clock"
    SEARCH_MATCHED = "search_matched"
    WATCHED_PUBLISHED = "watched_published"
    WATCHED_SCHEDULED = "watched_scheduled"
    WATCHED_RESCHEDULED = "watched_rescheduled"
    WATCHED_OPENS_SOON = "watched_opens_soon"
    WATCHED_PRICE_CHANGED = "watched_price_changed"
    WATCHED_SOLD = "watched_sold"
    WATCHED_UNSOLD = "watched_unsold"
    WATCHED_GONE = "watched_gone"
    WANTED_MATCHED = "wanted_matched"
    WANTED_ANSWERED = "wanted_answered"
    WANTED_TAKEN_DOWN = "wanted_taken_down"
    WANTED_EXPIRED = "wanted_expired"
    WEBHOOK_FAILED = "webhook_failed"


DECISIONS = frozenset(
    {
        NoticeKind.INSTITUTION_REGISTERED,
        NoticeKind.LOT_SUBMITTED,
        NoticeKind.LOT_RETURNED,
        NoticeKind.MANDATE_PROPOSED,
        NoticeKind.OUTBID,
        NoticeKind.AUCTION_UNSOLD,
        NoticeKind.OPENING_KEY_ADDED,
        NoticeKind.OPENING_DUE,
        NoticeKind.PRIORITY_NOTICE,
        NoticeKind.PRIORITY_CLAIMED,
        NoticeKind.STEP_PROPOSED,
        NoticeKind.STEP_REFUSED,
        NoticeKind.INSTITUTION_BARRED,
        NoticeKind.BARRED_ANSWERED,
        NoticeKind.AWARD_TO_DECIDE,
        NoticeKind.LEAD_OPENED,
        NoticeKind.WINDOW_PROPOSED,
        NoticeKind.WINDOW_OPENED,
        NoticeKind.OFFER_MADE,
        NoticeKind.DEPOSIT_DUE,
        NoticeKind.PAYEE_DETAILS_STATED,
        NoticeKind.GUARANTEE_HANDED_IN,
        NoticeKind.GUARANTEE_ENDS,
        NoticeKind.GUARANTEE_CALLED,
        NoticeKind.HOLD_EXPIRING,
        NoticeKind.HOLD_NOT_RENEWED,
        NoticeKind.PAYMENT_DUE,
        NoticeKind.PAYMENT_OVERDUE,
        NoticeKind.PAYMENT_LAPSED,
        NoticeKind.TRANSFER_TO_FILE,
        NoticeKind.RUNNER_UP_ASKED,
        NoticeKind.MORE_TIME_ASKED,
        NoticeKind.SHORTFALL_OPENED,
        NoticeKind.LEAVING_COSTS_DUE,
        NoticeKind.DISPUTE_OPENED,
        NoticeKind.DEBT_AROSE,
        NoticeKind.DEBT_REMINDER,
        NoticeKind.COMPENSATION_CLAIMED,
        NoticeKind.COMPENSATION_CALLED,
        NoticeKind.RECOVERY_DECLINED,
        NoticeKind.SUBSIDY_APPLIED,
        NoticeKind.COLLATERAL_UNDER_CLAIM,
    }
)

_DEPOSIT_ENDED = frozenset({NoticeKind.DEPOSIT_RELEASED, NoticeKind.DEPOSIT_FORFEITED})

# What was to be decided is done once one of these has told the same institution of the same page.
DONE_BY: dict[NoticeKind, frozenset[NoticeKind]] = {
    NoticeKind.LOT_SUBMITTED: frozenset({NoticeKind.LOT_APPROVED, NoticeKind.LOT_RETURNED}),
    NoticeKind.LOT_RETURNED: frozenset({NoticeKind.LOT_SUBMITTED}),
    NoticeKind.MANDATE_PROPOSED: frozenset({NoticeKind.MANDATE_ACCEPTED, NoticeKind.MANDATE_DECLINED}),
    NoticeKind.OUTBID: frozenset({NoticeKind.AUCTION_WON, NoticeKind.AUCTION_LOST}),
    NoticeKind.STEP_PROPOSED: frozenset({NoticeKind.STEP_APPROVED, NoticeKind.STEP_REFUSED}),
    NoticeKind.STEP_REFUSED: frozenset({NoticeKind.STEP_PROPOSED}),
    NoticeKind.INSTITUTION_BARRED: frozenset({NoticeKind.INSTITUTION_NO_LONGER_BARRED}),
    NoticeKind.OFFER_MADE: frozenset(
        {NoticeKind.OFFER_ACCEPTED, NoticeKind.OFFER_DECLINED, NoticeKind.OFFER_LAPSED}
    ),
    NoticeKind.DEPOSIT_DUE: _DEPOSIT_ENDED | {NoticeKind.DEPOSIT_HELD},
    NoticeKind.HOLD_EXPIRING: _DEPOSIT_ENDED | {NoticeKind.HOLD_RENEWED},
    NoticeKind.HOLD_NOT_RENEWED: _DEPOSIT_ENDED | {NoticeKind.HOLD_RENEWED},
    NoticeKind.PAYMENT_DUE: frozenset({NoticeKind.PAYMENT_RECEIVED, NoticeKind.PAYMENT_LAPSED}),
    NoticeKind.TRANSFER_TO_FILE: frozenset({NoticeKind.TRANSFER_CONFIRMED}),
    NoticeKind.PAYEE_DETAILS_STATED: frozenset({NoticeKind.PAYEE_DETAILS_ANSWERED}),
    NoticeKind.DEBT_AROSE: frozenset({NoticeKind.DEBT_ENDED}),
    NoticeKind.DEBT_REMINDER: frozenset({NoticeKind.DEBT_ENDED}),
    NoticeKind.COMPENSATION_CALLED: frozenset({NoticeKind.COMPENSATION_PAID}),
}
