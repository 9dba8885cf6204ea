"""What is asked when something is valued: all that comes neither from the log nor from the model."""

from dataclasses import dataclass
from datetime import date

from transactions.comparables.values import Subject
from transactions.valuations.rules.income import IncomeInputs
from transactions.valuations.rules.words import Basis, SubjectKind

RIGHTS_NAMED = 50


@dataclass(frozen=True, slots=True)
class NamedRight:
    """A right of what is valued, as the report names it."""

    number: str
    title: str
    right_type: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class SaleTerms:
    """The terms under which it is to be sold, for the reserve curve and the chance of sale. Minor units.

    Attributes:
        floors: the least start price that the rule pack allows in this round and each after it; 0 for none.
        floor_rule: where the first of them stands.
        cut: how far a later round starts below the one before, basis points.
        curve: whether the curve of start prices is wanted; it takes its time.
        costs_minor: of an attempt; fee: what the marketplace and the agency take, basis points of the price.
    """

    rule_pack: str = ""
    rule_pack_version: str = ""
    round: int = 1
    start_minor: int | None = None
    floors: tuple[int, ...] = ()
    floor_rule: str = ""
    cut: int = 2_000
    curve: bool = False
    costs_minor: int = 0
    fee: int = 0


@dataclass(frozen=True, slots=True)
class BidEvidence:
    """What everybody could see of the bidding when the valuation was made; told apart, never mixed in."""

    opened_at: str
    bidders: int
    bids: int
    top_minor: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to be valued.

    Attributes:
        key: of its series over time.
        rights: the first `RIGHTS_NAMED` of them.
        claim_minor: of the asking bank, secured by it.
        annuity_due_on: the next yearly fee of its rights.
        excluded: source ids of its own sales, which are no comparables of it.
        scores: pairs of a factor's name and its points.
    """

    subject: Subject
    kind: SubjectKind
    key: str
    reference: str
    title: str
    basis: Basis
    rights: tuple[NamedRight, ...] = ()
    claim_minor: int | None = None
    annuity_due_on: date | None = None
    excluded: tuple[str, ...] = ()
    income: IncomeInputs | None = None
    scores: tuple[tuple[str, int], ...] = ()
    bids: BidEvidence | None = None
    terms: SaleTerms | None = None


def basis_for(*, secured: bool, by_court: bool) -> Basis:
    """The basis where none is chosen: a creditor that enforces sells in order, a court at once."""
    if by_court:
        return Basis.FORCED_LIQUIDATION
    return Basis.ORDERLY_LIQUIDATION if secured else Basis.MARKET


def is_forced(basis: Basis) -> bool:
    """Whether comparables are adjusted to a forced sale; the record knows no finer difference."""
    return basis is not Basis.MARKET
