"""Who may not bid: at registration, at each bid, at the award; who may be excepted, and by whom."""

from datetime import date, timedelta

import pytest
from builders import a_mandate, an_actor, an_institution
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions import service
from auctions.fair_play.models import Lead
from auctions.fair_play.rules.leads import LeadKind
from auctions.fair_play.rules.listing import ListingStatus
from auctions.fair_play.rules.policy import Capacity
from auctions.fair_play.rules.ties import TieKind
from auctions.fair_play.service import barring, exempting, listing, ties
from auctions.fair_play.service.ties import Other
from marketplace import clock as system_clock
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, Refused
from marketplace.listings.models import DefaultCase

from .builders_of_auctions import Sale, a_bidder, a_sale, bid, decisions, opening
from .builders_of_fair_play import a_tie, on_the_list, operators, the_other

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def refused(session: Session, sale: Sale, institution: object) -> str:
    """The reason for which the institution may not register; empty when it may."""
    actor = an_actor(session, InstitutionKind.BUYER, institution=institution)  # type: ignore[arg-type]
    try:
        service.register(session, actor, sale.auction.id)
    except Refused as no:
        return str(no.reason)
    return ""


@on_sqlite
def test_parties_of_the_sale_and_those_tied_to_them_are_refused(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        staff, sale = operators(session), a_sale(session)
        debtor, appraiser, sister, holding, stranger = (
            an_institution(session, InstitutionKind.BUYER) for _ in range(5)
        )
        sale.lot.default_case = a_case(session, sale, debtor.name, "Nobody Else")
        ties.record_party(
            session,
            staff.olga,
            sale.lot.id,
            capacity=Capacity.APPRAISER,
            other=Other(appraiser.name),
            evidence="Report 12",
        )
        a_tie(session, staff.olga, sister, holding, TieKind.SHAREHOLDER)
        a_tie(session, staff.olga, holding, sale.lot.institution)
        assert refused(session, sale, debtor) == "debtor"
        assert refused(session, sale, appraiser) == "appraiser"
        assert refused(session, sale, sister) == "tied_to_seller"
        assert refused(session, sale, holding) == "tied_to_seller"
        assert refused(session, sale, stranger) == ""


def a_case(session: Session, sale: Sale, debtor: str, pledgor: str) -> DefaultCase:
    case = DefaultCase(
        institution_id=sale.lot.institution_id,
        reference="C-1",
        debtor=debtor,
        pledgor=pledgor,
        currency="CNY",
        opened_at=system_clock.now(),
    )
    session.add(case)
    session.flush()
    return case


@on_sqlite
def test_a_debtor_may_bid_in_a_judicial_sale(app: Flask, clock: FixedClock) -> None:
    """拍卖、变卖规定 art. 12."""
    with atomic() as session:
        sale = a_sale(session)
        debtor = an_institution(session, InstitutionKind.BUYER)
        sale.lot.default_case = a_case(session, sale, debtor.name, "Nobody Else")
        assert refused(session, sale, debtor) == "debtor"
        sale.auction.rule_pack = "cn-court"
        session.flush()
        assert refused(session, sale, debtor) == ""


@on_sqlite
def test_staff_of_the_operator_are_refused_however_they_come(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        staff, sale = operators(session), a_sale(session)
        buyer, agency = (
            an_institution(session, InstitutionKind.BUYER),
            an_institution(session, InstitutionKind.AGENCY),
        )
        a_tie(session, staff.olga, agency, staff.institution, TieKind.SHARED_STAFF)
        bob = an_actor(session, InstitutionKind.AGENCY, institution=agency)
        mandate = a_mandate(session, agency, buyer)
        with pytest.raises(Refused, match="tied_to_operator"):
            service.register(session, bob, sale.auction.id, mandate_id=mandate.id)
        assert refused(session, sale, buyer) == ""


def test_a_ban_between_registration_and_bid_bars_at_once(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        staff, sale = operators(session), a_sale(session)
        carol, registration = a_bidder(session, sale)
        dave, _ = a_bidder(session, sale)
        clock.move_to(opening(sale))
        assert bid(session, carol, sale, "100000.00").decision == "accepted"
        bid(session, dave, sale, "101000.00")
        entry = on_the_list(session, staff, carol.institution_id, days=1)
    with atomic() as session:
        assert bid(session, carol, sale, "102000.00").decision == "refused:barred"
        listing.propose_lift(session, staff.otto, entry.id, "Paid the fine")
        assert bid(session, carol, sale, "102000.00").decision == "refused:barred"
        with pytest.raises(NotAllowed):
            listing.decide(session, staff.otto, entry.id, ListingStatus.LIFTED)
        listing.decide(session, staff.olga, entry.id, ListingStatus.LIFTED)
        assert bid(session, carol, sale, "102000.00").decision == "accepted"
        tie = a_tie(session, staff.olga, registration.institution, sale.lot.institution)
        dave_bids = bid(session, dave, sale, "103000.00")
        assert dave_bids.decision == "accepted"
        assert bid(session, carol, sale, "104000.00").decision == "refused:barred"
        with pytest.raises(NotAllowed):
            ties.end_tie(session, staff.olga, tie.id, "sold")
        ties.end_tie(session, staff.otto, tie.id, "sold")
        assert bid(session, carol, sale, "104000.00").decision == "accepted"
        assert decisions(session, sale).count("refused:barred") == 3


@on_sqlite
def test_an_agency_that_comes_to_sell_the_lot_is_barred_by_the_worker(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        agency = an_institution(session, InstitutionKind.AGENCY)
        bob = an_actor(session, InstitutionKind.AGENCY, institution=agency)
        mandate = a_mandate(session, agency, an_institution(session, InstitutionKind.BUYER))
        registration = service.register(session, bob, sale.auction.id, mandate_id=mandate.id)
        assert not barring.bar_selling_agencies(session)
        a_mandate(session, agency, sale.lot.institution, valid_until=date(2026, 12, 31))
        assert barring.bar_selling_agencies(session)
        assert registration.barred == "selling_agency"
        assert not barring.bar_selling_agencies(session)


@on_sqlite
def test_what_only_suggests_a_tie_opens_a_lead_and_bars_nobody(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        staff, sale = operators(session), a_sale(session)
        cousin, named = (an_institution(session, InstitutionKind.BUYER) for _ in range(2))
        a_tie(session, staff.olga, cousin, sale.lot.institution, TieKind.MAIL_DOMAIN)
        ties.record_tie(
            session,
            staff.olga,
            named.id,
            kind=TieKind.CONTROLLING_PERSON,
            other=Other("Wang Wei"),
            evidence="Annual report",
        )
        ties.record_tie(
            session,
            staff.olga,
            sale.lot.institution_id,
            kind=TieKind.CONTROLLING_PERSON,
            other=Other("WANG WEI"),
            evidence="Press",
        )
        assert refused(session, sale, cousin) == ""
        assert refused(session, sale, named) == ""
        found = session.scalars(select(Lead)).all()
        assert {lead.kind for lead in found} == {LeadKind.POSSIBLE_TIE}
        assert {lead.subjects[0] for lead in found} == {str(cousin.id), str(named.id)}


@on_sqlite
def test_two_persons_may_except_a_buyer_only_where_the_law_is_silent(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        staff, sale = operators(session), a_sale(session)
        sister = an_institution(session, InstitutionKind.BUYER)
        a_tie(session, staff.olga, sister, sale.lot.institution)

        def ask(code: str) -> object:
            return exempting.propose(
                session, staff.olga, sale.auction.id, sister.id, code=code, reason="Sold in between"
            )

        with pytest.raises(Refused, match="nothing_to_exempt"):
            ask("tied_to_debtor")
        proposal = exempting.propose(
            session, staff.olga, sale.auction.id, sister.id, code="tied_to_seller", reason="Sold in between"
        )
        with pytest.raises(Conflict, match="asked_already"):
            ask("tied_to_seller")
        assert refused(session, sale, sister) == "tied_to_seller"
        with pytest.raises(NotAllowed):
            exempting.confirm(session, staff.olga, proposal.id)
        exempting.confirm(session, staff.otto, proposal.id)
        assert refused(session, sale, sister) == ""
        on_the_list(session, staff, sister.id)
        with pytest.raises(Refused, match="not_liftable"):
            ask("listed")


@on_sqlite
def test_who_may_record_and_what_is_refused(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        staff, sale = operators(session), a_sale(session)
        carol, registration = a_bidder(session, sale)
        own = registration.institution
        other = Other("Some Holding")
        with pytest.raises(NotAllowed):
            ties.record_tie(session, carol, own.id, kind=TieKind.SAME_GROUP, other=other, evidence="x")
        with pytest.raises(Refused, match="evidence_missing"):
            ties.declare_tie(session, carol, kind=TieKind.SAME_GROUP, other=other, evidence=" ")
        own.country = "DE"
        session.flush()
        with pytest.raises(Refused, match="tied_to_itself"):
            ties.declare_tie(session, carol, kind=TieKind.SAME_GROUP, other=the_other(own), evidence="x")
        with pytest.raises(NotAllowed):
            ties.declare_tie(session, staff.olga, kind=TieKind.SAME_GROUP, other=other, evidence="x")
        seller = the_other(sale.lot.institution)
        sale.lot.institution.country = "DE"
        session.flush()
        declared = Other(seller.name, "DE", seller.registration_number)
        ties.declare_tie(session, carol, kind=TieKind.SAME_GROUP, other=declared, evidence="Own statement")
        assert registration.barred == "tied_to_seller"


@on_sqlite
def test_an_entry_that_has_run_out_bars_no_longer(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        staff, sale = operators(session), a_sale(session, hours=24 * 5)
        carol, registration = a_bidder(session, sale)
        on_the_list(session, staff, carol.institution_id, days=2)
        assert registration.barred == "listed"
        assert not listing.expire_due(session)
        clock.advance(days=2)
        assert listing.expire_due(session)
        assert registration.barred == ""
        assert not listing.expire_due(session)
        assert system_clock.now() < sale.auction.opens_at + timedelta(days=5)
