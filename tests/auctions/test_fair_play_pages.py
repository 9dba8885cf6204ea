"""The pages of fair play: who sees what, forged posts, and the way from a lead to the list."""

import uuid

import pytest
from builders import an_institution
from flask import Flask
from live_cast import Somebody, Stage, a_stage, somebody
from sqlalchemy import select

from auctions.fair_play.models import AwardReview, BarredListing, Exemption, InstitutionTie, Lead, LotParty
from auctions.fair_play.rules.leads import LeadKind, LeadStatus, Line, LineKind, Signal
from auctions.fair_play.rules.listing import ListingStatus
from auctions.fair_play.service import leads
from auctions.models import Registration
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.parties.models import Institution

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

BANK, BUYER, AGENCY = InstitutionKind.BANK, InstitutionKind.BUYER, InstitutionKind.AGENCY
EVIDENCE = {"evidence": "Register of companies, sheet 4711"}


@pytest.fixture
def stage(app: Flask, clock: FixedClock) -> Stage:
    return a_stage(app, clock)


def otto(app: Flask, stage: Stage) -> Somebody:
    """A second person of the operator."""
    other = somebody(app, InstitutionKind.OPERATOR, "Otto", "Second Office")
    with atomic() as session:
        session.get_one(type(other.person), other.person.id).institution_id = stage.olga.institution.id
    return other


def a_lead(stage: Stage) -> uuid.UUID:
    line = Line(LineKind.SHILL_WINS, {"wins": 0, "auctions": 6}, str(stage.auction.id), (2, 4))
    tie = Line(LineKind.TIE, {"capacity": "seller", "kinds": "same_group+shareholder"})
    carol = str(stage.carol.institution.id)
    with atomic() as session:
        signal = Signal(LeadKind.SHILL, (carol,), 0.71, (line, tie), str(stage.alice.institution.id))
        lead = leads.open_lead(session, signal)
        assert lead is not None
        return lead.id


def foreign(app: Flask, institution_id: uuid.UUID) -> dict[str, str]:
    """How an institution is typed, as a foreign company: its number needs no check character."""
    with atomic() as session:
        found = session.get_one(Institution, institution_id)
        found.country = "DE"
        return {"name": found.name, "country": "DE", "registration_number": found.registration_number}


def test_a_forged_post_of_each_related_party_is_refused(app: Flask, stage: Stage) -> None:
    """The button is hidden for some of them; the address works for none (peers §4.8)."""
    url = f"{stage.url}/register"
    mallory = somebody(app, BANK, "Mallory", "Wenhe Bank")
    for staff in (stage.alice, stage.olga, mallory):
        assert staff.client.post(url, data={"rules_read": "y"}).status_code == 403
    for capacity in ("debtor", "appraiser", "guarantor", "court"):
        party = somebody(app, BUYER, capacity.title(), f"The {capacity.title()} Company")
        answer = stage.olga.client.post(
            f"/operator/fair-play/auctions/{stage.auction.id}/parties",
            data={"capacity": capacity, "name": party.institution.name, **EVIDENCE},
        )
        assert answer.status_code == 303
        answer = party.client.post(url, data={"rules_read": "y"})
        assert answer.status_code == 422, capacity
        assert "may not bid" in answer.text
        assert party.client.post(f"{stage.url}/bids", data={"amount": "100000"}).status_code == 422
    sister = somebody(app, BUYER, "Sister", "Sister Company")
    foreign(app, sister.institution.id)
    seller = foreign(app, stage.alice.institution.id)
    tie_url = f"/operator/fair-play/institutions/{sister.institution.id}/ties"
    answer = stage.olga.client.post(tie_url, data={"kind": "same_group", **seller, **EVIDENCE})
    assert answer.status_code == 303
    answer = sister.client.post(url, data={"rules_read": "y"})
    assert answer.status_code == 422
    assert "A party related to the seller may not bid." in answer.text
    ids = {one.institution_id for one in db.session.scalars(select(Registration))}
    assert ids == {stage.carol.institution.id, stage.dave.institution.id}
    assert len(db.session.scalars(select(LotParty)).all()) == 4


