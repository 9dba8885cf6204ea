"""The verbs of payees' accounts and of transfers to them."""

from payments.connect.service.accounts import country_to_open, keep, stands
from payments.connect.service.transfers import prepare_transfer, reverse

__all__ = ["country_to_open", "keep", "prepare_transfer", "reverse", "stands"]
