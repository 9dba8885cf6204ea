"""Reconciliation: the ledger beside its entries, our rows, the gateway and the bank; nothing is netted."""