def test_leads_are_for_the_operator_and_the_regulator_alone(app: Flask, stage: Stage) -> None:
    lead = a_lead(stage)
    regulator = somebody(app, InstitutionKind.REGULATOR, "Rita", "The Regulator")
    bob = somebody(app, AGENCY, "Bob", "Daizong Agency")
    pages = (
        "/operator/fair-play/leads",
        f"/operator/fair-play/leads/{lead}",
        "/operator/fair-play/list",
        f"/operator/fair-play/auctions/{stage.auction.id}",
        f"/operator/fair-play/institutions/{stage.carol.institution.id}/ties",
    )
    for page in pages:
        assert stage.olga.client.get(page).status_code == 200, page
        assert regulator.client.get(page).status_code == 200, page
        for other in (stage.alice, stage.carol, stage.dave, bob):
            assert other.client.get(page).status_code == 403, page
        unknown = page.replace(str(lead), str(uuid.uuid4()))
        assert stage.carol.client.get(unknown).status_code == 403
    shown = regulator.client.get(pages[1]).text
    assert "Won 0 of 6." in shown
    assert "journal entries 2, 4" in shown
    assert "Company of the same group → Shareholder" in shown
    assert "<form" not in shown.split("<main")[1]
    for act in ("look", "dismiss"):
        for reader in (regulator, stage.carol, stage.alice):
            assert reader.client.post(f"{pages[1]}/{act}", data={"reason": "x"}).status_code == 403


def test_the_subject_sees_nothing_of_its_lead(app: Flask, stage: Stage) -> None:
    lead = a_lead(stage)
    for who in (stage.carol, stage.alice, stage.dave):
        for page in ("/", "/notices", "/fair-play/own", stage.url, "/account", "/people"):
            text = who.client.get(page, follow_redirects=True).text
            assert str(lead) not in text
            assert lead.hex[:8] not in text
            assert "May be bidding" not in text


def test_from_a_lead_to_the_list_and_the_answer(app: Flask, stage: Stage) -> None:
    lead, second = a_lead(stage), otto(app, stage)
    url = f"/operator/fair-play/leads/{lead}"
    olga = stage.olga.client
    assert olga.post(f"{url}/dismiss", data={"decision": "dismiss", "reason": "x"}).status_code == 409
    assert olga.post(f"{url}/look").status_code == 303
    assert olga.post(f"{url}/dismiss", data={"decision": "dismiss", "reason": ""}).status_code == 422
    form = olga.get(f"/operator/fair-play/list/new?lead_id={lead}").text
    assert stage.carol.institution.registration_number in form
    proposal = {
        "country": "CN",
        "registration_number": stage.carol.institution.registration_number,
        "reason": "Bid for the seller in six auctions",
        "source": "This lead",
        "days": "365",
    }
    assert olga.post("/operator/fair-play/list/new", data=proposal | {"days": "9999"}).status_code == 422
    nobody = proposal | {"registration_number": "NOBODY"}
    assert olga.post("/operator/fair-play/list/new", data=nobody).status_code == 422
    assert olga.post(f"/operator/fair-play/list/new?lead_id={lead}", data=proposal).status_code == 303
    entry = db.session.scalars(select(BarredListing)).one()
    listing_url = f"/operator/fair-play/list/{entry.id}"
    assert "You proposed this; a second person decides." in olga.get(listing_url).text
    assert olga.post(f"{listing_url}/decide", data={"decision": "listed"}).status_code == 403
    assert stage.carol.client.get("/fair-play/own").text.count("barred list") == 0
    assert "Put on the list" in second.client.get(listing_url).text
    assert second.client.post(f"{listing_url}/decide", data={"decision": "listed"}).status_code == 303
    assert "on the barred list" in stage.carol.client.get(stage.url).text
    own = stage.carol.client.get("/fair-play/own").text
    assert "Bid for the seller in six auctions" in own
    assert str(lead) not in own
    assert stage.carol.client.post("/fair-play/own/answer", data={"answer": ""}).status_code == 422
    assert stage.carol.client.post("/fair-play/own/answer", data={"answer": "Not so."}).status_code == 303
    assert stage.dave.client.post("/fair-play/own/answer", data={"answer": "x"}).status_code == 404
    assert "Not so." in olga.get(listing_url).text
    review = {"decision": "review", "reason": "Nothing has changed"}
    assert olga.post(f"{listing_url}/act", data=review).status_code == 303
    lift = {"decision": "lift", "reason": "Explained"}
    assert olga.post(f"{listing_url}/act", data=lift | {"reason": ""}).status_code == 422
    assert olga.post(f"{listing_url}/act", data=lift).status_code == 303
    assert "Lift the entry" in second.client.get(listing_url).text
    assert second.client.post(f"{listing_url}/decide", data={"decision": "lifted"}).status_code == 303
    db.session.expire_all()
    assert db.session.scalars(select(BarredListing)).one().status is ListingStatus.LIFTED
    assert db.session.scalars(select(Lead)).one().status is LeadStatus.LED_TO_PROPOSAL
    for status in ("opened", "looked_into", "dismissed", "led_to_proposal"):
        assert olga.get(f"/operator/fair-play/leads?status={status}").status_code == 200
    assert olga.get("/operator/fair-play/leads?status=x").status_code == 404
    assert stage.carol.institution.name in olga.get("/operator/fair-play/list").text


