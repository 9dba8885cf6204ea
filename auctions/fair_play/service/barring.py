"""Who may not bid: asked at registration, kept on the registration for each bid, asked at the award."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions import queries as auction_queries
from auctions.combination.queries import lock_combination_of
from auctions.fair_play import queries
from auctions.fair_play.models import AwardReview
from auctions.fair_play.rules.leads import LeadKind, Line, LineKind, Signal
from auctions.fair_play.rules.policy import Capacity
from auctions.fair_play.rules.reasons import BarReason
from auctions.fair_play.rules.standing import Finding, Standing, stand
from auctions.fair_play.rules.ties import Tie, TieKind, common_domains, name_node
from auctions.fair_play.service.leads import open_lead
from auctions.models import Auction, Registration
from marketplace import audit, clock
from marketplace.clock import LOCAL_ZONE
from marketplace.errors import Refused
from marketplace.listings.models import Lot
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.parties.models import Institution

# What a registration's `barred` may hold because of us; any other text is somebody else's and stays.
CODES = frozenset(str(one) for one in BarReason)

Capacities = dict[str, set[Capacity]]


def check_registration(
    session: Session, auction: Auction, buyer_id: uuid.UUID, acting_id: uuid.UUID
) -> Standing:
    """How a buyer stands that wants to register.

    Raises:
        Refused: it, or the agency that acts for it, may not bid, and why.
    """
    found = standing_of(session, auction, buyer_id, acting_id)
    if found.bars:
        raise Refused(BarReason(found.barred))
    return found


def note_reviews(session: Session, registration: Registration, standing: Standing) -> None:
    """A lead for what only suggests a ban; the bidder bids until somebody has looked."""
    for finding in standing.reviews:
        open_lead(session, _as_signal(registration, finding))


def _as_signal(registration: Registration, finding: Finding) -> Signal:
    kinds = "+".join(finding.path.kinds) if finding.path else ""
    line = Line(
        LineKind.TIE, {"capacity": str(finding.capacity), "kinds": kinds}, str(registration.auction_id)
    )
    subject = str(registration.institution_id)
    return Signal(LeadKind.POSSIBLE_TIE, (subject,), 0.5, (line,), f"{registration.auction_id}")


def standing_of(session: Session, auction: Auction, buyer_id: uuid.UUID, acting_id: uuid.UUID) -> Standing:
    """How the buyer and whoever acts for it stand to the auction now."""
    known = queries.institutions_by_id(session, {buyer_id, acting_id})
    bidders = [known[one] for one in dict.fromkeys((buyer_id, acting_id))]
    lot = session.get_one(Lot, auction.lot_id)
    capacities = _capacities(session, auction, lot)
    nodes = [queries.node_of(bidder) for bidder in bidders]
    ties = queries.ties_around(session, [*nodes, *(name_node(bidder.name_key) for bidder in bidders)])
    ties += _own_names(bidders) + _domain_ties(session, auction, bidders)
    _add_listed(session, capacities, nodes, ties)
    exempt = queries.exempt_codes(session, lot.id, buyer_id)
    return stand(auction.rule_pack, nodes, capacities, ties, exempt)


def _capacities(session: Session, auction: Auction, lot: Lot) -> Capacities:
    """By node, what everybody concerned is to the auction."""
    found: Capacities = defaultdict(set)
    for institution_id, capacity in _known_roles(session, auction).items():
        found[queries.node_of(session.get_one(Institution, institution_id))].add(capacity)
    for party in queries.parties_of_lot(session, lot.id):
        found[party.node].add(party.capacity)
    if lot.default_case is not None:
        found[queries.node_of_name(session, lot.default_case.debtor)].add(Capacity.DEBTOR)
        found[queries.node_of_name(session, lot.default_case.pledgor)].add(Capacity.PLEDGOR)
    return found


def _known_roles(session: Session, auction: Auction) -> dict[uuid.UUID, Capacity]:
    """By institution, the one capacity that counts most."""
    today = clock.now().astimezone(LOCAL_ZONE).date()
    struck = auction_queries.struck_buyers(session, auction.lot_id)
    selling = auction_queries.selling_agencies(session, auction.institution_id, auction.lot_id, today)
    return {
        **dict.fromkeys(struck, Capacity.DEFAULTER),
        **dict.fromkeys(selling, Capacity.SELLING_AGENCY),
        **{operator.id: Capacity.OPERATOR for operator in queries.operators(session)},
        auction.institution_id: Capacity.SELLER,
    }


def _own_names(bidders: Iterable[Institution]) -> list[Tie]:
    """A bidder may be the one that somebody recorded by name only: likely, not certain."""
    return [
        Tie(queries.node_of(bidder), name_node(bidder.name_key), TieKind.SAME_GROUP, certain=False)
        for bidder in bidders
    ]


def _domain_ties(session: Session, auction: Auction, bidders: Iterable[Institution]) -> list[Tie]:
    """Bidders whose people have e-mail addresses under the same domain as those who sell or run the sale."""
    others = queries.institutions_by_id(session, _known_roles(session, auction))
    found = []
    for bidder in bidders:
        own = queries.addresses_of(session, bidder.id)
        for other in others.values():
            if other.id != bidder.id and common_domains(own, queries.addresses_of(session, other.id)):
                ends = (queries.node_of(bidder), queries.node_of(other))
                found.append(Tie(*ends, TieKind.MAIL_DOMAIN, certain=False))
    return found


def _add_listed(
    session: Session, capacities: Capacities, nodes: Collection[str], ties: Iterable[Tie]
) -> None:
    around = {*nodes, *(end for tie in ties for end in (tie.one, tie.other))}
    for node in queries.listed_nodes(session, around, clock.now()):
        capacities.setdefault(node, set()).add(Capacity.LISTED)


def refresh_around(session: Session, nodes: Collection[str]) -> int:
    """Bring `barred` up to date for everybody whom a change at these nodes can concern."""
    ties = queries.ties_around(session, nodes)
    around = {*nodes, *(end for tie in ties for end in (tie.one, tie.other))}
    return refresh(session, [one.id for one in queries.open_registrations(session, around)])


def refresh_lot(session: Session, lot_id: uuid.UUID) -> int:
    """The same for everybody who is registered for a lot."""
    return refresh(session, [one.id for one in queries.open_registrations_of_lot(session, lot_id)])


def refresh(session: Session, registration_ids: Collection[uuid.UUID]) -> int:
    """Bring these registrations up to date, each under its auction's lock; returns how many changed.

    What bidding reads is one column, so a bid that comes after this one's commit is refused at once.
    """
    session.flush()
    statement = select(Registration).where(Registration.id.in_(list(registration_ids)))
    found = sorted(session.scalars(statement), key=lambda one: (one.auction_id, one.id))
    changed = 0
    for registration in found:
        lock_combination_of(session, registration.auction_id)
        auction = auction_queries.lock_auction(session, registration.auction_id)
        session.refresh(registration)
        if registration.barred and registration.barred not in CODES:
            continue
        changed += _bring_up_to_date(session, auction, registration)
    session.flush()
    return changed


def _bring_up_to_date(session: Session, auction: Auction, registration: Registration) -> bool:
    standing = standing_of(session, auction, registration.institution_id, acting_for(registration))
    note_reviews(session, registration, standing)
    if registration.barred == standing.barred:
        return False
    registration.barred = standing.barred
    audit.record(session, "fair_play.set_barred", registration.id, barred=standing.barred)
    return True


def bar_selling_agencies(session: Session) -> bool:
    """Bar those who have come to sell the lot since they registered; False when there was nobody.

    A mandate is accepted in another package, which knows nothing of auctions: this looks for it.
    """
    found = queries.registered_selling_agencies(session, clock.now().astimezone(LOCAL_ZONE).date())
    return refresh(session, found) > 0


def acting_for(registration: Registration) -> uuid.UUID:
    """Who sends the bids of a registration."""
    return registration.mandate.agency_id if registration.mandate else registration.institution_id


def check_award(session: Session, auction: Auction, winner: Registration) -> None:
    """Look once more at whom the lot goes to; what speaks against it waits for a person's decision.

    The award itself is the rules' and stands until the operator disqualifies the winner: nobody loses what
    the hammer gave by a computed suspicion, and nothing is paid out before the decision.
    """
    standing = standing_of(session, auction, winner.institution_id, acting_for(winner))
    codes = [finding.code for finding in (*standing.bars, *standing.reviews)]
    if winner.barred and winner.barred not in codes:
        codes.insert(0, winner.barred)
    if not codes or _reviewed(session, auction.id, winner.id):
        return
    review = AwardReview(
        auction_id=auction.id,
        registration_id=winner.id,
        codes=codes,
        barred=bool(standing.bars or winner.barred),
        opened_at=clock.now(),
    )
    session.add(review)
    session.flush()
    audit.record(session, "fair_play.hold_award", review.id, auction=str(auction.id), codes=codes)
    for operator in queries.operators(session):
        url = f"/operator/fair-play/awards/{review.id}"
        notify(session, operator.id, NoticeKind.AWARD_TO_DECIDE, url, title=auction.lot.title)


def _reviewed(session: Session, auction_id: uuid.UUID, registration_id: uuid.UUID) -> bool:
    statement = select(AwardReview.id).where(
        AwardReview.auction_id == auction_id, AwardReview.registration_id == registration_id
    )
    return session.scalar(statement) is not None
