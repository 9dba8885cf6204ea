"""Whether the facts of a sale agree with each other; every no names its field."""

import re
from typing import Final

from marketplace.errors import Refused
from marketplace.money import EXPONENTS, MINOR_LIMIT
from marketplace.rights.particulars import LegalEvent
from transactions.rates import is_rate
from transactions.rules.facts import RECORD_VERSION, Reason, SaleFacts
from transactions.rules.words import (
    DatePrecision,
    LicenceKind,
    RightSold,
    SaleOutcome,
)

_AMOUNTS = (
    "reference_price_minor",
    "start_price_minor",
    "deposit_minor",
    "top_bid_minor",
    "price_minor",
    "buyer_premium_minor",
    "entry_fee_minor",
)
_COUNTS = {
    "record_version": (0, RECORD_VERSION),
    "number_of_rights": (1, 10**7),
    "number_of_families": (1, 10**7),
    "family_size": (1, 10**4),
    "claims": (1, 10**4),
    "forward_citations": (0, 10**6),
    "age_months": (0, 2400),
    "remaining_life_months": (0, 2400),
    "attempt": (1, 1000),
    "bidders": (0, 10**6),
    "bids": (0, 10**7),
    "technology_field": (1, 35),
    "royalty_basis_points": (1, 10_000),
    "licence_months": (1, 2400),
}
_TEXTS = {"royalty_base": 100, "territory": 100}
_OF_LICENCES = ("royalty_basis_points", "royalty_base", "entry_fee_minor", "licence_months", "territory")

# ISO 3166-2: the country and a subdivision, as CN-37.
_REGION: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")


def check_facts(facts: SaleFacts) -> None:
    """Raise Refused, naming the field, unless the facts agree with each other."""
    _check_numbers(facts)
    _check_words(facts)
    _check_price(facts)
    _check_licence(facts)
    _check_rate(facts)
    if (facts.sold_on is None) != (facts.date_precision is DatePrecision.UNKNOWN):
        raise Refused(Reason.DATE_AND_PRECISION, field="sold_on")
    if facts.usable == bool(facts.exclusion_reason):
        raise Refused(Reason.EXCLUSION_REASON, field="exclusion_reason")
    if facts.related_party and facts.arms_length:
        raise Refused(Reason.RELATED_AT_ARMS_LENGTH, field="arms_length")
    if facts.previous is not None and facts.previous == facts.corrects:
        raise Refused(Reason.NAMES_ITSELF, field="previous")


def _check_numbers(facts: SaleFacts) -> None:
    for name in _AMOUNTS:
        amount = getattr(facts, name)
        if amount is not None and not 0 <= amount < MINOR_LIMIT:
            raise Refused(Reason.AMOUNT_OUT_OF_RANGE, field=name)
    for name, (least, most) in _COUNTS.items():
        count = getattr(facts, name)
        if count is not None and not least <= count <= most:
            raise Refused(Reason.NUMBER_OUT_OF_RANGE, field=name, least=least, most=most)


def _check_words(facts: SaleFacts) -> None:
    for name, most in _TEXTS.items():
        if len(getattr(facts, name)) > most:
            raise Refused(Reason.TEXT_TOO_LONG, field=name, most=most)
    if facts.region and not _REGION.fullmatch(facts.region):
        raise Refused(Reason.UNKNOWN_REGION, field="region")
    if facts.seller_parent and not _TOKEN.fullmatch(facts.seller_parent):
        raise Refused(Reason.PARENT_NOT_HEXADECIMAL, field="seller_parent")
    if list(facts.legal_events) != [event for event in LegalEvent if event in facts.legal_events]:
        raise Refused(Reason.UNKNOWN_EVENT, field="legal_events")


_SOLD = frozenset({SaleOutcome.SOLD, SaleOutcome.REVERSED})


def _check_price(facts: SaleFacts) -> None:
    priced = facts.outcome in _SOLD
    # A licence may cost nothing at once, and a share of what it earns, or a fee on entry, instead.
    if priced and not (facts.price_minor or facts.royalty_basis_points or facts.entry_fee_minor):
        raise Refused(Reason.PRICE_MISSING, field="price_minor")
    for name in ("price_minor", "buyer_premium_minor"):
        if not priced and getattr(facts, name) is not None:
            raise Refused(Reason.PRICE_NOT_EXPECTED, field=name)


def _check_licence(facts: SaleFacts) -> None:
    if facts.right_sold is RightSold.LICENCE:
        return
    if facts.licence_kind is not LicenceKind.NONE:
        raise Refused(Reason.LICENCE_ALONE, field="licence_kind")
    for name in _OF_LICENCES:
        if getattr(facts, name):
            raise Refused(Reason.LICENCE_ALONE, field=name)


def _check_rate(facts: SaleFacts) -> None:
    if facts.currency not in EXPONENTS:
        raise Refused(Reason.UNKNOWN_CURRENCY, field="currency")
    if facts.base_currency and facts.base_currency not in EXPONENTS:
        raise Refused(Reason.UNKNOWN_CURRENCY, field="base_currency")
    if facts.rate_to_base and not (facts.base_currency and is_rate(facts.rate_to_base)):
        raise Refused(Reason.NOT_A_RATE, field="rate_to_base")
