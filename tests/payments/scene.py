"""One auction with its cast and its money: bank, pledgor, two bidders, operator's officer and approver."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from builders import a_lot, a_right, an_actor, an_institution
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions import service as auctions
from auctions.models import Auction, Registration
from auctions.rules import Action
from auctions.runner_up import service as runner_up
from auctions.runner_up.queries import offer_of
from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.rules import TransferStep
from marketplace.listings.models import DefaultCase, Lot
from marketplace.parties.models import Institution
from marketplace.rights.models import Encumbrance
from marketplace.rights.rules import EncumbranceKind
from payments import invariants, sending, service
from payments.cards import service as cards
from payments.gateways.registry import Gateways
from payments.guarantees import service as guarantees
from payments.models import Deposit, Payment, Payout
from payments.queries import pages
from payments.rules import PayoutStatus
from payments.spending import service as spending

DEPOSIT = 1_000_000
PRICE = 15_000_000

JOBS: tuple[Callable[[Session], bool], ...] = (
    auctions.open_due,
    service.prepare_deposits,
    cards.place_holds,
    cards.renew_holds,
    auctions.close_due,
    cards.give_up_holds,
    service.release_losers,
    spending.free_lost,
    spending.draw_won,
    service.apply_winners,
    service.prepare_balances,
    guarantees.return_due,
    guarantees.call_due,
    guarantees.note_paid,
    guarantees.lapse_due,
    service.expire_holds,
    service.flag_overdue,
    service.settle_transferred,
)


@dataclass(frozen=True)
class Scene:
    lot: Lot
    auction: Auction
    bank: Actor
    operator: Institution
    olga: Actor
    otto: Actor


def a_scene(
    session: Session,
    *,
    pack: str = "cn-court",
    case: bool = True,
    opens_in: timedelta = timedelta(hours=1),
    lasts: timedelta = timedelta(hours=24),
    **changes: Any,
) -> Scene:
    """A lot of a defaulted loan (owed 120,000.00, pledged to the bank), auctioned from an hour from now on.

    The deposit is 10,000.00, the start price 100,000.00, the raise 1,000.00.
    """
    alice = an_institution(session, InstitutionKind.BANK)
    right = a_right(session, alice)
    pledge = Encumbrance(
        right_id=right.id,
        kind=EncumbranceKind.PLEDGE,
        holder=alice.name,
        rank=1,
        claim_minor=1,
        currency="CNY",
    )
    session.add(pledge)
    opens_at = clock.now() + opens_in
    values: dict[str, Any] = {
        "rights": [right],
        "rule_pack": pack,
        "reserve_minor": None,
        "deposit_minor": DEPOSIT,
        "reference_price_minor": 10_000_000,
        "published_at": clock.now() - timedelta(days=40),
    }
    if case:
        values["default_case"] = a_case(session, alice)
    lot = a_lot(session, alice, **(values | changes))
    bank = an_actor(session, InstitutionKind.BANK, institution=alice)
    auction = auctions.schedule(session, bank, lot.id, opens_at, opens_at + lasts)
    operator = an_institution(session, InstitutionKind.OPERATOR)
    olga = an_actor(session, InstitutionKind.OPERATOR, frozenset({Role.OFFICER}), operator)
    otto = an_actor(session, InstitutionKind.OPERATOR, frozenset({Role.APPROVER}), operator)
    session.refresh(right)
    return Scene(lot, auction, bank, operator, olga, otto)


def a_case(session: Session, bank: Institution, owed: int = 12_000_000) -> DefaultCase:
    case = DefaultCase(
        institution_id=bank.id,
        reference=uuid.uuid4().hex[:12],
        debtor="Taishan Motors",
        pledgor="Taishan Holding",
        currency="CNY",
        principal_minor=owed,
        opened_at=clock.now(),
    )
    session.add(case)
    session.flush()
    return case


def a_bidder(session: Session, scene: Scene) -> tuple[Actor, Registration]:
    """A verified buyer, registered; its deposit is still to come."""
    actor = an_actor(session, InstitutionKind.BUYER)
    return actor, auctions.register(session, actor, scene.auction.id)


def work(gateways: Gateways | None = None) -> None:
    """What the worker does, until nothing is due; then every invariant is asked."""
    for _ in range(50):
        done = sum(_drain(job) for job in JOBS) + sending.send_due(gateways or {})
        if not done:
            break
    else:
        raise AssertionError("the worker never comes to rest")
    with atomic() as session:
        broken = {name: problems for name, question in invariants.CHECKS if (problems := question(session))}
    assert not broken


def _drain(job: Callable[[Session], bool]) -> int:
    for count in range(20):
        with atomic() as session:
            if not job(session):
                return count
    raise AssertionError(f"{job.__name__} never comes to rest")


def default(scene: Scene, gateways: Gateways | None = None) -> None:
    """The worker flags what was not paid in time, and Olga declares the default of each."""
    work(gateways)
    with atomic() as session:
        overdue = [payment.id for payment in pages.overdue_payments(session)]
    assert overdue
    for payment_id in overdue:
        with atomic() as session:
            service.declare_default(session, scene.olga, payment_id, "Nothing on the bank statement")
    work(gateways)


def next_buys(scene: Scene, actor: Actor) -> None:
    """The bidder who is asked in the defaulter's place accepts."""
    with atomic() as session:
        offer = offer_of(session, scene.auction.id, actor.institution_id)
        assert offer is not None
        runner_up.accept(session, actor, offer.id)
    work()


