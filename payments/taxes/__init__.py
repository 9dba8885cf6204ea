"""Taxes of a deal: who is taxed how, the evidence of an exemption, what goes through the ledger."""
