"""The verbs of disputes, debts and decisions."""

from payments.disputes.service.debts import record_payment, remind_due, set_off
from payments.disputes.service.deciding import approve, propose_about_debt, propose_about_sale, refuse
from payments.disputes.service.disputing import (
    Recall,
    close_recall,
    heard,
    pay_gateway,
    record_recall,
)
from payments.disputes.service.handing_in import gather, hand_in

__all__ = [
    "Recall",
    "approve",
    "close_recall",
    "gather",
    "hand_in",
    "heard",
    "pay_gateway",
    "propose_about_debt",
    "propose_about_sale",
    "record_payment",
    "record_recall",
    "refuse",
    "remind_due",
    "set_off",
]
