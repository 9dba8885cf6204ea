"""The words of sealed bids."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from auctions.sealing.rules import Fault, KeyAct, KeyState, SealingReason

REFUSALS: dict[StrEnum, Any] = {
    SealingReason.OPENING_KEY_MALFORMED: lazy_gettext(
        "This is not the public half of an opening key: choose the file whose name ends in .public.json."
    ),
    SealingReason.KEY_PRIVATE: lazy_gettext(
        "This is your private file. It was not kept here, but never hand it over: choose the one whose name "
        "ends in .public.json."
    ),
    SealingReason.KEY_KNOWN: lazy_gettext("This key is known here already."),
    SealingReason.KEY_PERIOD: lazy_gettext(
        "The last day must lie in the future, after the first day and at most two years after it."
    ),
    SealingReason.TOO_MANY_KEYS: lazy_gettext("Ten keys are enough: withdraw one first."),
    SealingReason.KEY_DECIDED: lazy_gettext(
        "This key has been confirmed or withdrawn already, or has expired."
    ),
    SealingReason.KEY_NEEDED: lazy_gettext(
        "Sealed bids that are not opened yet need this key. Add and confirm another one, or wait for the "
        "opening."
    ),
    SealingReason.KEYS_MISSING: lazy_gettext(
        "Sealed bids need two keepers: the seller and an operator or regulator, each with an opening key in "
        "use. At least one is missing."
    ),
    SealingReason.SALT_MALFORMED: lazy_gettext("The salt must be 64 hexadecimal digits in lower case."),
    SealingReason.TOO_MANY_ENVELOPES: lazy_gettext(
        "No more sealed bids are taken from you: a bidder may bid 200 times. Your last one counts."
    ),
    SealingReason.NOT_CLOSED: lazy_gettext("Bidding is not over: nothing can be opened before the end."),
    SealingReason.NOT_AWAITING: lazy_gettext("The opening is over."),
    SealingReason.TOO_LATE: lazy_gettext("The time for the opening is over."),
    SealingReason.CONTRIBUTION_MALFORMED: lazy_gettext(
        "This is not a contribution to an opening: choose the file that your tool has written."
    ),
    SealingReason.CONTRIBUTION_FOREIGN: lazy_gettext(
        "This contribution was made for another auction or by another institution."
    ),
    SealingReason.CONTRIBUTION_KEY: lazy_gettext(
        "You hold no key that may take part: it must be your own, confirmed and not withdrawn."
    ),
    SealingReason.CONTRIBUTION_UNPROVEN: lazy_gettext(
        "The contribution does not prove that its key was used. Take the opening file anew."
    ),
    SealingReason.CONTRIBUTION_INCOMPLETE: lazy_gettext(
        "The contribution leaves out entry %(sequence)s, which your key opens."
    ),
    SealingReason.SHARE_WRONG: lazy_gettext(
        "The share for entry %(sequence)s is not the one that was sealed."
    ),
    SealingReason.CONTRIBUTED: lazy_gettext("Your key has contributed already."),
    SealingReason.STILL_SEALED: lazy_gettext("The bids are still sealed: nobody has won yet."),
}

FAULTS: dict[Fault, Any] = {
    Fault.SHARE_MISSING: lazy_gettext("not opened: an institution brought no share"),
    Fault.CONTENT_BROKEN: lazy_gettext("invalid: the envelope was altered"),
    Fault.COMMITMENT_DIFFERS: lazy_gettext("invalid: not what was committed to"),
    Fault.DECISION_DIFFERS: lazy_gettext("invalid: the rules do not take this amount"),
}

KEY_STATES: dict[KeyState, Any] = {
    KeyState.WAITING: lazy_gettext("waits for a colleague"),
    KeyState.TO_COME: lazy_gettext("confirmed, in use later"),
    KeyState.IN_USE: lazy_gettext("in use"),
    KeyState.EXPIRED: lazy_gettext("expired; opens what was sealed to it"),
    KeyState.WITHDRAWN: lazy_gettext("withdrawn"),
}

KEY_ACTS: dict[KeyAct, Any] = {
    KeyAct.CONFIRMED: lazy_gettext("confirmed"),
    KeyAct.WITHDRAWN: lazy_gettext("withdrawn"),
}

# The tones of status_pill in macros.html.
KEY_TONES: dict[KeyState, str] = {
    KeyState.WAITING: "decision",
    KeyState.TO_COME: "waiting",
    KeyState.IN_USE: "done",
    KeyState.EXPIRED: "stopped",
    KeyState.WITHDRAWN: "stopped",
}
