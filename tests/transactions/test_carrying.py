"""What is carried of each way an offer ends: every field, chains of attempts, related sides."""

from datetime import date

import pytest
from builders import a_lot, a_person, a_right, an_institution
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.combination.rules import Way
from auctions.fair_play.models import InstitutionTie
from auctions.fair_play.queries import node_of
from auctions.fair_play.rules.ties import TieKind, TieSource
from auctions.models import Combination
from marketplace import clock as system_clock
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Offer
from marketplace.deals.rules import DealSource, OfferStatus
from marketplace.listings.models import Lot
from marketplace.rights.models import Encumbrance
from marketplace.rights.rules import EncumbranceKind
from marketplace.taxes import TaxBearer as LotTaxBearer
from payments.models import Settlement
from payments.rules import PayoutKind
from transactions import service
from transactions.carrying.rates import rate_text
from transactions.rates import Rate
from transactions.rules.words import Channel, ConsentTier, PaymentTerms, SaleOutcome, TaxBearer
from transactions.sharing.parents import parent_token

from .carrying_cast import a_closed_window, bank, carry, records, sound
from .sale_builders import a_completed_deal, an_ended_auction


def a_full_lot(session: Session) -> Lot:
    seller = bank(session, region="CN-37", parent_country="CN", parent_number="PARENT1")
    seller.parent_confirmed_at = system_clock.now()
    first = a_right(
        session, seller, family="F", family_size=4, claims=10, forward_citations=3, evidence_of_use=True,
        filed_on=date(2020, 2, 10), legal_events=["upheld", "litigation"],
    )  # fmt: skip
    first.encumbrances.append(
        Encumbrance(kind=EncumbranceKind.PLEDGE, holder="Bank", claim_minor=1, currency="CNY")
    )
    second = a_right(session, seller, family="F", family_size=6, claims=20, evidence_of_use=False)
    third = a_right(session, seller, registrations=3)
    lot = a_lot(session, seller, rights=[first, second, third])
    lot.tax_bearer, lot.consent_tier = LotTaxBearer.BUYER, ConsentTier.POOL
    return lot


