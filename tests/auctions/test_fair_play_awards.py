"""Awards to somebody who was barred when the hammer fell: a person decides, and nothing is settled before."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.fair_play.models import AwardReview, BarredListing
from auctions.fair_play.rules.listing import ListingStatus
from auctions.fair_play.service import exempting, listing
from auctions.rules import Outcome
from auctions.service.awards import disqualify_winner, let_stand
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, Refused
from payments.queries import due

from .builders_of_auctions import Sale, a_bidder, a_sale, bid, opening, tick
from .builders_of_fair_play import Operators, a_tie, on_the_list, operators

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def sold_to_somebody_listed(session: Session, clock: FixedClock) -> tuple[Sale, AwardReview, Operators]:
    """Carol leads, is listed before the end, and the hammer falls for her all the same."""
    staff, sale = operators(session), a_sale(session)
    carol, _ = a_bidder(session, sale)
    dave, _ = a_bidder(session, sale)
    clock.move_to(opening(sale))
    bid(session, dave, sale, "100000.00")
    bid(session, carol, sale, "101000.00")
    on_the_list(session, staff, carol.institution_id)
    clock.advance(hours=25)
    tick(session)
    return sale, session.scalars(select(AwardReview)).one(), staff


def test_an_award_to_somebody_barred_waits_for_a_person(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale, review, staff = sold_to_somebody_listed(session, clock)
        assert sale.auction.outcome is Outcome.SOLD
        assert review.codes == ["listed"]
        assert review.barred
        deal = session.scalars(select(Deal)).one()
        assert deal.status == "agreed"
        with pytest.raises(Refused, match="still_barred"):
            let_stand(session, staff.olga, review.id, "all fine")
        with pytest.raises(Refused, match="reason_missing"):
            disqualify_winner(session, staff.olga, review.id, " ")
        disqualify_winner(session, staff.olga, review.id, "On the barred list")
        assert review.decision == "disqualified"
        assert deal.status is DealStatus.DEFAULTED
        with pytest.raises(Conflict, match="ended_already"):
            disqualify_winner(session, staff.olga, review.id, "again")


@on_sqlite
def test_an_award_stands_once_two_persons_have_excepted_the_winner(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        staff, sale = operators(session), a_sale(session)
        carol, registration = a_bidder(session, sale)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        a_tie(session, staff.olga, registration.institution, sale.lot.institution)
        clock.advance(hours=25)
        tick(session)
        review = session.scalars(select(AwardReview)).one()
        proposal = exempting.propose(
            session,
            staff.olga,
            sale.auction.id,
            carol.institution_id,
            code="tied_to_seller",
            reason="Independent management",
        )
        exempting.confirm(session, staff.otto, proposal.id)
        assert review.decision == "stands"
        assert sale.auction.outcome is Outcome.SOLD


@on_sqlite
def test_an_honest_award_is_nobody_s_business(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        operators(session)
        sale = a_sale(session)
        carol, _ = a_bidder(session, sale)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        clock.advance(hours=25)
        tick(session)
        assert sale.auction.outcome is Outcome.SOLD
        assert session.scalars(select(AwardReview)).all() == []


@on_sqlite
def test_nothing_is_asked_for_or_lapses_while_an_award_waits(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        _, review, staff = sold_to_somebody_listed(session, clock)
        deal = session.scalars(select(Deal)).one()
        assert due.deal_without_payment(session) is None
        clock.advance(days=40)
        assert due.payment_overdue(session, clock.moment) is None
        entry = session.scalars(select(BarredListing)).one()
        pay_by = deal.pay_by
        listing.propose_lift(session, staff.olga, entry.id, "Listed by mistake")
        listing.decide(session, staff.otto, entry.id, ListingStatus.LIFTED)
        let_stand(session, staff.olga, review.id, "No longer on the list")
        assert deal.pay_by == pay_by + timedelta(days=40)
        assert due.payment_overdue(session, clock.moment) is None
        assert due.deal_without_payment(session) is deal
