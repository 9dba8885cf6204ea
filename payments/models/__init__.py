"""The tables of payments."""

from payments.models.gateway import GatewayCall, GatewayEvent
from payments.models.incoming import BankReceipt, Deposit, Payment
from payments.models.ledger import Account, LedgerEntry, LedgerTransaction
from payments.models.outgoing import Payout, SaleCost, Settlement

__all__ = [
    "Account",
    "BankReceipt",
    "Deposit",
    "GatewayCall",
    "GatewayEvent",
    "LedgerEntry",
    "LedgerTransaction",
    "Payment",
    "Payout",
    "SaleCost",
    "Settlement",
]
