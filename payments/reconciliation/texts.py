"""The words of reconciliations."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from payments.reconciliation.rules import Part

REFUSALS: dict[StrEnum, Any] = {}

PARTS = {
    Part.ENTRIES: _("Accounts beside their entries"),
    Part.ROWS: _("Deposits, payments, settlements and payouts"),
    Part.GATEWAY: _("Card gateway"),
    Part.BANK: _("Bank statements"),
    "left": _("Not looked up"),
}
