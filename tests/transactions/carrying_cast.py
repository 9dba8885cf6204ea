"""Builders and steps for what is carried into the record."""

from datetime import timedelta
from typing import Any

from builders import a_person, an_institution
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.models import Auction
from auctions.rules import Outcome
from marketplace import clock as system_clock
from marketplace.access import InstitutionKind
from marketplace.db import atomic
from marketplace.deals.models import Deal, Offer
from marketplace.deals.rules import DealStatus, OfferStatus
from marketplace.deals.windows.models import OffersWindow
from marketplace.deals.windows.rules import WindowStatus
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Institution, Person
from payments.disputes.models import Debt, MoneyDecision
from payments.disputes.rules import DebtCause, DebtStatus, DecisionKind
from transactions import invariants, service
from transactions.models import TransactionRecord

from .sale_builders import a_completed_deal, an_ended_auction


def carry() -> None:
    """As the worker does, until nothing is due."""
    for _ in range(100):
        with atomic() as session:
            if not service.record_due(session):
                return
    raise AssertionError("the worker never comes to an end")


def records(session: Session) -> list[TransactionRecord]:
    session.rollback()
    return list(session.scalars(select(TransactionRecord).order_by(TransactionRecord.leaf_index)))


def sound(session: Session) -> None:
    """Every invariant of the record holds."""
    session.rollback()
    for name, check in invariants.CHECKS:
        assert check(session) == [], name


def bank(session: Session, **changes: Any) -> Institution:
    made = an_institution(session, InstitutionKind.BANK)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def a_closed_window(session: Session, lot: Lot, person: Person, reason: str = "") -> OffersWindow:
    now = system_clock.now()
    window = OffersWindow(
        lot_id=lot.id, lot=lot, days=5, floor_minor=7_000_000, currency=lot.currency, reason=reason,
        status=WindowStatus.CLOSED, proposed_by_id=person.id, proposed_at=now,
        closed_at=now - timedelta(hours=2),
    )  # fmt: skip
    session.add(window)
    session.flush()
    buyer = an_institution(session, InstitutionKind.BUYER)
    for price in (8_000_000, 9_000_000):
        session.add(
            Offer(
                lot_id=lot.id, window_id=window.id, buyer_id=buyer.id, price_minor=price, currency="CNY",
                status=OfferStatus.EXPIRED, made_by_id=person.id, made_at=now, expires_at=now,
            )
        )  # fmt: skip
    session.flush()
    return window


def an_unpaid_auction(session: Session, *, free: bool = True) -> Auction:
    auction = an_ended_auction(session, outcome=Outcome.SOLD)
    auction.price_minor = 13_000_000
    auction.lot.status = LotStatus.UNSOLD if free else LotStatus.RESERVED
    a_completed_deal(session, auction=auction).status = DealStatus.DEFAULTED
    return auction


def a_decision(
    session: Session, deal: Deal, kind: DecisionKind, minor: int, debt: Debt | None = None
) -> None:
    person = a_person(session, an_institution(session, InstitutionKind.OPERATOR), "Olga")
    session.add(
        MoneyDecision(
            kind=kind, deal_id=deal.id, debt_id=debt.id if debt else None, amount_minor=minor, currency="CNY",
            reason="agreed", proposed_by_id=person.id, proposed_at=system_clock.now(), agreed=True,
            answered_at=system_clock.now(),
        )
    )  # fmt: skip


def a_debt(session: Session, deal: Deal, cause: DebtCause) -> Debt:
    now = system_clock.now()
    debt = Debt(
        cause=cause, debtor="x", debtor_name="x", lot_id=deal.lot_id, deal_id=deal.id,
        amount_minor=13_000_000, currency="CNY", status=DebtStatus.WRITTEN_OFF, remind_at=now, arose_at=now,
    )  # fmt: skip
    session.add(debt)
    session.flush()
    return debt
