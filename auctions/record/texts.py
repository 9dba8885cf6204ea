"""The words of the page that plays an auction again: acts and refusals told to somebody who was not there."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from auctions.refusals import IdentityReason, RecordReason
from auctions.rules import Reason

REFUSALS: dict[Reason, Any] = {
    Reason.NOT_OPEN: _("Refused: bidding had not opened yet."),
    Reason.CLOSED: _("Refused: it came at or after the end."),
    Reason.SUSPENDED: _("Refused: the auction was suspended."),
    Reason.NOT_ADMITTED: _("Refused: the bidder was not admitted."),
    Reason.NO_DEPOSIT: _("Refused: the bidder's deposit was not held."),
    Reason.BARRED: _("Refused: the bidder was barred."),
    Reason.MALFORMED_AMOUNT: _("Refused: this is not an amount."),
    Reason.BELOW_START: _("Refused: it was below the start price."),
    Reason.BELOW_MINIMUM: _("Refused: it was below the least next bid."),
    Reason.OFF_GRID: _("Refused: it was not a whole number of raises above the start price."),
    Reason.ALREADY_LEADING: _("Refused: the bidder was leading already."),
    Reason.LOWER_THAN_MAXIMUM: _("Refused: a maximum cannot be lowered."),
    Reason.NOT_YOUR_TURN: _("Refused: it was another bidder's turn."),
    Reason.STALE_PRICE: _("Refused: the price had moved on."),
    Reason.TAKEN: _("Refused: somebody had taken the lot already."),
    Reason.NOT_ALLOWED_IN_STAGE: _("Refused: this was not possible at that stage."),
    Reason.PROXY_NOT_OFFERED: _("Refused: this auction took no maximum."),
    Reason.OVER_LIMIT: _("Refused: it was more than the bidder's spending limit."),
}

TEXTS: dict[StrEnum, Any] = {
    IdentityReason.SECRET_BY_LAW: _(
        "In this procedure the law keeps every bidder's identity secret until the end, from the seller too."
    ),
    IdentityReason.STATE_WHY: _("State why you have to know; it is recorded with your name."),
    RecordReason.NOT_ENDED: _("The auction has not ended. Its record can be had from then on."),
}

# What the checks of a record prove, for readers who do not know what a hash is.
CHECKS: dict[str, Any] = {
    "spelling": _("The file is written as it was sealed, to the last character."),
    "sequence": _("No entry is missing and none was added between others."),
    "moments": _("No entry is earlier than the one before it."),
    "chain": _("Every entry seals the one before: none was changed afterwards."),
    "signatures": _("Every entry carries this marketplace's signed receipt, the same that its bidder holds."),
    "keys": _("The keys bear their own fingerprints."),
    "terms": _("The terms are those whose digest is named."),
    "rule_pack": _("The rule pack is the one of that version, number by number."),
    "openings": _("Every sealed bid was opened as it was committed to, and none was left out."),
    "decisions": _("The rules, run again, accept and refuse the same bids."),
    "automatic_bids": _("The rules, run again, make the same automatic bids."),
    "result": _("The rules, run again, come to the same winner, price and end."),
    "seal": _("The marketplace signed the whole: nothing was cut off at the end."),
}
