"""The words of notices. Each may name `title`; the amount and the date stand in their own columns."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from marketplace.notices.rules import NoticeKind

REFUSALS: dict[StrEnum, Any] = {}

NOTICES: dict[NoticeKind, Any] = {
    NoticeKind.INSTITUTION_REGISTERED: lazy_gettext("%(title)s has registered and waits to be verified"),
    NoticeKind.INSTITUTION_VERIFIED: lazy_gettext("%(title)s has been verified; all its verbs are open"),
    NoticeKind.INSTITUTION_REFUSED: lazy_gettext("The registration of %(title)s was refused"),
    NoticeKind.INSTITUTION_SUSPENDED: lazy_gettext("%(title)s has been suspended"),
    NoticeKind.LOT_SUBMITTED: lazy_gettext("Lot %(title)s waits for a second person's approval"),
    NoticeKind.LOT_APPROVED: lazy_gettext("Lot %(title)s has been approved"),
    NoticeKind.LOT_RETURNED: lazy_gettext("Lot %(title)s was returned for correction"),
    NoticeKind.MANDATE_PROPOSED: lazy_gettext("A mandate has been proposed: %(title)s"),
    NoticeKind.MANDATE_ACCEPTED: lazy_gettext("The mandate has been accepted: %(title)s"),
    NoticeKind.MANDATE_DECLINED: lazy_gettext("The mandate has been declined: %(title)s"),
    NoticeKind.MANDATE_ENDED: lazy_gettext("The mandate has been ended: %(title)s"),
    NoticeKind.OUTBID: lazy_gettext("You have been outbid on %(title)s"),
    NoticeKind.AUCTION_WON: lazy_gettext("You have won %(title)s"),
    NoticeKind.AUCTION_LOST: lazy_gettext("%(title)s went to another bidder"),
    NoticeKind.AUCTION_UNSOLD: lazy_gettext("%(title)s was not sold; decide how to go on"),
    NoticeKind.AUCTION_STOPPED: lazy_gettext("The auction of %(title)s was stopped by the operator"),
    NoticeKind.PRIORITY_NOTICE: lazy_gettext(
        "%(title)s is to be sold; register and claim your right of first refusal to use it"
    ),
    NoticeKind.PRIORITY_CLAIMED: lazy_gettext("A bidder claims a right of first refusal in %(title)s"),
    NoticeKind.PRIORITY_CONFIRMED: lazy_gettext("Your right of first refusal is confirmed: %(title)s"),
    NoticeKind.PRIORITY_REFUSED: lazy_gettext("Your right of first refusal was not confirmed: %(title)s"),
    NoticeKind.OPENING_KEY_ADDED: lazy_gettext(
        "An officer has added opening key %(title)s; a colleague has to confirm it"
    ),
    NoticeKind.OPENING_DUE: lazy_gettext("The sealed bids for %(title)s wait for your officer to open them"),
    NoticeKind.STEP_PROPOSED: lazy_gettext(
        "A colleague has proposed how to go on with %(title)s; a second person has to decide"
    ),
    NoticeKind.STEP_APPROVED: lazy_gettext("The next step for %(title)s has been approved"),
    NoticeKind.STEP_REFUSED: lazy_gettext("The proposed step for %(title)s was not approved"),
    NoticeKind.OFFERED_AGAIN: lazy_gettext("%(title)s is offered again; register anew to bid"),
    NoticeKind.LOT_REDEEMED: lazy_gettext("The debt behind %(title)s has been paid: it is not sold"),
    NoticeKind.LOT_WITHDRAWN: lazy_gettext("%(title)s has been withdrawn by its seller: it is not sold"),
    NoticeKind.INSTITUTION_BARRED: lazy_gettext(
        "%(title)s has been put on the barred list and may not bid; you can answer"
    ),
    NoticeKind.INSTITUTION_NO_LONGER_BARRED: lazy_gettext("%(title)s has been taken off the barred list"),
    NoticeKind.BARRED_ANSWERED: lazy_gettext("%(title)s has answered to its entry on the barred list"),
    NoticeKind.AWARD_TO_DECIDE: lazy_gettext("Decide about the award of %(title)s: the winner may be barred"),
    NoticeKind.LEAD_OPENED: lazy_gettext("Lead %(title)s waits to be looked into"),
    NoticeKind.WINDOW_PROPOSED: lazy_gettext("A window for offers for %(title)s waits for a second person"),
    NoticeKind.WINDOW_OPENED: lazy_gettext("Offers for %(title)s may be left now"),
    NoticeKind.WINDOW_CLOSED: lazy_gettext("The window for offers for %(title)s has closed"),
    NoticeKind.OFFER_LAPSED: lazy_gettext("Your offer for %(title)s was not accepted and binds you no more"),
    NoticeKind.OFFER_MADE: lazy_gettext("An offer has been made for %(title)s"),
    NoticeKind.OFFER_ACCEPTED: lazy_gettext("The offer for %(title)s has been accepted"),
    NoticeKind.OFFER_DECLINED: lazy_gettext("The offer for %(title)s has been declined"),
    NoticeKind.DEPOSIT_DUE: lazy_gettext("The deposit for %(title)s is due"),
    NoticeKind.DEPOSIT_HELD: lazy_gettext("The deposit for %(title)s is held"),
    NoticeKind.HOLD_EXPIRING: lazy_gettext("The card hold for %(title)s runs out before the auction ends"),
    NoticeKind.HOLD_RENEWED: lazy_gettext("The card hold for %(title)s has been renewed"),
    NoticeKind.HOLD_NOT_RENEWED: lazy_gettext(
        "The card hold for %(title)s could not be renewed; renew it, or you cannot bid once it runs out"
    ),
    NoticeKind.DEPOSIT_RELEASED: lazy_gettext("The deposit for %(title)s has been released"),
    NoticeKind.DEPOSIT_FORFEITED: lazy_gettext("The deposit for %(title)s has been forfeited"),
    NoticeKind.GUARANTEE_HANDED_IN: lazy_gettext("A guarantee letter for %(title)s waits to be checked"),
    NoticeKind.GUARANTEE_ENDS: lazy_gettext("The guarantee letter for %(title)s ends soon"),
    NoticeKind.GUARANTEE_CALLED: lazy_gettext("The guarantee for %(title)s is called: nothing was paid"),
    NoticeKind.PAYMENT_DUE: lazy_gettext("The price of %(title)s is due"),
    NoticeKind.PAYMENT_RECEIVED: lazy_gettext("The price of %(title)s has been received"),
    NoticeKind.PAYMENT_OVERDUE: lazy_gettext(
        "Decide about the sale of %(title)s: its price was not paid in time"
    ),
    NoticeKind.PAYMENT_LAPSED: lazy_gettext("The price of %(title)s was not paid in time"),
    NoticeKind.TRANSFER_TO_FILE: lazy_gettext("The transfer of %(title)s has to be filed"),
    NoticeKind.TRANSFER_CONFIRMED: lazy_gettext("The transfer of %(title)s has been confirmed"),
    NoticeKind.TITLE_WAIVED: lazy_gettext(
        "The money for %(title)s may be paid out before the transfer is confirmed"
    ),
    NoticeKind.RUNNER_UP_ASKED: lazy_gettext("%(title)s is offered to you: whoever bid more did not pay"),
    NoticeKind.MORE_TIME_ASKED: lazy_gettext("The buyer of %(title)s asks for more time to pay"),
    NoticeKind.MORE_TIME_REFUSED: lazy_gettext("More time to pay for %(title)s was not given"),
    NoticeKind.LEAVING_COSTS_DUE: lazy_gettext("The costs of the withdrawn sale of %(title)s are due"),
    NoticeKind.SHORTFALL_OPENED: lazy_gettext("You owe the gap in price of %(title)s"),
    NoticeKind.PAYOUT_PAID: lazy_gettext("Money was paid to you; the bank calls the transfer %(title)s"),
    NoticeKind.PAYEE_DETAILS_STATED: lazy_gettext(
        "Somebody of yours wants your money to be paid to %(title)s; a second person has to confirm it"
    ),
    NoticeKind.PAYEE_DETAILS_ANSWERED: lazy_gettext(
        "A second person has answered to the bank details %(title)s; look whether they are yours"
    ),
    NoticeKind.DOCUMENT_ISSUED: lazy_gettext("A document has been issued: %(title)s"),
    NoticeKind.DISPUTE_OPENED: lazy_gettext(
        "Money paid for %(title)s is asked back; nothing of the sale is paid out meanwhile"
    ),
    NoticeKind.DISPUTE_CLOSED: lazy_gettext("The dispute about money paid for %(title)s is closed"),
    NoticeKind.DEBT_AROSE: lazy_gettext("You owe money back that was paid for %(title)s"),
    NoticeKind.DEBT_REMINDER: lazy_gettext("Reminder: you still owe money back that was paid for %(title)s"),
    NoticeKind.DEBT_ENDED: lazy_gettext("Your debt from the sale of %(title)s has ended"),
    NoticeKind.COMPENSATION_CLAIMED: lazy_gettext("A bank claims compensation: %(title)s"),
    NoticeKind.COMPENSATION_WITHDRAWN: lazy_gettext("The claim for compensation was taken back: %(title)s"),
    NoticeKind.COMPENSATION_REVIEWED: lazy_gettext("The claim for compensation has been reviewed: %(title)s"),
    NoticeKind.COMPENSATION_RELEASED: lazy_gettext("The compensation has been released: %(title)s"),
    NoticeKind.COMPENSATION_REFUSED: lazy_gettext("The claim for compensation was refused: %(title)s"),
    NoticeKind.COMPENSATION_CALLED: lazy_gettext("Your part of a loss is to be paid in: %(title)s"),
    NoticeKind.COMPENSATION_PAID: lazy_gettext("The compensation has been paid: %(title)s"),
    NoticeKind.RECOVERY_REPORTED: lazy_gettext("Something was recovered from the debtor: %(title)s"),
    NoticeKind.RECOVERY_SHARED: lazy_gettext("What was recovered has been shared back: %(title)s"),
    NoticeKind.RECOVERY_DECLINED: lazy_gettext("The reported recovery was not confirmed: %(title)s"),
    NoticeKind.SUBSIDY_APPLIED: lazy_gettext("A subsidy has been applied for: %(title)s"),
    NoticeKind.SUBSIDY_REVIEWED: lazy_gettext("The application for a subsidy has been reviewed: %(title)s"),
    NoticeKind.SUBSIDY_APPROVED: lazy_gettext("The subsidy has been approved: %(title)s"),
    NoticeKind.SUBSIDY_REFUSED: lazy_gettext("The application for a subsidy was refused: %(title)s"),
    NoticeKind.SUBSIDY_PAID: lazy_gettext("The subsidy has been paid: %(title)s"),
    NoticeKind.SUBSIDY_ADMITTED: lazy_gettext("Your application has left the waiting list: %(title)s"),
    NoticeKind.COLLATERAL_FELL: lazy_gettext("The estimate fell since the last revaluation: %(title)s"),
    NoticeKind.COLLATERAL_UNDER_CLAIM: lazy_gettext(
        "The claim is more than the collateral is worth: %(title)s"
    ),
    NoticeKind.COLLATERAL_OVER_LIMIT: lazy_gettext("The loan to value is over your limit: %(title)s"),
    NoticeKind.COLLATERAL_CLOCK: lazy_gettext("A clock of this collateral runs: %(title)s"),
    NoticeKind.SEARCH_MATCHED: lazy_gettext("Your saved search has found lots: %(title)s"),
    NoticeKind.WATCHED_PUBLISHED: lazy_gettext("A lot on your watch list is on offer: %(title)s"),
    NoticeKind.WATCHED_SCHEDULED: lazy_gettext("The auction of a lot you watch is announced: %(title)s"),
    NoticeKind.WATCHED_RESCHEDULED: lazy_gettext("The dates of an auction you watch have changed: %(title)s"),
    NoticeKind.WATCHED_OPENS_SOON: lazy_gettext("Bidding on a lot you watch opens within a day: %(title)s"),
    NoticeKind.WATCHED_PRICE_CHANGED: lazy_gettext(
        "The start price of a lot you watch has changed: %(title)s"
    ),
    NoticeKind.WATCHED_SOLD: lazy_gettext("A lot you watch has been sold: %(title)s"),
    NoticeKind.WATCHED_UNSOLD: lazy_gettext("A lot you watch found no buyer: %(title)s"),
    NoticeKind.WATCHED_GONE: lazy_gettext("A lot you watch is no longer on offer: %(title)s"),
    NoticeKind.WANTED_MATCHED: lazy_gettext("Lots on offer answer your wanted notice: %(title)s"),
    NoticeKind.WANTED_ANSWERED: lazy_gettext("Somebody has answered your wanted notice: %(title)s"),
    NoticeKind.WANTED_TAKEN_DOWN: lazy_gettext("The operator has taken down your wanted notice: %(title)s"),
    NoticeKind.WANTED_EXPIRED: lazy_gettext("Your wanted notice has run out: %(title)s"),
    NoticeKind.WEBHOOK_FAILED: lazy_gettext("Your system did not take our message: %(title)s"),
}


def notice_text(kind: NoticeKind, title: str) -> str:
    """The sentence in the reader's language."""
    return str(NOTICES[kind]) % {"title": title}
