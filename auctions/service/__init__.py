"""The verbs of auctions."""

from auctions.sealing.custody import add_key, confirm_key, withdraw_key
from auctions.sealing.waiting import remind_due
from auctions.service.bidding import control, place, suspend_all
from auctions.service.closing import close_due, disqualify, open_due, record_default
from auctions.service.contributing import contribute, opening_file
from auctions.service.identity import see_identity
from auctions.service.opening import lapse_due
from auctions.service.placing import Act, Answer, check, place_together
from auctions.service.registering import admit, register, set_deposit_held
from auctions.service.scheduling import limits_broken, schedule, terms_of

__all__ = [
    "Act",
    "Answer",
    "add_key",
    "admit",
    "check",
    "close_due",
    "confirm_key",
    "contribute",
    "control",
    "disqualify",
    "lapse_due",
    "limits_broken",
    "open_due",
    "opening_file",
    "place",
    "place_together",
    "record_default",
    "register",
    "remind_due",
    "schedule",
    "see_identity",
    "set_deposit_held",
    "suspend_all",
    "terms_of",
    "withdraw_key",
]
