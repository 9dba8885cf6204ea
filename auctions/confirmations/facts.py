"""What a confirmation says, as JSON values: kept beside the document, so that the two can be compared."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auctions import queries
from auctions.models import Auction, Registration
from auctions.written.terms import read_terms
from marketplace.clock import moment_text
from marketplace.deals.models import Deal
from marketplace.money import decimal_text
from marketplace.parties.models import Institution
from marketplace.rights.models import Right

# A cluster of trademarks may have thousands; the record of the lot names them all.
RIGHTS_NAMED = 60


def facts_of(session: Session, deal: Deal, auction: Auction, code: str, marketplace: str) -> dict[str, Any]:
    """Everything that the document of this deal states; its moments are RFC 3339, its amounts decimals."""
    terms = read_terms(auction.terms)
    registration = queries.registration_of_buyer(session, auction.id, deal.buyer_id)
    agency = registration.mandate.agency if registration and registration.mandate else None
    return {
        "code": code,
        "marketplace": marketplace,
        "auction": str(auction.id),
        "attempt": auction.attempt,
        "format": auction.auction_format,
        "rule_pack": f"{terms.pack.name} {terms.pack.version}",
        "opens_at": moment_text(auction.opens_at),
        "closed_at": moment_text(auction.closed_at or deal.agreed_at),
        "agreed_at": moment_text(deal.agreed_at),
        "lot": {
            "reference": deal.lot.reference,
            "title": deal.lot.title,
            "rights": [_right(right) for right in deal.lot.rights[:RIGHTS_NAMED]],
            "more_rights": max(len(deal.lot.rights) - RIGHTS_NAMED, 0),
        },
        "seller": _party(deal.seller),
        "buyer": _party(deal.buyer),
        "agency": _party(agency) if agency else None,
        "alias": registration.alias if registration else "",
        "bidders": _count_registrations(session, auction),
        "bids": auction.bid_count,
        "currency": deal.currency,
        "start_price": decimal_text(terms.start_price, deal.currency),
        "price": decimal_text(deal.price_minor, deal.currency),
        "deposit": decimal_text(registration.deposit_minor if registration else 0, deal.currency),
        "pay_by": moment_text(deal.pay_by),
        "last_hash": auction.last_hash,
    }


def _party(institution: Institution) -> dict[str, str]:
    return {"name": institution.name, "number": institution.registration_number}


def _right(right: Right) -> dict[str, str]:
    return {"type": str(right.right_type), "number": right.number, "title": right.title}


def _count_registrations(session: Session, auction: Auction) -> int:
    statement = select(func.count()).select_from(Registration).where(Registration.auction_id == auction.id)
    return session.scalar(statement) or 0