def deposit_of(session: Session, registration: Registration) -> Deposit:
    return session.scalars(select(Deposit).where(Deposit.registration_id == registration.id)).one()


def payment_of(session: Session, deal: Deal) -> Payment:
    return session.scalars(select(Payment).where(Payment.deal_id == deal.id)).one()


def deal_of(session: Session, scene: Scene) -> Deal:
    """The latest deal on the lot."""
    statement = select(Deal).where(Deal.lot_id == scene.lot.id).order_by(Deal.agreed_at.desc())
    return session.scalars(statement).first()  # type: ignore[return-value]


def receive(scene: Scene, row: Deposit | Payment, minor: int) -> Any:
    """The bank statement shows an amount under the row's reference."""
    with atomic() as session:
        return service.confirm_receipt(
            session,
            scene.olga,
            reference=row.reference,
            minor=minor,
            currency=row.currency,
            bank_reference=uuid.uuid4().hex,
        )


def hold_by_bank(scene: Scene, *registrations: Registration) -> None:
    """Every bidder's deposit arrives."""
    work()
    for registration in registrations:
        with atomic() as session:
            deposit = deposit_of(session, registration)
        receive(scene, deposit, deposit.amount_minor)


def bid(scene: Scene, actor: Actor, amount: str) -> str:
    with atomic() as session:
        entry = auctions.place(session, actor, scene.auction.id, Action.BID, amount, uuid.uuid4().hex)
        return entry.decision


def open_auction(scene: Scene, moment: FixedClock) -> None:
    moment.move_to(scene.auction.opens_at)
    work()


def lasts_of(scene: Scene) -> timedelta:
    """How long the auction was announced to last."""
    assert scene.auction.closes_at is not None
    return scene.auction.closes_at - scene.auction.opens_at


def close_auction(scene: Scene, moment: FixedClock, gateways: Gateways | None = None) -> None:
    moment.move_to(scene.auction.opens_at + lasts_of(scene) + timedelta(hours=1))
    work(gateways)


def transfer(scene: Scene, deal: Deal) -> None:
    """Every step of the title transfer is recorded."""
    for step in TransferStep:
        actor = scene.olga if step is TransferStep.RECORDAL_CONFIRMED else scene.bank
        with atomic() as session:
            deals.record_step(session, actor, deal.id, step, f"document of {step}")


def due_payouts(session: Session) -> list[Payout]:
    statement = select(Payout).where(Payout.status == PayoutStatus.DUE).order_by(Payout.amount_minor)
    return list(session.scalars(statement))


def pay_out_everything(scene: Scene) -> None:
    """Olga prepares, Otto approves, Olga finds each on the bank statement."""
    with atomic() as session:
        ids = [payout.id for payout in due_payouts(session)]
    for payout_id in ids:
        with atomic() as session:
            service.prepare_payout(session, scene.olga, payout_id, "as settled")
        with atomic() as session:
            service.approve_payout(session, scene.otto, payout_id, "as prepared")
        with atomic() as session:
            service.confirm_paid(session, scene.olga, payout_id, uuid.uuid4().hex)
