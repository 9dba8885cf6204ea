"""Ending an announced auction for its seller, and telling those who were registered."""

import uuid

from sqlalchemy.orm import Session

from auctions import queries
from auctions.journal import first_moment
from auctions.models import Auction
from auctions.rules import Action, Event
from auctions.rules.decisions import decide
from auctions.service.closing import end_without_sale
from auctions.service.recording import record
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace import audit, clock
from marketplace.access import Actor
from marketplace.listings.models import Lot
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.rule_packs import StepKind


def cancel_announced(
    session: Session, actor: Actor, auction: Auction, *, reason: str, kind: StepKind
) -> None:
    """Cancel an auction that has not opened, as its journal and the public page then tell with the reason.

    The auction's row must be locked. Deposits go back as after any auction that ended without a sale.
    """
    now = first_moment(auction.last_event_at, clock.now())
    event = Event(now, Action.CANCEL)
    decision = decide(read_terms(auction.terms), read_state(auction.state), event)
    record(session, auction, event, decision)
    audit.record(
        session,
        "auctions.cancel",
        auction.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=reason,
        kind=kind,
    )
    end_without_sale(session, auction, now)


def tell_bidders(session: Session, auction_id: uuid.UUID, kind: NoticeKind, lot: Lot, url: str) -> None:
    """Tell everybody registered in the auction, and their agencies, but nobody who is barred from the lot."""
    struck, readers = queries.struck_buyers(session, lot.id), set()
    for registration in queries.registrations_of(session, auction_id):
        if registration.institution_id not in struck:
            readers.add(registration.institution_id)
            readers |= {registration.mandate.agency_id} if registration.mandate else set()
    for reader in sorted(readers):
        notify(session, reader, kind, url, title=lot.title)
