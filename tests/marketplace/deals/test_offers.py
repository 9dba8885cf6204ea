"""Mandates and offers: who may bind whom, and how an offer becomes the one deal of a lot."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from builders import a_lot, a_mandate, a_person, actor_for, an_actor, an_institution
from offers_cast import Cast
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals import queries
from marketplace.deals import service as deals
from marketplace.deals.rules import DealReason, DealSource, MandateStatus, OfferStatus
from marketplace.deals.service import offers
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings.rules import LotStatus
from marketplace.parties.rules import InstitutionStatus
from marketplace.status import StatusReason

BANK, BUYER, AGENCY = InstitutionKind.BANK, InstitutionKind.BUYER, InstitutionKind.AGENCY
UNTIL = date(2026, 12, 31)


@pytest.fixture
def cast(session: Session, clock: FixedClock) -> Cast:
    with atomic():
        return Cast(session)


def test_an_offer_is_made_accepted_and_approved_by_a_second_person(
    cast: Cast, session: Session, clock: FixedClock
) -> None:
    with atomic():
        offer = cast.offer()
        assert (offer.status, offer.buyer_id, offer.currency) == (OfferStatus.MADE, cast.buyer.id, "CNY")
        offers.accept(session, cast.alice, offer.id)
        deal = offers.approve(session, cast.amy, offer.id)
    assert (deal.source, deal.source_id, deal.mandate_id) == (DealSource.OFFER, offer.id, cast.buying.id)
    assert deal.pay_by == clock() + timedelta(days=15)
    assert offer.status is OfferStatus.APPROVED
    assert cast.lot.status is LotStatus.RESERVED
    session.refresh(deal)
    assert queries.commission_mandates(session, deal) == [cast.selling, cast.buying]


def test_whoever_accepted_does_not_approve(cast: Cast, session: Session) -> None:
    with atomic():
        ann = actor_for(a_person(session, cast.bank, "Ann", frozenset(Role)), cast.bank)
        offer = cast.offer()
        with pytest.raises(Conflict, match=StatusReason.MOVE_NOT_ALLOWED):
            offers.approve(session, ann, offer.id)
        offers.accept(session, ann, offer.id)
        with pytest.raises(Refused, match=DealReason.ACCEPTER_IS_APPROVER):
            offers.approve(session, ann, offer.id)


def test_a_buyer_found_by_the_sellers_agency_must_confirm(cast: Cast, session: Session) -> None:
    with atomic():
        offer = cast.offer(cast.ben, cast.selling, buyer_id=cast.buyer.id)
        with pytest.raises(Refused, match=DealReason.BUYER_HAS_NOT_CONFIRMED):
            offers.accept(session, cast.alice, offer.id)
        other = an_actor(session, BUYER)
        with pytest.raises(NotFound):
            offers.confirm(session, other, offer.id)
        with pytest.raises(NotAllowed):
            offers.confirm(session, cast.amy, offer.id)
        offers.confirm(session, cast.carol, offer.id)
        with pytest.raises(Conflict, match=DealReason.OFFER_CONFIRMED_ALREADY):
            offers.confirm(session, cast.carol, offer.id)
        offers.accept(session, cast.alice, offer.id)
        deal = offers.approve(session, cast.amy, offer.id)
        session.refresh(deal)
        assert queries.commission_mandates(session, deal) == [cast.selling]


@pytest.mark.parametrize("buyer", ["nobody", "bank", "unverified"])
def test_the_named_buyer_must_be_a_verified_buyer(cast: Cast, session: Session, buyer: str) -> None:
    with atomic():
        cast.buyer.status = InstitutionStatus.SUSPENDED
        named = {"nobody": None, "bank": cast.bank.id, "unverified": cast.buyer.id}[buyer]
        with pytest.raises(Refused, match=DealReason.BUYER_UNKNOWN):
            cast.offer(cast.ben, cast.selling, buyer_id=named)


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        (LotStatus.APPROVED, NotFound, None),
        (LotStatus.WITHDRAWN, NotFound, None),
        (LotStatus.RESERVED, Conflict, DealReason.LOT_NOT_FOR_SALE),
        (LotStatus.SOLD, Conflict, DealReason.LOT_NOT_FOR_SALE),
    ],
)
def test_only_a_lot_on_the_market_takes_offers(
    cast: Cast, status: LotStatus, error: type[Exception], reason: DealReason | None
) -> None:
    with atomic():
        cast.lot.status = status
        with pytest.raises(error, match=reason):
            cast.offer()


def test_courts_and_state_owned_sellers_take_no_private_offers(cast: Cast) -> None:
    with atomic():
        cast.lot.rule_pack = "cn-court"
        with pytest.raises(Refused, match=DealReason.PACK_SELLS_IN_PUBLIC_ONLY):
            cast.offer()


def test_the_mandate_must_be_in_force_and_cover_the_lot(
    cast: Cast, session: Session, clock: FixedClock
) -> None:
    with atomic():
        other = a_lot(session, an_institution(session, BANK))
        with pytest.raises(Refused, match=DealReason.MANDATE_DOES_NOT_COVER):
            cast.offer(cast.ben, cast.selling, lot_id=other.id, buyer_id=cast.buyer.id)
        cast.buying.lot_id = other.id
        with pytest.raises(Refused, match=DealReason.MANDATE_DOES_NOT_COVER):
            cast.offer()
        cast.buying.lot_id = None
        both = a_mandate(session, cast.sellers_agency, cast.buyer)
        with pytest.raises(Refused, match=DealReason.BOTH_SIDES):
            cast.offer(cast.ben, both)
        with pytest.raises(NotFound):
            cast.offer(cast.ben)
        cast.buying.status = MandateStatus.ENDED
        with pytest.raises(Refused, match=DealReason.MANDATE_NOT_IN_FORCE):
            cast.offer()
        cast.buying.status, cast.buying.valid_until = MandateStatus.ACCEPTED, date(2026, 3, 1)
        with pytest.raises(Refused, match=DealReason.MANDATE_NOT_IN_FORCE):
            cast.offer()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"price_minor": 0}, DealReason.PRICE_NOT_POSITIVE),
        ({"days": 0}, DealReason.OFFER_EXPIRY_OUT_OF_RANGE),
        ({"days": 91}, DealReason.OFFER_EXPIRY_OUT_OF_RANGE),
    ],
)
def test_offers_nobody_can_mean(
    cast: Cast, clock: FixedClock, changes: dict[str, int], reason: DealReason
) -> None:
    values: dict[str, Any] = dict(changes)
    if "days" in values:
        values["expires_at"] = clock() + timedelta(days=values.pop("days"))
    with pytest.raises(Refused, match=reason), atomic():
        cast.offer(**values)


def test_an_offer_ends_with_its_time(cast: Cast, session: Session, clock: FixedClock) -> None:
    with atomic():
        offer = cast.offer()
        clock.advance(days=10)
        with pytest.raises(Conflict, match=DealReason.OFFER_EXPIRED):
            offers.accept(session, cast.alice, offer.id)
        assert deals.expire_offers(session)
        assert not deals.expire_offers(session)
    assert offer.status is OfferStatus.EXPIRED


def test_offers_are_refused_by_the_bank_and_withdrawn_by_the_agency(cast: Cast, session: Session) -> None:
    with atomic():
        first, second, third = cast.offer(), cast.offer(), cast.offer()
        offers.refuse(session, cast.alice, first.id)
        offers.accept(session, cast.alice, second.id)
        with pytest.raises(NotAllowed):
            offers.refuse(session, cast.alice, second.id)
        offers.refuse(session, cast.amy, second.id)
        offers.withdraw(session, cast.bob, third.id)
        with pytest.raises(Conflict, match=StatusReason.MOVE_NOT_ALLOWED):
            offers.withdraw(session, cast.bob, third.id)
        for act in (offers.accept, offers.approve, offers.refuse, offers.withdraw, offers.confirm):
            for offer_id in (first.id, uuid.uuid4()):
                with pytest.raises(NotFound):
                    act(session, cast.mallory, offer_id)
    statuses = [offer.status for offer in (first, second, third)]
    assert statuses == [OfferStatus.REFUSED, OfferStatus.REFUSED, OfferStatus.WITHDRAWN]


def test_the_second_of_two_accepted_offers_finds_the_lot_taken(cast: Cast, session: Session) -> None:
    with atomic():
        first, second = cast.offer(), cast.offer()
        offers.accept(session, cast.alice, first.id)
        offers.accept(session, cast.alice, second.id)
        offers.approve(session, cast.amy, first.id)
        with pytest.raises(Conflict, match=DealReason.LOT_HAS_A_DEAL):
            offers.approve(session, cast.amy, second.id)
