"""What a reader of an estimate has to know: the limits that are its own, as words."""

from collections.abc import Iterator

from transactions.valuations.rules.asking import Asked
from transactions.valuations.rules.opinion import GAP_MOST, LEAST_FOR_GRADE, Opinion
from transactions.valuations.rules.words import Approach, Basis, Note

# Internal assessment or negotiation is the practice of the pilot areas up to here; minor units of yuan.
APPRAISAL_EXPECTED_ABOVE = 10_000_000_00
SHORT_LIFE_MONTHS = 36


def notes_of(
    asked: Asked,
    found: Opinion,
    *,
    comparables: int,
    offered: int,
    sold: int,
    income_minor: int | None,
    curve: bool,
) -> tuple[Note, ...]:
    """The notes in the order in which they are read.

    Args:
        asked: what was valued.
        found: the opinion.
        comparables: how many are used.
        offered: how many lots that might have served were offered.
        sold: how many of them were sold.
        income_minor: of the income approach.
        curve: whether a fitted model gave a chance of sale.
    """
    return (
        *_of_evidence(found, comparables),
        *(() if sold == offered else (Note.SOLD_ONLY,)),
        *(() if curve else (Note.NO_CURVE,)),
        *_of_subject(asked, found),
        *_of_income(asked, found, income_minor),
    )


def _of_evidence(found: Opinion, comparables: int) -> Iterator[Note]:
    if found.approach is Approach.NONE:
        yield Note.INSUFFICIENT
    if found.approach is Approach.MODEL:
        yield Note.NO_GRID
    if found.approach in {Approach.GRID, Approach.NONE}:
        yield Note.NO_MODEL
    if found.value_minor is not None and comparables < LEAST_FOR_GRADE:
        yield Note.FEW_COMPARABLES
    if found.gap is not None and found.gap > GAP_MOST:
        yield Note.GAP


def _of_subject(asked: Asked, found: Opinion) -> Iterator[Note]:
    if asked.basis is not Basis.MARKET:
        yield Note.LIQUIDATION_TOGETHER
    life = asked.subject.remaining_life_months
    if life is None:
        yield Note.LIFE_UNKNOWN
    elif life <= 0:
        yield Note.EXPIRED
    elif life < SHORT_LIFE_MONTHS:
        yield Note.SHORT_LIFE
    measured = max(asked.claim_minor or 0, found.value_minor or 0)
    if asked.subject.currency == "CNY" and measured > APPRAISAL_EXPECTED_ABOVE:
        yield Note.APPRAISAL_EXPECTED


def _of_income(asked: Asked, found: Opinion, income_minor: int | None) -> Iterator[Note]:
    if asked.income is None or income_minor is None:
        return
    yield Note.NO_AMORTISATION
    if asked.income.tax == 0:
        yield Note.BEFORE_TAX
    if found.wide is not None and income_minor > found.wide.high_minor:
        yield Note.INCOME_ABOVE_RANGE
    if found.wide is not None and income_minor < found.wide.low_minor:
        yield Note.INCOME_BELOW_RANGE
