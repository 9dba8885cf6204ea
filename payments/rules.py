"""The life of deposits, payments and payouts: statuses, limits, and the codes on bank transfers."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from marketplace.errors import Refused
from marketplace.money import decimal_text
from marketplace.status import Moves, terminal

# The largest amount of one card payment in minor units: Stripe takes eight digits (reference/peers.md 5.2).
CARD_CEILING_MINOR = 99_999_999

# What stands for the payer's bank wanting the payer there, whatever words the gateway has for it.
AUTHENTICATION_REQUIRED = "authentication_required"

# The card gateway keeps its notices that long, and sends none that is older.
OLDEST_NOTICE = timedelta(days=30)


class Reason(StrEnum):
    METHOD_NOT_OFFERED = "method_not_offered"
    ABOVE_CARD_CEILING = "above_card_ceiling"
    CURRENCY_NOT_TAKEN = "currency_not_taken"
    NOT_AWAITED = "not_awaited"
    UNKNOWN_REFERENCE = "unknown_reference"
    WRONG_CURRENCY = "wrong_currency"
    NOTHING_RECEIVED = "nothing_received"
    RECORDED_ALREADY = "recorded_already"
    CONTENT_CHANGED = "content_changed"
    REASON_MISSING = "reason_missing"
    UNBALANCED = "unbalanced"
    OVERDRAWN = "overdrawn"
    TWO_LOTS = "two_lots"
    NOT_PROMISED = "not_promised"
    PROMISE_ENDED = "promise_ended"
    DEAL_SETTLED = "deal_settled"
    SET_OFF_ALREADY = "set_off_already"


class Method(StrEnum):
    BANK_TRANSFER = "bank_transfer"
    STRIPE = "stripe"
    SPENDING_LIMIT = "spending_limit"
    """A deposit for several lots stands for this one's."""
    GUARANTEE = "guarantee"
    """Somebody else promises to pay it on demand."""


class DepositStatus(StrEnum):
    REQUIRED = "required"
    PENDING = "pending"
    COVERED = "covered"
    """A deposit for several lots stands for it; nothing is held for this one alone."""
    HELD = "held"
    RELEASED = "released"
    APPLIED = "applied"
    FORFEITED = "forfeited"
    EXPIRED = "expired"
    FAILED = "failed"


# required → a method chosen → held → exactly one outcome; covered becomes held once the lot is won. A card
# hold or a guarantee may run out and be asked for again; failed: the money never came.
DEPOSIT_MOVES: Moves[DepositStatus] = {
    DepositStatus.REQUIRED: frozenset({DepositStatus.PENDING, DepositStatus.COVERED, DepositStatus.FAILED}),
    DepositStatus.COVERED: frozenset({DepositStatus.HELD, DepositStatus.REQUIRED, DepositStatus.RELEASED}),
    DepositStatus.PENDING: frozenset({DepositStatus.HELD, DepositStatus.REQUIRED, DepositStatus.FAILED}),
    DepositStatus.HELD: frozenset(
        {
            DepositStatus.RELEASED,
            DepositStatus.APPLIED,
            DepositStatus.FORFEITED,
            DepositStatus.EXPIRED,
            DepositStatus.FAILED,
        }
    ),
    DepositStatus.EXPIRED: frozenset({DepositStatus.REQUIRED}),
    DepositStatus.RELEASED: frozenset(),
    DepositStatus.APPLIED: frozenset(),
    DepositStatus.FORFEITED: frozenset(),
    DepositStatus.FAILED: frozenset(),
}
DEPOSIT_OUTCOMES = terminal(DEPOSIT_MOVES)

# Where money of the bidder may still be needed, or is bound.
OPEN_DEPOSITS = (DepositStatus.REQUIRED, DepositStatus.PENDING, DepositStatus.HELD)


class PaymentStatus(StrEnum):
    PREPARED = "prepared"
    SENT = "sent"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


# prepared: the amount is known; sent: the buyer has chosen how to pay; then the money comes, or never.
PAYMENT_MOVES: Moves[PaymentStatus] = {
    PaymentStatus.PREPARED: frozenset({PaymentStatus.SENT, PaymentStatus.SUCCEEDED, PaymentStatus.FAILED}),
    PaymentStatus.SENT: frozenset({PaymentStatus.PREPARED, PaymentStatus.SUCCEEDED, PaymentStatus.FAILED}),
    PaymentStatus.SUCCEEDED: frozenset(),
    PaymentStatus.FAILED: frozenset(),
}

OPEN_PAYMENTS = (PaymentStatus.PREPARED, PaymentStatus.SENT)


class PayoutStatus(StrEnum):
    DUE = "due"
    PREPARED = "prepared"
    APPROVED = "approved"
    PAID = "paid"
    WITHHELD = "withheld"
    CANCELLED = "cancelled"


