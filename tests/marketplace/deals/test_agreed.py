"""An agreed price: once per lot, paid or not, title step by step, completed."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from builders import a_lot, a_mandate, an_actor, an_institution
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace import clock as system_clock
from marketplace.access import InstitutionKind
from marketplace.audit import AuditEntry
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals import queries, service
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealReason, DealSource, DealStatus, MandateStatus, TransferStep
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings import service as listings
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Institution
from marketplace.status import StatusReason

BANK, BUYER, AGENCY = InstitutionKind.BANK, InstitutionKind.BUYER, InstitutionKind.AGENCY


def agree(session: Session, lot: Lot, buyer: Institution, **changes: Any) -> Deal:
    values: dict[str, Any] = {
        "source": DealSource.OFFER,
        "source_id": uuid.uuid4(),
        "buyer_id": buyer.id,
        "price_minor": 13_000_000,
        "mandate_id": None,
        "pay_by": system_clock.now() + timedelta(days=15),
    }
    return service.agree(session, lot=lot, **(values | changes))


def test_agreeing_reserves_the_lot_and_happens_once_per_source(session: Session) -> None:
    with atomic():
        lot, buyer = a_lot(session, an_institution(session, BANK)), an_institution(session, BUYER)
        source_id = uuid.uuid4()
        first = agree(session, lot, buyer, source_id=source_id)
        again = agree(session, lot, buyer, source_id=source_id)
    assert first.id == again.id
    assert first.currency == "CNY"
    assert first.seller_id == lot.institution_id
    assert lot.status is LotStatus.RESERVED
    entries = select(func.count()).select_from(AuditEntry).where(AuditEntry.act == "deals.agree")
    assert session.scalar(entries) == 1


def test_a_lot_ends_in_one_deal_only(session: Session) -> None:
    with atomic():
        lot = a_lot(session, an_institution(session, BANK))
        agree(session, lot, an_institution(session, BUYER))
        with pytest.raises(Conflict) as conflict:
            agree(session, lot, an_institution(session, BUYER), source=DealSource.AUCTION)
    assert conflict.value.reason is DealReason.LOT_HAS_A_DEAL


@pytest.mark.parametrize("status", [LotStatus.APPROVED, LotStatus.RESERVED, LotStatus.WITHDRAWN])
def test_an_offer_takes_only_a_lot_that_is_for_sale(session: Session, status: LotStatus) -> None:
    with atomic():
        lot = a_lot(session, an_institution(session, BANK), status=status)
        with pytest.raises(Conflict) as conflict:
            agree(session, lot, an_institution(session, BUYER))
    assert conflict.value.reason is DealReason.LOT_NOT_FOR_SALE


def test_an_auction_agrees_on_the_lot_it_holds_and_on_the_runner_up_after_a_default(session: Session) -> None:
    with atomic():
        lot, source_id = a_lot(session, an_institution(session, BANK)), uuid.uuid4()
        winner, runner_up = an_institution(session, BUYER), an_institution(session, BUYER)
        listings.reserve(session, lot)
        source: dict[str, Any] = {"source": DealSource.AUCTION, "source_id": source_id}
        deal = agree(session, lot, winner, **source)
        service.mark_defaulted(session, deal)
        service.mark_defaulted(session, deal)
        assert lot.status is LotStatus.RESERVED
        second = agree(session, lot, runner_up, **source)
    assert deal.status is DealStatus.DEFAULTED
    assert second.status is DealStatus.AGREED


def test_a_lot_sold_by_offer_is_back_on_the_market_when_the_buyer_does_not_pay(session: Session) -> None:
    with atomic():
        lot = a_lot(session, an_institution(session, BANK))
        service.mark_defaulted(session, agree(session, lot, an_institution(session, BUYER)))
    assert lot.status is LotStatus.PUBLISHED


def test_paid_transferred_completed(session: Session, clock: FixedClock) -> None:
    with atomic():
        bank = an_institution(session, BANK)
        lot, buyer = a_lot(session, bank), an_institution(session, BUYER)
        deal = agree(session, lot, buyer)
        officer = an_actor(session, BANK, institution=bank)
        operator = an_actor(session, InstitutionKind.OPERATOR)
        steps = (
            (officer, TransferStep.DOCUMENTS_SIGNED, "contract 7"),
            (an_actor(session, BUYER, institution=buyer), TransferStep.RECORDAL_FILED, "filing 8"),
            (operator, TransferStep.RECORDAL_CONFIRMED, " notice 9 "),
        )
        with pytest.raises(Refused, match=DealReason.NOT_PAID):
            service.record_step(session, officer, deal.id, TransferStep.DOCUMENTS_SIGNED, "contract 7")
        service.mark_paid(session, deal)
        service.mark_paid(session, deal)
        clock.advance(days=1)
        for actor, step, document in steps:
            with pytest.raises(Refused, match=DealReason.TITLE_NOT_TRANSFERRED):
                service.complete(session, deal)
            service.record_step(session, actor, deal.id, step, document)
        service.complete(session, deal)
        service.complete(session, deal)
    assert deal.status is DealStatus.COMPLETED
    assert deal.completed_at == clock()
    assert lot.status is LotStatus.SOLD
    assert lot.changed_at == clock()
    assert [record.document_reference for record in deal.transfers] == ["contract 7", "filing 8", "notice 9"]
    with pytest.raises(Conflict, match=StatusReason.MOVE_NOT_ALLOWED), atomic():
        service.mark_defaulted(session, deal)


def test_steps_come_in_order_once_and_with_a_document(session: Session) -> None:
    with atomic():
        bank = an_institution(session, BANK)
        deal = agree(session, a_lot(session, bank), an_institution(session, BUYER))
        officer, operator = (
            an_actor(session, BANK, institution=bank),
            an_actor(session, InstitutionKind.OPERATOR),
        )
        service.mark_paid(session, deal)
        with pytest.raises(Refused, match=DealReason.STEP_OUT_OF_ORDER):
            service.record_step(session, operator, deal.id, TransferStep.RECORDAL_CONFIRMED, "notice")
        with pytest.raises(Refused, match=DealReason.DOCUMENT_MISSING):
            service.record_step(session, officer, deal.id, TransferStep.DOCUMENTS_SIGNED, "  ")
        service.record_step(session, officer, deal.id, TransferStep.DOCUMENTS_SIGNED, "contract")
        with pytest.raises(Conflict, match=DealReason.STEP_ALREADY_RECORDED):
            service.record_step(session, officer, deal.id, TransferStep.DOCUMENTS_SIGNED, "contract")


def test_only_the_parties_and_the_operator_record_steps(session: Session) -> None:
    with atomic():
        bank = an_institution(session, BANK)
        deal = agree(session, a_lot(session, bank), an_institution(session, BUYER))
        service.mark_paid(session, deal)
        mallory, officer = an_actor(session, BANK), an_actor(session, BANK, institution=bank)
        with pytest.raises(NotFound):
            service.record_step(session, mallory, deal.id, TransferStep.DOCUMENTS_SIGNED, "contract")
        with pytest.raises(NotAllowed):
            service.record_step(session, officer, deal.id, TransferStep.RECORDAL_CONFIRMED, "notice")
        with pytest.raises(NotFound):
            service.record_step(session, officer, uuid.uuid4(), TransferStep.DOCUMENTS_SIGNED, "contract")
        with pytest.raises(NotFound):
            queries.lock_deal(session, uuid.uuid4())


def test_the_agencies_of_both_sides_earn_a_commission(session: Session, clock: FixedClock) -> None:
    with atomic():
        bank, buyer = an_institution(session, BANK), an_institution(session, BUYER)
        lot = a_lot(session, bank)
        general = a_mandate(session, an_institution(session, AGENCY), bank)
        special = a_mandate(session, an_institution(session, AGENCY), bank, lot_id=lot.id)
        a_mandate(session, an_institution(session, AGENCY), bank, status=MandateStatus.PROPOSED)
        buying = a_mandate(session, an_institution(session, AGENCY), buyer)
        both = agree(session, lot, buyer, mandate_id=buying.id)
        session.refresh(both)
        assert queries.commission_mandates(session, both) == [special, buying]
        assert service.subject_of(session, both).parties == {buyer.id, special.agency_id, buying.agency_id}
        service.mark_defaulted(session, both)
        brought = agree(session, lot, buyer, mandate_id=general.id)
        session.refresh(brought)
        assert queries.commission_mandates(session, brought) == [general]


def test_a_mandate_accepted_after_the_price_was_agreed_earns_nothing(
    session: Session, clock: FixedClock
) -> None:
    with atomic():
        bank = an_institution(session, BANK)
        lot = a_lot(session, bank)
        deal = agree(session, lot, an_institution(session, BUYER))
        clock.advance(seconds=1)
        a_mandate(session, an_institution(session, AGENCY), bank)
        assert queries.commission_mandates(session, deal) == []
