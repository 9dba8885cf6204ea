"""What may be done with officers' keys and sealed auctions: the words, the periods, the pure decisions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from auctions.rules import WITH_AMOUNT, Action, Standing, State
from marketplace.access import InstitutionKind

SEALED = "sealed"

# How long the officers have to open after the close, and when those who have not are reminded.
OPENING_PERIOD = timedelta(days=3)
REMINDED_BEFORE = timedelta(days=1)

# A key is made for a person's time in the post, not for ever.
LONGEST_KEY = timedelta(days=2 * 366)
MOST_KEYS = 10
MOST_ENVELOPES = 50_000
# Who changes a sealed bid more often than this wants to fill the journal.
MOST_BIDS_EACH = 200

# The seller is one custodian; the other must have no share in the price.
SECOND_CUSTODIANS = frozenset({InstitutionKind.OPERATOR, InstitutionKind.REGULATOR})


class Fault(StrEnum):
    """Why a sealed bid could not be opened as a valid bid."""

    SHARE_MISSING = "share_missing"
    CONTENT_BROKEN = "content_broken"
    COMMITMENT_DIFFERS = "commitment_differs"
    DECISION_DIFFERS = "decision_differs"


class KeyAct(StrEnum):
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class KeyState(StrEnum):
    """`WAITING` for a second person's confirmation; bids are locked to keys that are `IN_USE` only."""

    WAITING = "waiting"
    TO_COME = "to_come"
    IN_USE = "in_use"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class SealingReason(StrEnum):
    """Why something about sealed bids is refused."""

    OPENING_KEY_MALFORMED = "opening_key_malformed"
    KEY_PRIVATE = "key_private"
    KEY_KNOWN = "key_known"
    KEY_PERIOD = "key_period"
    TOO_MANY_KEYS = "too_many_keys"
    KEY_DECIDED = "key_decided"
    KEY_NEEDED = "key_needed"
    KEYS_MISSING = "keys_missing"
    SALT_MALFORMED = "salt_malformed"
    TOO_MANY_ENVELOPES = "too_many_envelopes"
    NOT_CLOSED = "not_closed"
    NOT_AWAITING = "not_awaiting"
    TOO_LATE = "too_late"
    CONTRIBUTION_MALFORMED = "contribution_malformed"
    CONTRIBUTION_FOREIGN = "contribution_foreign"
    CONTRIBUTION_KEY = "contribution_key"
    CONTRIBUTION_UNPROVEN = "contribution_unproven"
    CONTRIBUTION_INCOMPLETE = "contribution_incomplete"
    SHARE_WRONG = "share_wrong"
    CONTRIBUTED = "contributed"
    STILL_SEALED = "still_sealed"


@dataclass(frozen=True, slots=True)
class KeyTimes:
    """What a key's state depends on."""

    valid_from: datetime
    valid_until: datetime
    acts: Collection[KeyAct]


def key_state(times: KeyTimes, now: datetime) -> KeyState:
    """The state of an officer's key at `now`; its last moment is already too late."""
    if KeyAct.WITHDRAWN in times.acts:
        return KeyState.WITHDRAWN
    if now >= times.valid_until:
        return KeyState.EXPIRED
    if KeyAct.CONFIRMED not in times.acts:
        return KeyState.WAITING
    return KeyState.TO_COME if now < times.valid_from else KeyState.IN_USE


def may_open(state: KeyState) -> bool:
    """Whether the holder may take part in an opening: an expired key still opens what was locked to it."""
    return state in {KeyState.IN_USE, KeyState.EXPIRED}


def keeps_amount(state: State, action: Action, now: datetime) -> bool:
    """Whether a concealed auction keeps this act's amount, locked: not when it came at or after the end.

    What came too late is refused whatever its amount, and would only make the envelopes more than those
    that the officers were shown.
    """
    in_time = state.closes_at is None or now < state.closes_at
    return state.concealed and action in WITH_AMOUNT and in_time


def conceal(state: State) -> State:
    """The state without any amount: who bid and when, which is all that is kept before the opening."""
    if not state.concealed:
        return state
    standing = {
        bidder: Standing(0, best.at, best.order, best.priority_order)
        for bidder, best in state.standing.items()
    }
    return replace(state, standing=standing, maxima={}, price=None, leader=None)


def still_covered(boxes: Iterable[Collection[str]], others: Collection[str]) -> bool:
    """Whether every envelope could still be opened with one of the other keys."""
    return all(any(fingerprint in others for fingerprint in box) for box in boxes)
