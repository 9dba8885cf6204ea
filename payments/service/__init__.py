"""The verbs of payments."""

from payments.service.balances import (
    buyer_commission,
    choose_payment_again,
    choose_payment_method,
    prepare_balances,
)
from payments.service.costs import record_cost
from payments.service.deposits import choose_again, choose_method, prepare_deposits, subject_of
from payments.service.events import receive, retry, retry_parked
from payments.service.holds import raise_to, renew_by_page
from payments.service.lapses import declare_default, flag_overdue, give_more_time
from payments.service.outcomes import apply_winners, release_losers
from payments.service.payouts import (
    approve_payout,
    collect_from_gateway,
    confirm_paid,
    prepare_payout,
    send_back,
)
from payments.service.receipts import confirm_receipt
from payments.service.settlements import settle_transferred
from payments.service.states import expire_holds

__all__ = [
    "apply_winners",
    "approve_payout",
    "buyer_commission",
    "choose_again",
    "choose_method",
    "choose_payment_again",
    "choose_payment_method",
    "collect_from_gateway",
    "confirm_paid",
    "confirm_receipt",
    "declare_default",
    "expire_holds",
    "flag_overdue",
    "give_more_time",
    "prepare_balances",
    "prepare_deposits",
    "prepare_payout",
    "raise_to",
    "receive",
    "record_cost",
    "release_losers",
    "renew_by_page",
    "retry",
    "retry_parked",
    "send_back",
    "settle_transferred",
    "subject_of",
]
