"""The verbs of the bank room."""

from payments.bank.service.accounts import (
    add_account,
    add_virtual_accounts,
    assign_virtual_account,
    save_mapping,
    save_order_columns,
)
from payments.bank.service.batches import cancel_batch, make_batch, note_export
from payments.bank.service.details import answer_details, state_details
from payments.bank.service.importing import receive
from payments.bank.service.proposing import decide_proposal, propose_match, propose_undoing

__all__ = [
    "add_account",
    "add_virtual_accounts",
    "answer_details",
    "assign_virtual_account",
    "cancel_batch",
    "decide_proposal",
    "make_batch",
    "note_export",
    "propose_match",
    "propose_undoing",
    "receive",
    "save_mapping",
    "save_order_columns",
    "state_details",
]
