"""Records as observations in one currency: what is left out is counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from transactions import queries as records
from transactions.hedonics import queries
from transactions.hedonics.attributes import of_facts
from transactions.hedonics.observations import Observation
from transactions.hedonics.prediction import log_units
from transactions.models import TransactionRecord
from transactions.rates import Rate, convert, rate_for
from transactions.rules.words import AssetFamily, ProofGrade, SaleOutcome

# What parties, brokers and the press tell never enters a model (reference: source grades).
GRADES = frozenset({ProofGrade.A, ProofGrade.B, ProofGrade.C})
EVERY_GRADE = frozenset(ProofGrade)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a fit is given.

    Attributes:
        references: the logarithm of the price the seller named beforehand, by identity.
        left_out: how many records were not used, by reason: `grade`, `currency`, `no_price`.
    """

    currency: str
    family: AssetFamily
    observations: list[Observation]
    references: dict[str, float]
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def priced(self) -> int:
        """How many observations have a bid."""
        return sum(one.log_bid is not None for one in self.observations)


def load(
    session: Session,
    on: date,
    currency: str = "",
    family: AssetFamily = AssetFamily.PATENT,
    grades: frozenset[ProofGrade] = GRADES,
) -> Loaded:
    """The family's usable records in one currency, by default the one that most of them are in."""
    rows = queries.usable_records(session, on, family)
    chosen = currency or _most_common([row for row in rows if row.proof_grade in grades])
    known = [
        Rate(row.rate_on, row.currency, row.base, row.rate, row.source)
        for row in records.rates_to(session, chosen)
    ]
    loaded = Loaded(chosen, family, [], {})
    roots = _first_attempts(rows)
    for row in rows:
        if row.proof_grade not in grades:
            loaded.left_out["grade"] += 1
            continue
        rate = _rate(row, chosen, known)
        if row.currency != chosen and rate is None:
            loaded.left_out["currency"] += 1
            continue
        _add(loaded, row, rate, roots[str(row.id)])
    return loaded


def _most_common(rows: Sequence[TransactionRecord]) -> str:
    counts = Counter(row.currency for row in rows)
    return min(counts, key=lambda currency: (-counts[currency], currency), default="CNY")


def _first_attempts(rows: Sequence[TransactionRecord]) -> dict[str, str]:
    """To each record the first attempt to sell the same lot, as far as it is among these."""
    before = {str(row.id): str(row.previous) for row in rows if row.previous}
    found = {}
    for row in rows:
        root, seen = str(row.id), set()
        while root in before and root not in seen:
            seen.add(root)
            root = before[root]
        found[str(row.id)] = root
    return found


def _rate(row: TransactionRecord, currency: str, known: Sequence[Rate]) -> Rate | None:
    if row.sold_on is None or row.currency == currency:
        return None
    if row.rate_to_base and row.base_currency == currency:
        return Rate(row.sold_on, row.currency, currency, row.rate_to_base, "record")
    return rate_for(known, row.currency, currency, row.sold_on)


def _add(loaded: Loaded, row: TransactionRecord, rate: Rate | None, family: str) -> None:
    sold = row.outcome is SaleOutcome.SOLD
    bid = _log(row.price_minor if sold else row.top_bid_minor, row.currency, rate)
    start = _log(row.start_price_minor, row.currency, rate)
    if bid is None and (sold or start is None):
        loaded.left_out["no_price"] += 1
        return
    loaded.observations.append(
        Observation(
            identity=str(row.id),
            lot=of_facts(row),
            log_bid=bid,
            log_start=start,
            sold=sold,
            seller=row.seller_parent,
            family=family,
        )
    )
    reference = _log(row.reference_price_minor, row.currency, rate)
    if reference is not None:
        loaded.references[str(row.id)] = reference


def _log(minor: int | None, currency: str, rate: Rate | None) -> float | None:
    if minor and rate is not None:
        minor = convert(minor, currency, rate.base, rate)
        currency = rate.base
    return log_units(minor, currency) if minor else None
