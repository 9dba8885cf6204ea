"""`flask check` finds what breaks a rule of lots and deals, and nothing where all is well."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from builders import a_lot, a_mandate, a_person, a_right, an_institution
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals import invariants as of_deals
from marketplace.deals.models import Deal, Offer
from marketplace.deals.rules import DealSource, DealStatus, OfferStatus
from marketplace.listings import invariants as of_lots
from marketplace.listings.models import DefaultCase
from marketplace.listings.rules import LotStatus
from marketplace.rights.models import Encumbrance
from marketplace.rights.rules import EncumbranceKind

CHECKS = (*of_lots.CHECKS, *of_deals.CHECKS)


def broken(session: Session) -> set[str]:
    return {question.__name__ for _, question in CHECKS if question(session)}


def a_deal(session: Session, clock: FixedClock, lot_status: LotStatus, **changes: Any) -> Deal:
    bank, buyer = (an_institution(session, kind) for kind in (InstitutionKind.BANK, InstitutionKind.BUYER))
    lot = a_lot(session, bank, status=lot_status)
    values: dict[str, Any] = {
        "lot_id": lot.id,
        "source": DealSource.AUCTION,
        "source_id": uuid.uuid4(),
        "seller_id": bank.id,
        "buyer_id": buyer.id,
        "price_minor": 13_000_000,
        "currency": "CNY",
        "agreed_at": clock(),
        "pay_by": clock() + timedelta(days=15),
    }
    deal = Deal(**(values | changes))
    session.add(deal)
    session.flush()
    return deal


def test_nothing_is_broken_where_all_is_well(session: Session, clock: FixedClock) -> None:
    with atomic():
        a_lot(session, an_institution(session, InstitutionKind.BANK))
        a_deal(session, clock, LotStatus.RESERVED)
    assert broken(session) == set()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"published_at": None}, "public_without_publication"),
        ({"status": LotStatus.SOLD}, "sold_without_one_completed_deal"),
        ({"start_price_minor": 0}, "prices_that_cannot_be"),
        ({"currency": "USD"}, "amounts_in_another_currency"),
        ({"same_person": True}, "approved_by_their_maker"),
        ({"other_person": True}, "changed_after_approval"),
        ({"twice": True}, "rights_in_two_lots"),
        ({"foreign": True}, "rights_of_another_bank"),
    ],
)
def test_broken_lots_are_found(
    session: Session, clock: FixedClock, changes: dict[str, Any], name: str
) -> None:
    values = dict(changes)
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK)
        owner = an_institution(session, InstitutionKind.BANK) if values.pop("foreign", False) else bank
        right = a_right(session, owner)
        pledge = Encumbrance(
            kind=EncumbranceKind.PLEDGE, holder="Bank", currency="CNY", claim_minor=1, rank=1
        )
        right.encumbrances.append(pledge)
        people = [a_person(session, bank, name).id for name in ("Alice", "Amy")]
        if values.pop("same_person", False):
            values |= {"maker_id": people[0], "checker_id": people[0], "status": LotStatus.UNSOLD}
        if values.pop("other_person", False):
            values |= {"maker_id": people[0], "checker_id": people[1], "content_hash": "0" * 64}
        if values.pop("twice", False):
            a_lot(session, bank, rights=[right])
        case = DefaultCase(
            institution_id=bank.id,
            reference="LOAN",
            debtor="Debtor",
            pledgor="Pledgor",
            currency="CNY",
            opened_at=clock.moment,
        )
        a_lot(session, bank, rights=[right], default_case=case, **values)
    assert broken(session) == {name}


@pytest.mark.parametrize(
    ("lot_status", "changes", "names"),
    [
        (LotStatus.PUBLISHED, {}, {"deals_and_lots_that_disagree"}),
        (LotStatus.RESERVED, {"currency": "USD"}, {"deals_of_other_parties"}),
        (LotStatus.SOLD, {"status": DealStatus.COMPLETED}, {"completed_without_title"}),
        (
            LotStatus.RESERVED,
            {"status": DealStatus.COMPLETED},
            {"completed_without_title", "deals_and_lots_that_disagree"},
        ),
    ],
)
def test_broken_deals_are_found(
    session: Session, clock: FixedClock, lot_status: LotStatus, changes: dict[str, Any], names: set[str]
) -> None:
    with atomic():
        a_deal(session, clock, lot_status, **changes)
    assert broken(session) == names


def test_two_live_deals_and_an_offer_without_its_deal_are_found(session: Session, clock: FixedClock) -> None:
    with atomic():
        deal = a_deal(session, clock, LotStatus.RESERVED)
        second = {name: getattr(deal, name) for name in ("lot_id", "seller_id", "buyer_id")}
        a_deal(session, clock, LotStatus.DRAFTED, **second)
        agency = an_institution(session, InstitutionKind.AGENCY)
        mandate = a_mandate(session, agency, deal.buyer)
        offer = Offer(
            lot_id=deal.lot_id,
            mandate_id=mandate.id,
            buyer_id=deal.buyer_id,
            price_minor=1,
            currency="CNY",
            status=OfferStatus.APPROVED,
            made_by_id=mandate.proposed_by_id,
            made_at=clock(),
            expires_at=clock(),
        )
        session.add(offer)
    assert broken(session) == {
        "lots_with_two_live_deals",
        "offers_without_four_eyes",
        "offers_without_their_deal",
        "rights_in_two_live_deals",
    }
