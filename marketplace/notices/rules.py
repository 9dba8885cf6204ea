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
    DEPOSIT_RELEASED = "deposit_released"
    DEPOSIT_FORFEITED = "deposit_forfeited"
    PAYMENT_DUE = "payment_due"
    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_OVERDUE = "payment_overdue"
    PAYMENT_LAPSED = "payment_lapsed"
    TRANSFER_TO_FILE = "transfer_to_file"
    TRANSFER_CONFIRMED = "transfer_confirmed"
    PAYOUT_PAID = "payout_paid"


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
        NoticeKind.PAYMENT_DUE,
        NoticeKind.PAYMENT_OVERDUE,
        NoticeKind.PAYMENT_LAPSED,
        NoticeKind.TRANSFER_TO_FILE,
    }
)
