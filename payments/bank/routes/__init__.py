"""The pages of the bank room: accounts and statements, lines, payment files, bank details."""

from payments.bank.routes import accounts, batches, details, lines, mapping, statements
from payments.bank.routes.shared import blueprint

__all__ = ["accounts", "batches", "blueprint", "details", "lines", "mapping", "statements"]
