"""Sales that fell through, were undone or brought less; and that the checks find what is wrong."""

import uuid

import pytest
from builders import a_lot, a_person
from sqlalchemy.orm import Session

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.rules import DealStatus
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from payments.disputes.rules import DebtCause, DecisionKind
from transactions import invariants, service
from transactions.rules.words import SaleOutcome

from .carrying_cast import a_closed_window, a_debt, a_decision, an_unpaid_auction, bank, carry, records, sound
from .sale_builders import a_completed_deal, a_sale_of


def test_a_hammer_that_fell_in_vain_is_recorded_once_the_lot_is_free(
    session: Session, clock: FixedClock
) -> None:
    with atomic() as writing:
        auction = an_unpaid_auction(writing, free=False)
    carry()
    assert records(session) == []  # the next bidder may still be asked
    with atomic() as writing:
        writing.get_one(Lot, auction.lot_id).status = LotStatus.PUBLISHED
    carry()
    (record,) = records(session)
    assert (record.outcome, record.price_minor, record.top_bid_minor) == (
        SaleOutcome.REAUCTIONED,
        None,
        13_000_000,
    )
    sound(session)


def test_the_next_bidder_s_deal_is_the_sale_of_its_auction(session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        auction = an_unpaid_auction(writing)
        a_completed_deal(writing, auction=auction, price_minor=12_000_000)
    carry()
    (record,) = records(session)
    assert (record.source_kind, record.outcome, record.price_minor) == ("deal", SaleOutcome.SOLD, 12_000_000)
    sound(session)


def test_a_sale_undone_before_its_price_was_distributed(session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        deal = a_completed_deal(writing)
        deal.status, deal.completed_at = DealStatus.RESCINDED, None
    carry()
    (record,) = records(session)
    assert (record.outcome, record.usable, record.corrects) == (SaleOutcome.REVERSED, False, None)
    sound(session)


def test_a_part_given_back_and_then_all_of_it(session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        deal = a_completed_deal(writing)
        a_decision(writing, deal, DecisionKind.REFUND, 3_000_000)
    carry()
    sold, reduced = records(session)
    assert (reduced.corrects, reduced.outcome, reduced.price_minor) == (sold.id, SaleOutcome.SOLD, 10_000_000)
    clock.advance(seconds=60)
    with atomic() as writing:
        a_decision(writing, deal, DecisionKind.REFUND, 10_000_000)
    carry()
    *_, reversed_ = records(session)
    assert (reversed_.corrects, reversed_.outcome, reversed_.usable) == (
        reduced.id,
        SaleOutcome.REVERSED,
        False,
    )
    assert reversed_.source_kind == "decision"
    assert "given back" in reversed_.correction_reason
    carry()
    assert len(records(session)) == 3
    sound(session)


@pytest.mark.parametrize(
    ("kind", "cause", "reverses"),
    [
        (DecisionKind.WRITE_OFF, DebtCause.DISPUTE_LOST, True),
        (DecisionKind.CHARGE_TO_SALE, DebtCause.DISPUTE_LOST, True),
        (DecisionKind.WRITE_OFF, DebtCause.REFUND, False),  # what a payee owes back is no price
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_price_taken_back_that_nobody_pays_again(
    session: Session, clock: FixedClock, kind: DecisionKind, cause: DebtCause, *, reverses: bool
) -> None:
    with atomic() as writing:
        deal = a_completed_deal(writing)
        a_decision(writing, deal, kind, 13_000_000, a_debt(writing, deal, cause))
    carry()
    outcomes = [record.outcome for record in records(session)]
    assert outcomes == [SaleOutcome.SOLD] + [SaleOutcome.REVERSED] * reverses


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_checks_find_what_is_wrong(session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        service.append(
            writing,
            [
                a_sale_of(1, previous=uuid.uuid4()),
                a_sale_of(2, source_kind="decision"),
                a_sale_of(3, source_marketplace="luochui-test", source_kind="window"),
            ],
        )
        a_closed_window(
            writing, lot := a_lot(writing, bank(writing)), a_person(writing, lot.institution, "A")
        )
        an_unpaid_auction(writing)
    found = {name: check(session) for name, check in invariants.CHECKS if check(session)}
    assert set(found) == {
        "earlier attempts are older records",
        "what undoes a sale names its record",
        "each record of this marketplace has its deal or auction",
        "what has ended is recorded within an hour",
    }
    assert len(found["what has ended is recorded within an hour"]) == 1