# due → an officer prepares → another person approves (the money is released) → the bank has paid.
# withheld: it is not paid, because it covers a debt or what the buyer got back. cancelled: what it would have
# given back turned out to be somebody's.
PAYOUT_MOVES: Moves[PayoutStatus] = {
    PayoutStatus.DUE: frozenset({PayoutStatus.PREPARED, PayoutStatus.WITHHELD, PayoutStatus.CANCELLED}),
    PayoutStatus.PREPARED: frozenset({PayoutStatus.APPROVED, PayoutStatus.DUE}),
    PayoutStatus.APPROVED: frozenset({PayoutStatus.PAID, PayoutStatus.DUE}),
    PayoutStatus.PAID: frozenset(),
    PayoutStatus.WITHHELD: frozenset(),
    PayoutStatus.CANCELLED: frozenset(),
}

# Where nothing is to be done about a payout any more.
ENDED_PAYOUTS = (PayoutStatus.PAID, PayoutStatus.WITHHELD, PayoutStatus.CANCELLED)


class CallVerb(StrEnum):
    """What the gateway is asked to do."""

    HOLD = "hold"
    CHARGE = "charge"
    CAPTURE = "capture"
    RELEASE = "release"
    REFUND = "refund"
    LOOK_UP = "look_up"
    RENEW = "renew"
    """A second hold, to take the place of the one that the call names."""
    INCREMENT = "increment"
    SAVE_CARD = "save_card"
    LOOK_UP_CARD = "look_up_card"
    FORGET_CARD = "forget_card"
    LOOK_UP_DISPUTE = "look_up_dispute"
    TRANSFER = "transfer"
    REVERSE = "reverse"
    LOOK_UP_ACCOUNT = "look_up_account"


class CallStatus(StrEnum):
    PREPARED = "prepared"
    ANSWERED = "answered"
    REFUSED = "refused"


# prepared rows are the queue of calls; a refusal is final, a lost answer is asked for again by the same key.
CALL_MOVES: Moves[CallStatus] = {
    CallStatus.PREPARED: frozenset({CallStatus.ANSWERED, CallStatus.REFUSED}),
    CallStatus.ANSWERED: frozenset(),
    CallStatus.REFUSED: frozenset(),
}


class EventStatus(StrEnum):
    """Parked: speaks of an object that no row here knows yet; asked again later. Failed: still of none."""

    PARKED = "parked"
    APPLIED = "applied"
    IGNORED = "ignored"
    FAILED = "failed"


class PayoutKind(StrEnum):
    """Out of a settled sale or a forfeited deposit, back to whoever paid it, or out of public funds."""

    SETTLEMENT = "settlement"
    FORFEITURE = "forfeiture"
    SHORTFALL = "shortfall"
    """What a defaulter paid beyond the deposit."""
    LEAVING = "leaving"
    """Costs of a sale that did not take place, once they are paid in."""
    RETURN = "return"
    COMPENSATION = "compensation"
    SUBSIDY = "subsidy"
    CONTEST_FEE = "contest_fee"
    """To whoever estimated a lot most closely, out of the operator's own money."""
    WITHDRAWAL = "withdrawal"


def check_card_amount(minor: int, currency: str, *, field: str = "method") -> None:
    """Refuse an amount that the card gateway cannot take in one payment; `field` is where it is said."""
    if minor > CARD_CEILING_MINOR:
        most = decimal_text(CARD_CEILING_MINOR, currency)
        raise Refused(Reason.ABOVE_CARD_CEILING, field=field, most=most, currency=currency)


def check_reason(text: str) -> str:
    """The reason an officer gives, trimmed; refuses an empty one."""
    if not text.strip():
        raise Refused(Reason.REASON_MISSING, field="reason")
    return text.strip()[:500]


def balance_due(price_minor: int, beside_minor: int, deposit_minor: int) -> int:
    """What the buyer has still to pay: the deposit counts toward the price (法释〔2016〕18号 article 23)."""
    return max(0, price_minor + beside_minor - deposit_minor)


# No digit or letter that is read for another (0 O, 1 I L, 5 S, 2 Z, 8 B, U V).
REFERENCE_ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
_REFERENCE_BODY = 9


def reference_code(pick: Callable[[str], str]) -> str:
    """A code for the purpose line of a bank transfer: nine random signs and a check sign, in groups.

    `pick` chooses one sign of the alphabet. One wrong sign, or two neighbours swapped, is always noticed.
    """
    body = "".join(pick(REFERENCE_ALPHABET) for _ in range(_REFERENCE_BODY))
    code = body + _check_sign(body)
    return f"{code[:5]}-{code[5:]}"


def normal_reference(text: str) -> str | None:
    """The code in a line typed by a person, in its normal form; None when it is not one."""
    code = "".join(sign for sign in text.upper() if sign not in " -–—")
    known = len(code) == _REFERENCE_BODY + 1 and all(sign in REFERENCE_ALPHABET for sign in code)
    if not known or _check_sign(code[:-1]) != code[-1]:
        return None
    return f"{code[:5]}-{code[5:]}"


def _check_sign(body: str) -> str:
    """Weighted sum modulo 23, a prime: what ISO 7064 calls a pure system, with plain position weights."""
    total = sum(weight * REFERENCE_ALPHABET.index(sign) for weight, sign in enumerate(body, start=2))
    return REFERENCE_ALPHABET[total % len(REFERENCE_ALPHABET)]
