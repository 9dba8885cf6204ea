"""What the model sees of a lot: one shape, whether it comes from the record, a subject or a file."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from transactions.rules.words import AUCTIONS, AssetType, Channel

FIRST_ROUND, SECOND_ROUND, LATER_ROUND = "first", "second", "later"


@dataclass(frozen=True, slots=True)
class LotAttributes:
    """A lot before it is offered. Nothing here is a price, and nothing is known only afterwards.

    Attributes:
        asset_type: a word of `AssetType`. classes: IPC, CPC, Locarno or Nice symbols, the main one first.
        number_of_rights: None where the source does not say.
        way: how it is sold: the word of a channel, or of the channel's kind where a file has other words.
        round: 1 for the first attempt; None where there are no attempts.
        on: the day the price is asked for; None where a report has no date.
    """

    asset_type: str
    number_of_rights: int | None = None
    classes: tuple[str, ...] = ()
    technology_field: int | None = None
    claims: int | None = None
    forward_citations: int | None = None
    family_size: int | None = None
    remaining_life_months: int | None = None
    evidence_of_use: bool | None = None
    seller_kind: str = ""
    way: str = ""
    round: int | None = None
    forced: bool = False
    on: date | None = None

    @property
    def round_word(self) -> str:
        """`first`, `second` or `later`; a lot without attempts is in its first."""
        if self.round is None or self.round <= 1:
            return FIRST_ROUND
        return SECOND_ROUND if self.round == 2 else LATER_ROUND


# The formats of this marketplace are one way of selling: how they differ is too fine for so few sales.
_KINDS: Mapping[Channel, str] = {
    channel: "court" if channel.value.startswith(("judicial", "bankruptcy")) else "auction"
    for channel in AUCTIONS
} | {Channel.BANKRUPTCY_SALE: "court", Channel.AUCTION_SALE_OFF: "sale_off"}


def way_of(channel: str) -> str:
    """`court`, `auction`, `sale_off`, or the word of the channel itself."""
    return _KINDS.get(Channel(channel), channel)


_SAME = ("technology_field", "claims", "forward_citations", "family_size", "remaining_life_months")


def of_lot(lot: Any, *, on: date | None, attempt: int | None) -> LotAttributes:
    """From anything that names its attributes as the record does: `SaleFacts`, a record, a `Subject`.

    What it does not have is unknown.
    """
    return LotAttributes(
        asset_type=AssetType(lot.asset_type).value,
        number_of_rights=lot.number_of_rights,
        classes=tuple(getattr(lot, "classes", ())),
        evidence_of_use=getattr(lot, "evidence_of_use", None),
        seller_kind=getattr(lot, "seller_kind", ""),
        way=way_of(lot.channel),
        round=attempt,
        forced=lot.forced,
        on=on,
        **{name: getattr(lot, name, None) for name in _SAME},
    )


def of_facts(facts: Any) -> LotAttributes:
    """From `SaleFacts` or a record of it."""
    return of_lot(facts, on=facts.sold_on, attempt=facts.attempt)


def of_subject(subject: Any) -> LotAttributes:
    """From the subject of a comparison, `comparables.values.Subject`."""
    return of_lot(subject, on=subject.on, attempt=getattr(subject, "attempt", None))


def quarter(day: date) -> int:
    """Quarters since the year 0: a period of the time index."""
    return day.year * 4 + (day.month - 1) // 3


def quarter_text(number: int) -> str:
    """As 2024-Q1."""
    return f"{number // 4}-Q{number % 4 + 1}"


def months_of_years(years: float) -> int:
    """Whole months, rounded to the nearest."""
    return math.floor(years * 12 + 0.5)
