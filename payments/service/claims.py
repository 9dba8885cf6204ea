"""Who has a claim on what a deal brings: commissions, claims by rank, and the pledgor."""

from fractions import Fraction

from sqlalchemy.orm import Session

from marketplace.deals.models import Deal
from marketplace.deals.queries import commission_mandates
from marketplace.deals.rules import MandateSide
from marketplace.listings.models import Lot
from marketplace.rights.models import Encumbrance
from marketplace.rights.rules import EncumbranceKind
from payments.commission import Bearer, Commission
from payments.waterfall import Claim

_BASIS_POINTS = 10_000


def commissions_of(session: Session, deal: Deal) -> tuple[Commission, ...]:
    """The agencies' commissions on a deal, each borne by the agency's client."""
    return tuple(
        Commission(
            to=str(mandate.agency_id),
            rate=Fraction(mandate.commission_basis_points, _BASIS_POINTS),
            borne_by=Bearer.SELLER if mandate.side is MandateSide.SELL else Bearer.BUYER,
        )
        for mandate in commission_mandates(session, deal)
    )


def claims_on(lot: Lot) -> tuple[Claim, ...]:
    """The claims that a sale of the lot pays, by rank (Civil Code 389, 414, 415).

    The selling bank's claim is what its default case shows, at the rank of its own registered pledge, or
    after all registered ones where it has none. A pledge over several rights of the lot is one claim.
    """
    others, own_rank = _registered(lot)
    if lot.default_case is None:
        return tuple(others)
    last = max((claim.rank for claim in others), default=0)
    rank = own_rank if own_rank is not None else last + 1
    own = Claim(str(lot.institution_id), rank, lot.default_case.outstanding_minor)
    return tuple(sorted([own, *others], key=lambda claim: claim.rank))


def surplus_to(lot: Lot) -> str:
    """Who gets what is left: the pledgor, or the seller of a voluntary sale (Civil Code 438)."""
    return lot.default_case.pledgor if lot.default_case else str(lot.institution_id)


def _registered(lot: Lot) -> tuple[list[Claim], int | None]:
    """Other holders' claims, and the rank of the selling bank's own pledge."""
    seen: dict[tuple[str, str, int], Claim] = {}
    own_rank: int | None = None
    for encumbrance in _securing(lot):
        if encumbrance.holder == lot.institution.name:
            own_rank = min(encumbrance.rank, own_rank or encumbrance.rank)
            if lot.default_case is not None:
                continue
        minor = encumbrance.claim_minor or 0
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