def test_every_field_that_the_marketplace_knows(app: Flask, session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        service.load_rates(writing, [Rate(date(2026, 2, 10), "USD", "CNY", "7.2", "bank")])
        deal = a_completed_deal(writing, lot=a_full_lot(writing))
        deal.currency = "USD"
        lines = [{"step": "buyer_commission", "paid": 130}, {"step": "claim", "paid": 5}]
        writing.add(
            Settlement(
                deal_id=deal.id, kind=PayoutKind.SETTLEMENT, lot_id=deal.lot_id, received_minor=1,
                currency="USD", lines=lines, unpaid={}, content_hash="", settled_at=system_clock.now(),
            )
        )  # fmt: skip
    carry()
    (record,) = records(session)
    assert (record.outcome, record.price_minor, record.buyer_premium_minor) == (
        SaleOutcome.SOLD,
        13_000_000,
        130,
    )
    assert (record.number_of_rights, record.number_of_families) == (5, 2)
    assert (record.family_size, record.claims, record.forward_citations) == (4, 10, 3)
    assert record.evidence_of_use is True
    assert record.legal_events == ["pledged", "litigation", "upheld"]
    assert record.age_months is not None
    assert record.remaining_life_months is not None
    assert (record.region, record.consent_tier, record.tax_bearer) == (
        "CN-37",
        ConsentTier.POOL,
        TaxBearer.BUYER,
    )
    assert record.payment_terms is PaymentTerms.LUMP_SUM
    assert (record.base_currency, record.rate_to_base) == ("CNY", "")  # published by the month: 1 February
    assert record.seller_parent == parent_token(app.extensions["settings"], "CN", "PARENT1")
    assert (record.related_party, record.arms_length, record.usable) == (False, True, True)
    assert record.previous is None


def test_a_rate_is_as_printed_or_turned_round() -> None:
    rate = Rate(date(2026, 2, 10), "USD", "CNY", "7.25", "bank")
    assert rate_text(rate, "USD", "CNY") == "7.25"
    assert rate_text(rate, "CNY", "USD") == "0.137931034"
    assert (
        rate_text(Rate(date(2026, 2, 10), "USD", "CNY", "900000000000", "bank"), "CNY", "USD")
        == "0.000000001"
    )


def test_an_unsold_auction_a_window_and_the_sale_make_one_chain(session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        auction = an_ended_auction(writing)
        lot = auction.lot
        person = a_person(writing, lot.institution, "Alice")
        window = a_closed_window(writing, lot, person)
        deal = a_completed_deal(writing, lot=lot)
        deal.completed_at = system_clock.now()
    clock.advance(seconds=60)
    carry()
    unsold, offers, sold = records(session)
    assert [record.source_kind for record in (unsold, offers, sold)] == ["auction", "window", "deal"]
    assert (unsold.previous, offers.previous, sold.previous) == (None, unsold.id, offers.id)
    assert (offers.outcome, offers.channel) == (SaleOutcome.UNSOLD, Channel.OFFERS_WINDOW)
    assert (offers.bids, offers.bidders, offers.start_price_minor, offers.top_bid_minor) == (
        2,
        1,
        7_000_000,
        None,
    )
    assert offers.source_id == str(window.id)
    sound(session)


def test_a_window_that_a_deal_closed_is_told_by_the_deal(session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        lot = a_lot(writing, bank(writing))
        person = a_person(writing, lot.institution, "Alice")
        window = a_closed_window(writing, lot, person, reason="deal")
        offer = writing.scalars(select(Offer)).first()
        assert offer is not None
        offer.status = OfferStatus.APPROVED
        a_completed_deal(writing, lot=lot).source_id = offer.id
        assert window.id
    carry()
    (record,) = records(session)
    assert (record.channel, record.outcome, record.bids) == (Channel.OFFERS_WINDOW, SaleOutcome.SOLD, 2)


@pytest.mark.parametrize("certain", [True, False])
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_sides_that_belong_together_are_marked(session: Session, clock: FixedClock, *, certain: bool) -> None:
    with atomic() as writing:
        deal = a_completed_deal(writing)
        officer = a_person(writing, an_institution(writing, InstitutionKind.OPERATOR), "Olga")
        writing.add(
            InstitutionTie(
                node=node_of(deal.seller), name="s", other_node=node_of(deal.buyer), other_name="b",
                kind=TieKind.SHAREHOLDER, source=TieSource.OPERATOR, certain=certain, evidence="register",
                recorded_by_id=officer.id, recorded_at=system_clock.now(),
            )
        )  # fmt: skip
        same = a_completed_deal(writing)
        same.seller.parent_number = same.buyer.parent_number = "P"
        same.seller.parent_country = same.buyer.parent_country = "CN"
    carry()
    found = {record.source_id: record for record in records(session)}
    assert found[str(deal.id)].related_party is certain
    marked = found[str(same.id)]
    assert (marked.related_party, marked.arms_length, marked.usable) == (True, False, False)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_side_of_a_combination_that_gave_way_serves_nobody(session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        whole, part = an_ended_auction(writing), an_ended_auction(writing)
        combination = Combination(
            whole_lot_id=whole.lot_id, currency="CNY", scheduled_at=system_clock.now(), way=Way.TOGETHER,
            decided_at=system_clock.now(),
        )  # fmt: skip
        writing.add(combination)
        writing.flush()
        whole.combination_id = part.combination_id = combination.id
    carry()
    usable = {record.source_id: record.usable for record in records(session)}
    assert usable == {str(whole.id): True, str(part.id): False}


@pytest.mark.parametrize("source", [DealSource.TAKING, DealSource.CONVERSION])
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_set_off_is_no_payment(session: Session, clock: FixedClock, source: DealSource) -> None:
    with atomic() as writing:
        deal = a_completed_deal(writing)
        deal.source, deal.buyer_id = source, deal.seller_id
    carry()
    (record,) = records(session)
    assert (record.payment_terms, record.related_party) == (PaymentTerms.SET_OFF, False)
