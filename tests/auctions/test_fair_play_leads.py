"""Leads and traces as the worker makes them, and what they never do."""

import uuid
from datetime import timedelta

import pytest
from builders import a_person, an_institution
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.fair_play import invariants, queries
from auctions.fair_play.models import BarredListing, Examination, Lead, SignInTrace
from auctions.fair_play.rules.leads import LeadKind, LeadStatus, Line, LineKind, Signal
from auctions.fair_play.rules.listing import ListingStatus
from auctions.fair_play.service import examining, leads, listing, tracing
from auctions.fair_play.signals.records import TraceKind
from auctions.models import Auction, Registration
from marketplace import clock as system_clock
from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from marketplace.parties.models import Institution, SignIn

from .builders_of_auctions import a_bidder, a_sale, bid, opening, tick
from .builders_of_fair_play import on_the_list, operators

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def a_signal(*subjects: uuid.UUID, strength: float = 0.7) -> Signal:
    line = Line(LineKind.DEFAULTS, {"unpaid": 2, "won": 3})
    return Signal(LeadKind.NON_PAYMENT, tuple(map(str, subjects)), strength, (line,))


def a_sign_in(session: Session, institution: Institution, **marks: str) -> SignIn:
    now = system_clock.now()
    row = SignIn(
        token_hash=uuid.uuid4().hex,
        person_id=a_person(session, institution, "Somebody").id,
        signed_in_at=now,
        last_seen_at=now,
        second_factor_at=now,
        **marks,
    )
    session.add(row)
    session.flush()
    return row


def admission(session: Session) -> list[tuple[object, ...]]:
    """Everything that decides what anybody may do in an auction."""
    rows = session.scalars(select(Registration).order_by(Registration.id))
    standing = [(one.id, one.barred, one.admitted, one.deposit_held, one.institution.status) for one in rows]
    listed = [(one.id, one.status) for one in session.scalars(select(BarredListing))]
    return [*standing, *listed, *[(one.id, one.outcome) for one in session.scalars(select(Auction))]]


def test_no_lead_changes_what_anybody_may_do(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        staff, sale = operators(session), a_sale(session)
        carol, _ = a_bidder(session, sale)
        a_bidder(session, sale)
        clock.move_to(opening(sale))
        before = admission(session)
        for strength in (0.7, 0.9, 1.0):
            leads.open_lead(session, a_signal(carol.institution_id, strength=strength))
        lead = session.scalars(select(Lead)).one()
        assert admission(session) == before
        leads.look_into(session, staff.olga, lead.id)
        assert admission(session) == before
        assert bid(session, carol, sale, "100000.00").decision == "accepted"
        proposal = listing.propose(
            session,
            staff.olga,
            carol.institution_id,
            reason="Left two lots unpaid",
            source="This lead",
            days=30,
            lead_id=lead.id,
        )
        assert lead.status is LeadStatus.LED_TO_PROPOSAL
        assert bid(session, carol, sale, "105000.00").decision == "refused:already_leading"
        listing.decide(session, staff.otto, proposal.id, ListingStatus.LISTED)
        assert bid(session, carol, sale, "105000.00").decision == "refused:barred"


@on_sqlite
def test_a_lead_grows_is_dismissed_and_comes_back_only_when_grown(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        staff = operators(session)
        subject = an_institution(session, InstitutionKind.BUYER).id
        lead = leads.open_lead(session, a_signal(subject, strength=0.5))
        assert lead is not None
        assert leads.open_lead(session, a_signal(subject, strength=0.5)) is None
        assert leads.open_lead(session, a_signal(subject, strength=0.6)) is lead
        session.refresh(lead)
        assert (lead.strength_percent, len(lead.evidence)) == (60, 2)
        with pytest.raises(Conflict):
            leads.dismiss(session, staff.olga, lead.id, "explained")
        leads.look_into(session, staff.olga, lead.id)
        with pytest.raises(Refused, match="reason_missing"):
            leads.dismiss(session, staff.olga, lead.id, " ")
        leads.dismiss(session, staff.olga, lead.id, "Two companies of one building")
        assert leads.open_lead(session, a_signal(subject, strength=0.65)) is None
        again = leads.open_lead(session, a_signal(subject, strength=0.7))
        assert again is not None
        assert again is not lead
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.LEAD_OPENED)).all()
        assert len(told) == 2
        assert not [notice for notice in told if str(subject) in notice.title]


