"""What the worker has to do next, one row at a time, locked; a row that another worker holds is skipped."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from auctions.fair_play.queries import award_waits
from auctions.models import Auction, Registration
from auctions.rules import Outcome
from marketplace.deals.models import Deal
from marketplace.deals.rules import SET_OFF, DealSource, DealStatus
from marketplace.due import take_first
from payments.models import Deposit, GatewayCall, Payment
from payments.rates.queries import without_a_rate
from payments.rules import OPEN_DEPOSITS, OPEN_PAYMENTS, CallVerb, DepositStatus, Method


def won(*statuses: DealStatus) -> ColumnElement[bool]:
    """Whether the deposit's bidder has a deal from its auction in one of these statuses."""
    return exists().where(
        Deal.source == DealSource.AUCTION,
        Deal.source_id == Registration.auction_id,
        Deal.buyer_id == Deposit.institution_id,
        Deal.status.in_(statuses),
    )


def _asked_to_release() -> ColumnElement[bool]:
    return exists().where(
        GatewayCall.deposit_id == Deposit.id,
        GatewayCall.verb == CallVerb.RELEASE,
        GatewayCall.gateway_object == Deposit.gateway_object,
    )


def registration_without_deposit(session: Session) -> Registration | None:
    """A bidder in a running auction who owes a deposit that is not asked for yet."""
    statement = (
        select(Registration)
        .join(Auction, Auction.id == Registration.auction_id)
        .where(
            Registration.deposit_minor > 0,
            Registration.deposit_held.is_(False),
            Registration.barred == "",
            Auction.outcome == Outcome.OPEN,
            ~exists().where(Deposit.registration_id == Registration.id),
        )
        .order_by(Registration.registered_at)
    )
    return take_first(session, statement, Registration)


def loser_to_release(session: Session) -> Deposit | None:
    """A deposit of an ended auction that its bidder has not won, and that nothing was done about yet."""
    in_cash = or_(
        Deposit.method.is_(None), Deposit.method == Method.BANK_TRANSFER, Deposit.captured_minor > 0
    )
    on_card = and_(Deposit.gateway_object != "", ~_asked_to_release())
    statement = (
        select(Deposit)
        .join(Registration, Registration.id == Deposit.registration_id)
        .join(Auction, Auction.id == Registration.auction_id)
        .where(
            Deposit.status.in_(OPEN_DEPOSITS),
            Deposit.deal_id.is_(None),
            Auction.outcome != Outcome.OPEN,
            or_(in_cash, on_card),
            ~won(DealStatus.AGREED, DealStatus.PAID, DealStatus.COMPLETED),
        )
    )
    return _first_deposit(session, statement)


def winner_to_apply(session: Session) -> Deposit | None:
    """A held deposit whose bidder has won, not yet counted toward the deal."""
    statement = (
        select(Deposit)
        .join(Registration, Registration.id == Deposit.registration_id)
        .where(Deposit.status == DepositStatus.HELD, Deposit.deal_id.is_(None), won(DealStatus.AGREED))
    )
    return _first_deposit(session, statement)


def hold_run_out(session: Session, now: datetime) -> Deposit | None:
    """A card hold past its end that was not captured."""
    statement = select(Deposit).where(
        Deposit.status == DepositStatus.HELD,
        Deposit.method == Method.STRIPE,
        Deposit.captured_minor == 0,
        Deposit.deal_id.is_(None),
        Deposit.hold_expires_at <= now,
    )
    return _first_deposit(session, statement)


def _first_deposit(session: Session, statement: Select[Deposit]) -> Deposit | None:
    return take_first(session, statement.order_by(Deposit.required_at, Deposit.id), Deposit)


def deal_without_payment(session: Session) -> Deal | None:
    """An agreed deal whose balance is not asked for yet, once the winner's deposit is counted toward it.

    While a person has to decide whether the award stands, nothing is asked for.
    """
    unbound = (
        exists()
        .where(Registration.id == Deposit.registration_id, Registration.auction_id == Deal.source_id)
        .where(Deposit.institution_id == Deal.buyer_id, Deposit.deal_id.is_(None))
        .where(Deposit.status.in_((DepositStatus.HELD, DepositStatus.COVERED)))
    )
    statement = select(Deal).where(
        Deal.status == DealStatus.AGREED,
        ~exists().where(Payment.deal_id == Deal.id),
        ~unbound,
        ~award_waits(),
        ~and_(Deal.source.in_(SET_OFF), without_a_rate()),
    )
    return first_deal(session, statement)


def payment_overdue(session: Session, now: datetime) -> Payment | None:
    """A balance past its deadline and not flagged yet, where nobody has to decide about the award."""
    statement = (
        select(Payment)
        .join(Deal, Deal.id == Payment.deal_id)
        .where(Deal.status == DealStatus.AGREED, Deal.pay_by < now, ~award_waits())
        .where(Payment.status.in_(OPEN_PAYMENTS), Payment.overdue_at.is_(None))
        .order_by(Deal.agreed_at, Deal.id)
    )
    return take_first(session, statement, Payment)


def first_deal(session: Session, statement: Select[Deal]) -> Deal | None:
    """The oldest of them, locked."""
    return take_first(session, statement.order_by(Deal.agreed_at, Deal.id), Deal)


def payment_of_struck_deal(session: Session) -> Payment | None:
    """An open payment of a deal that ended otherwise than by the deadline: the winner was disqualified."""
    statement = (
        select(Payment)
        .join(Deal, Deal.id == Payment.deal_id)
        .where(Deal.status == DealStatus.DEFAULTED, Payment.status.in_(OPEN_PAYMENTS))
    )
    return take_first(session, statement, Payment)
