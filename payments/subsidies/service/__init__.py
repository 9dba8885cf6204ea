"""The verbs of subsidies."""

from payments.subsidies.service.applying import Application, add_evidence, apply, withdraw
from payments.subsidies.service.deciding import approve, close_paid, refuse, review, send_back
from payments.subsidies.service.programmes import (
    add_budget,
    answer_movement,
    approve_budget,
    contribute,
    open_programme,
    withdraw_money,
)

__all__ = [
    "Application",
    "add_budget",
    "add_evidence",
    "answer_movement",
    "apply",
    "approve",
    "approve_budget",
    "close_paid",
    "contribute",
    "open_programme",
    "refuse",
    "review",
    "send_back",
    "withdraw",
    "withdraw_money",
]
