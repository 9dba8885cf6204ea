"""The tables of the bank room."""

from payments.bank.models.accounts import BankAccount, PayeeDetails, VirtualAccount
from payments.bank.models.batches import PaymentBatch, PaymentOrder
from payments.bank.models.statements import (
    BankLine,
    BankStatement,
    BankStatementFile,
    LineMatch,
    LineProposal,
    LineState,
)

__all__ = [
    "BankAccount",
    "BankLine",
    "BankStatement",
    "BankStatementFile",
    "LineMatch",
    "LineProposal",
    "LineState",
    "PayeeDetails",
    "PaymentBatch",
    "PaymentOrder",
    "VirtualAccount",
]
