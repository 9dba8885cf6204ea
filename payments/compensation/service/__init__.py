"""The verbs of risk compensation."""

from payments.compensation.service.claiming import add_evidence, claim, withdraw
from payments.compensation.service.paying import close_paid, pay_parts_due
from payments.compensation.service.pools import (
    answer_movement,
    approve_agreement,
    contribute,
    open_pool,
    propose_agreement,
    withdraw_money,
)
from payments.compensation.service.recovering import confirm_recovery, decline_recovery, report_recovery
from payments.compensation.service.reviewing import refuse, release, review, send_back

__all__ = [
    "add_evidence",
    "answer_movement",
    "approve_agreement",
    "claim",
    "close_paid",
    "confirm_recovery",
    "contribute",
    "decline_recovery",
    "open_pool",
    "pay_parts_due",
    "propose_agreement",
    "refuse",
    "release",
    "report_recovery",
    "review",
    "send_back",
    "withdraw",
    "withdraw_money",
]
