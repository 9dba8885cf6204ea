"""The words of the estimate contest."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from transactions.contest.rules import ContestReason, Standing, Verdict

REFUSALS: dict[StrEnum, Any] = {
    ContestReason.NOT_OPEN: lazy_gettext(
        "Estimates are taken only for a lot on offer, and only until bidding begins."
    ),
    ContestReason.CONCERNED: lazy_gettext(
        "The seller, its agencies and those who bid may not estimate their own lot."
    ),
    ContestReason.VALUE_OUT_OF_RANGE: lazy_gettext("The amount must be above zero and not absurdly large."),
    ContestReason.RANGE_ORDER: lazy_gettext("The value must lie between the lower and the upper bound."),
    ContestReason.RANGE_TOO_WIDE: lazy_gettext(
        "The upper bound is more than a thousand times the lower one: that says nothing."
    ),
    ContestReason.NOTE_TOO_LONG: lazy_gettext("The note may have 500 characters."),
    ContestReason.TOO_MANY_CHANGES: lazy_gettext(
        "You have changed this estimate twenty times. The last one counts."
    ),
    ContestReason.TOO_MANY_ESTIMATES: lazy_gettext("No more estimates are taken for this lot."),
}

VERDICTS: dict[Verdict, Any] = {
    Verdict.SCORED: lazy_gettext("scored"),
    Verdict.TOO_HIGH: lazy_gettext("too high: nobody paid the start price"),
    Verdict.LEFT_OPEN: lazy_gettext("left open: no price to compare with"),
    Verdict.CONCERNED: lazy_gettext("not scored: a party of the lot"),
    Verdict.UNOPENED: lazy_gettext("not scored: the envelope was altered"),
}

TONES: dict[Verdict, str] = {
    Verdict.SCORED: "done",
    Verdict.TOO_HIGH: "waiting",
    Verdict.LEFT_OPEN: "plain",
    Verdict.CONCERNED: "stopped",
    Verdict.UNOPENED: "stopped",
}

STANDINGS: dict[Standing, Any] = {
    Standing.FREE: lazy_gettext("not concerned"),
    Standing.SELLER: lazy_gettext("seller"),
    Standing.SELLING_AGENCY: lazy_gettext("the seller's agency"),
    Standing.BIDDER: lazy_gettext("bidder"),
    Standing.TIED: lazy_gettext("of the seller's or a bidder's group"),
}