@on_sqlite
def test_who_may_work_on_leads(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        operators(session)
        sale = a_sale(session)
        carol, _ = a_bidder(session, sale)
        lead = leads.open_lead(session, a_signal(carol.institution_id))
        assert lead is not None
        regulator = Actor(uuid.uuid4(), uuid.uuid4(), InstitutionKind.REGULATOR, carol.roles, verified=True)
        for actor in (carol, sale.bank, regulator):
            with pytest.raises(NotAllowed):
                leads.look_into(session, actor, lead.id)
        with pytest.raises(NotFound):
            leads.look_into(session, sale.operator, uuid.uuid4())


def test_the_worker_examines_each_ended_auction_once(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        operators(session)
        sale = a_sale(session)
        carol, registration = a_bidder(session, sale)
        dave, other = a_bidder(session, sale)
        a_sign_in(session, registration.institution, device="d" * 64)
        a_sign_in(session, other.institution, device="d" * 64)
        assert tracing.trace_due(session)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        bid(session, dave, sale, "110000.00")
        assert not examining.examine_due(session)
        clock.advance(hours=25)
        tick(session)
    with atomic() as session:
        assert examining.examine_due(session)
        assert not examining.examine_due(session)
        (lead,) = session.scalars(select(Lead)).all()
        assert lead.kind is LeadKind.SHARED_TRACE
        assert set(lead.subjects) == {str(carol.institution_id), str(dave.institution_id)}
        assert session.scalars(select(Examination)).one().signals == 1
        (record,) = examining.ended_auctions(session)
        assert [found.amount for found in record.bids] == [10_000_000, 11_000_000]
        assert record.winner == str(dave.institution_id)
        assert record.bids[1].raised == 1_000_000
        assert [check(session) for _, check in invariants.CHECKS] == [[]] * len(invariants.CHECKS)


@on_sqlite
def test_marks_are_hashed_and_forgotten(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        company = an_institution(session, InstitutionKind.BUYER)
        marks = {"address": "203.0.113.77", "user_agent": "Browser/1", "device": "d" * 64}
        a_sign_in(session, company, **marks)
        waiting = a_sign_in(session, company, address="203.0.113.9")
        waiting.second_factor_at = None
        session.flush()
        assert tracing.trace_due(session)
        assert not tracing.trace_due(session)
        trace = session.scalars(select(SignInTrace)).one()
        kept = f"{trace.device} {trace.browser} {trace.address}"
        assert not [mark for mark in (*marks.values(), "203.0.113") if mark in kept]
        assert len({trace.device, trace.browser, trace.address}) == 3
        assert not tracing.forget_due(session)
        clock.advance(days=181)
        assert invariants.traces_are_forgotten(session) == []
        clock.advance(days=7)
        assert len(invariants.traces_are_forgotten(session)) == 1
        assert tracing.forget_due(session)
        assert not tracing.forget_due(session)
        assert not tracing.trace_due(session)


@on_sqlite
def test_addresses_count_by_their_network(app: Flask) -> None:
    assert tracing.network_of("203.0.113.77") == tracing.network_of("203.0.113.9") == "203.0.113.0/24"
    assert tracing.network_of("2001:db8:1:2::1") == "2001:db8:1::/48"
    assert tracing.network_of("127.0.0.1") == tracing.network_of("unknown") == ""
    one = tracing.keyed_hash(TraceKind.ADDRESS, "203.0.113.0/24")
    assert one != tracing.keyed_hash(TraceKind.BROWSER, "203.0.113.0/24")


@on_sqlite
def test_the_list_from_proposal_to_answer(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        staff, sale = operators(session), a_sale(session)
        carol, _ = a_bidder(session, sale)

        def propose(days: int, institution_id: uuid.UUID = carol.institution_id) -> BarredListing:
            return listing.propose(
                session, staff.olga, institution_id, reason="Ring", source="Decision 12", days=days
            )

        with pytest.raises(Refused, match="until_too_late"):
            propose(1826)
        with pytest.raises(Refused, match="own_institution"):
            propose(10, staff.institution.id)
        with pytest.raises(NotFound):
            listing.answer(session, carol, "We did not.")
        proposal = propose(10)
        with pytest.raises(Conflict, match="listed_already"):
            propose(10)
        with pytest.raises(NotFound):
            listing.answer(session, carol, "We did not.")
        with pytest.raises(NotAllowed):
            listing.decide(session, staff.olga, proposal.id, ListingStatus.LISTED)
        listing.decide(session, staff.otto, proposal.id, ListingStatus.DROPPED)
        entry = on_the_list(session, staff, carol.institution_id)
        told = select(Notice).where(Notice.kind == NoticeKind.INSTITUTION_BARRED)
        assert session.scalars(told).one().institution_id == carol.institution_id
        listing.answer(session, carol, "We did not.")
        assert entry.answer == "We did not."
        listing.review(session, staff.olga, entry.id, "Nothing has changed")
        assert entry.reviewed_at == system_clock.now()
        with pytest.raises(Conflict):
            listing.decide(session, staff.otto, entry.id, ListingStatus.DROPPED)


@on_sqlite
def test_the_invariants_see_what_is_wrong(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        staff, sale = operators(session), a_sale(session)
        carol, registration = a_bidder(session, sale)
        entry = on_the_list(session, staff, carol.institution_id)
        assert invariants.listed_institutions_are_barred(session) == []
        registration.barred = ""
        session.flush()
        assert len(invariants.listed_institutions_are_barred(session)) == 1
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        assert len(invariants.nobody_bid_while_listed(session)) == 1
        entry.decided_by_id = entry.proposed_by_id
        session.add(
            Lead(
                kind=LeadKind.RING,
                fingerprint="ring:",
                subjects=[],
                strength_percent=1,
                opened_at=clock.moment,
                changed_at=clock.moment,
            )
        )
        session.flush()
        assert len(invariants.two_persons_decided(session)) == 1
        assert len(invariants.leads_have_evidence(session)) == 1
        assert queries.listed_nodes(session, [], clock.moment + timedelta(days=1)) == set()
