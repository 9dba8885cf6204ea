"""A small market with every tier of consent: sellers of eight groups, invented sales."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy.orm import Session

from transactions import service
from transactions.models import TransactionRecord
from transactions.rules.facts import SaleFacts
from transactions.rules.words import Channel, ConsentTier, SaleOutcome

from .sale_builders import a_sale_of

PARENTS = tuple(f"{number:032x}" for number in range(1, 9))
FIRST = date(2024, 1, 10)


def sales(tier: ConsentTier, *, months: int = 20, field: int = 6, start: int = 0) -> Iterator[SaleFacts]:
    """A sale or a failed attempt of each group in turn, eight a quarter."""
    for number in range(months * 3):
        sold = number % 4 != 3
        yield a_sale_of(
            f"{tier}-{field}-{start + number}",
            consent_tier=tier,
            seller_parent=PARENTS[number % len(PARENTS)],
            technology_field=field,
            technology_fields=(field,),
            classes=("G06F16/00",),
            sold_on=FIRST + timedelta(days=10 * number),
            outcome=SaleOutcome.SOLD if sold else SaleOutcome.UNSOLD,
            price_minor=(1_234_567 + 100_003 * (number % 7)) if sold else None,
            start_price_minor=900_000,
            channel=Channel.AUCTION_ENGLISH,
            title=f"Secret pump {number}",
        )


def record(session: Session, facts: Iterator[SaleFacts] | list[SaleFacts]) -> list[TransactionRecord]:
    return service.append(session, facts)


def an_id(number: int) -> uuid.UUID:
    return uuid.UUID(int=number)