def test_declared_ties_and_their_end(app: Flask, stage: Stage) -> None:
    foreign(app, stage.carol.institution.id)
    seller = foreign(app, stage.alice.institution.id)
    second, carol = otto(app, stage), stage.carol.client
    assert carol.post("/fair-play/own/ties", data={"kind": "same_group"}).status_code == 422
    bad = {"kind": "same_group", **seller, "registration_number": "?", **EVIDENCE}
    assert carol.post("/fair-play/own/ties", data=bad).status_code == 422
    good = {"kind": "same_group", **seller, **EVIDENCE}
    assert carol.post("/fair-play/own/ties", data=good).status_code == 303
    assert stage.alice.institution.name in carol.get("/fair-play/own").text
    assert stage.carol.institution.name not in stage.alice.client.get("/fair-play/own").text
    assert "A party related to the seller" in carol.get(stage.url).text
    auction_page = f"/operator/fair-play/auctions/{stage.auction.id}"
    assert "Except the buyer for this lot" in stage.olga.client.get(auction_page).text
    ask = {
        "code": "tied_to_seller",
        "institution_id": str(stage.carol.institution.id),
        "reason": "Independent",
    }
    assert stage.olga.client.post(f"{auction_page}/exemptions", data=ask).status_code == 303
    exemption = db.session.scalars(select(Exemption)).one()
    confirm = f"{auction_page}/exemptions/{exemption.id}"
    assert stage.olga.client.post(confirm).status_code == 403
    assert "Confirm the exception" in second.client.get(auction_page).text
    assert second.client.post(confirm).status_code == 303
    assert "A party related to the seller" not in carol.get(stage.url).text
    tie = db.session.scalars(select(InstitutionTie)).one()
    ends = f"/operator/fair-play/institutions/{stage.carol.institution.id}/ties/{tie.id}/end"
    assert stage.olga.client.post(ends, data={"reason": "Sold"}).status_code == 303
    wrong = f"/operator/fair-play/institutions/{stage.dave.institution.id}/ties/{tie.id}/end"
    assert stage.olga.client.post(wrong, data={"reason": "Sold"}).status_code == 404


def test_an_award_is_decided_on_its_page(app: Flask, clock: FixedClock, stage: Stage) -> None:
    stage.bid(stage.dave, "124000.00")
    stage.bid(stage.carol, "125000.00")
    parties = f"/operator/fair-play/auctions/{stage.auction.id}/parties"
    data = {"capacity": "debtor", "name": stage.carol.institution.name, **EVIDENCE}
    assert stage.olga.client.post(parties, data=data).status_code == 303
    again = stage.olga.client.post(parties, data=data)
    assert again.status_code == 409
    stage.closes(clock)
    review = db.session.scalars(select(AwardReview)).one()
    url = f"/operator/fair-play/awards/{review.id}"
    page = stage.olga.client.get(url).text
    assert "The debtor of the loan may not bid for this lot." in page
    assert "Let the award stand" not in page
    assert "decide about the award" in stage.olga.client.get("/operator/fair-play/today").text
    assert stage.carol.client.get(url).status_code == 403
    assert stage.alice.client.get(url).status_code == 403
    stand = {"decision": "stand", "reason": "Why not"}
    assert stage.olga.client.post(url, data=stand).status_code == 422
    assert stage.olga.client.post(url, data={"decision": "x", "reason": "x"}).status_code == 404
    assert stage.olga.client.post(url, data={"decision": "disqualify"}).status_code == 422
    strike = {"decision": "disqualify", "reason": "Debtor of the loan"}
    assert stage.olga.client.post(url, data=strike).status_code == 303
    assert "winner disqualified" in stage.olga.client.get(url).text


def test_an_institution_that_waits_for_verification_can_declare_its_ties(app: Flask, stage: Stage) -> None:
    newcomer = somebody(app, BUYER, "Nora", "Newcomer Company")
    with atomic() as session:
        session.get_one(Institution, newcomer.institution.id).status = "registered"  # type: ignore[assignment]
        an_institution(session, BUYER)
    data = {"kind": "shareholder", "name": "Big Holding", **EVIDENCE}
    assert newcomer.client.get("/fair-play/own").status_code == 200
    assert newcomer.client.post("/fair-play/own/ties", data=data).status_code == 303
    assert db.session.scalars(select(InstitutionTie)).one().other_name == "Big Holding"
