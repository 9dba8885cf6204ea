"""Who has a claim on what a deal brings: commissions, claims by rank, and the pledgor."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from marketplace.commission import Bearer, Commission
from marketplace.deals.models import Deal
from marketplace.deals.queries import commission_mandates
from marketplace.deals.rules import SET_OFF, MandateSide
from marketplace.listings.fees.queries import commissions_for
from marketplace.listings.models import Lot
from marketplace.rights.models import Encumbrance
from marketplace.rights.rules import EncumbranceKind
from payments.rates.queries import rates_in_force
from payments.rates.rules import converted
from payments.waterfall import Claim

_BASIS_POINTS = 10_000


def commissions_of(session: Session, deal: Deal) -> tuple[Commission, ...]:
    """The platform's commissions as fixed for the lot, then the agencies', each borne by its client.

    Nobody brought a creditor that takes the lot itself, and it pays for no sale.
    """
    if deal.source in SET_OFF:
        return ()
    brought = deal.mandate.agency_id if deal.mandate is not None else None
    agencies = tuple(
        Commission(
            to=str(mandate.agency_id),
            rate=Fraction(mandate.commission_basis_points, _BASIS_POINTS),
            borne_by=Bearer.SELLER if mandate.side is MandateSide.SELL else Bearer.BUYER,
        )
        for mandate in commission_mandates(session, deal)
    )
    return (*commissions_for(session, deal.lot_id, brought), *agencies)


def claims_in(session: Session, deal: Deal) -> tuple[Claim, ...]:
    """The claims on the deal's lot in the deal's currency, others at their rate of the day."""
    return claims_on(deal.lot, deal.currency, rates_in_force(session, deal.id))


def claims_on(
    lot: Lot, currency: str | None = None, rates: Mapping[str, Fraction] | None = None
) -> tuple[Claim, ...]:
    """The claims that a sale of the lot pays, by rank (Civil Code 389, 414, 415).

    The selling bank's claim is what its default case shows, at the rank of its own registered pledge, or
    after all registered ones where it has none. A pledge over several rights of the lot is one claim.
    A claim in another currency than `currency` is counted at its rate in `rates`.
    """
    count = _Counting(currency or lot.currency, rates or {})
    others, own_rank = _registered(lot, count)
    if lot.default_case is None:
        return tuple(others)
    last = max((claim.rank for claim in others), default=0)
    rank = own_rank if own_rank is not None else last + 1
    owed = count(lot.default_case.outstanding_minor, lot.default_case.currency)
    own = Claim(str(lot.institution_id), rank, owed)
    return tuple(sorted([own, *others], key=lambda claim: claim.rank))


def surplus_to(lot: Lot) -> str:
    """Who gets what is left: the pledgor, or the seller of a voluntary sale (Civil Code 438)."""
    return lot.default_case.pledgor if lot.default_case else str(lot.institution_id)


@dataclass(frozen=True, slots=True)
class _Counting:
    """Amounts in one currency."""

    currency: str
    rates: Mapping[str, Fraction]

    def __call__(self, minor: int, currency: str) -> int:
        if currency == self.currency:
            return minor
        if currency not in self.rates:
            raise AssertionError(f"a claim in {currency} without a rate of the day")
        return converted(minor, currency, self.rates[currency], self.currency)


def _registered(lot: Lot, count: _Counting) -> tuple[list[Claim], int | None]:
    """Other holders' claims, and the rank of the selling bank's own pledge."""
    seen: dict[tuple[str, str, int], Claim] = {}
    own_rank: int | None = None
    for encumbrance in _securing(lot):
        if encumbrance.holder == lot.institution.name:
            own_rank = min(encumbrance.rank, own_rank or encumbrance.rank)
            if lot.default_case is not None:
                continue
        minor = count(encumbrance.claim_minor or 0, encumbrance.currency)
        # Without a register number, equal holder, rank and claim on several rights are one pledge.
        number = encumbrance.registration_number or str(minor)
        claim = Claim(_party(lot, encumbrance), encumbrance.rank, minor)
        seen.setdefault((encumbrance.holder, number, encumbrance.rank), claim)
    return list(seen.values()), own_rank


def _securing(lot: Lot) -> list[Encumbrance]:
    """Pledges and seizures that secure a claim, by rank; licences secure none."""
    found = [
        encumbrance
        for right in lot.rights
        for encumbrance in right.encumbrances
        if encumbrance.kind is not EncumbranceKind.LICENCE
        and (encumbrance.claim_minor or encumbrance.holder == lot.institution.name)
    ]
    return sorted(found, key=lambda encumbrance: encumbrance.rank)


def _party(lot: Lot, encumbrance: Encumbrance) -> str:
    return str(lot.institution_id) if encumbrance.holder == lot.institution.name else encumbrance.holder
