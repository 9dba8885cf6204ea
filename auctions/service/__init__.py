"""The verbs of auctions."""

from auctions.service.bidding import control, place
from auctions.service.closing import close_due, disqualify, open_due, record_default
from auctions.service.registering import admit, register, set_deposit_held
from auctions.service.scheduling import schedule

__all__ = [
    "admit",
    "close_due",
    "control",
    "disqualify",
    "open_due",
    "place",
    "record_default",
    "register",
    "schedule",
    "set_deposit_held",
]
