"""A sale that left a remainder, a pool with its agreement and its parties: the stage of the tests."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from builders import an_actor, an_institution
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Role
from marketplace.canonical import digest
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealSource, DealStatus
from marketplace.parties.models import Institution
from marketplace.rights.models import Encumbrance
from marketplace.rule_packs import Basis
from payments import service as payments
from payments.compensation import invariants, service
from payments.compensation.models import CompensationClaim, CompensationPool
from payments.compensation.rules import Agreement, Party, PartyRole
from payments.compensation.service.covering import StatedLoan
from payments.funds import invariants as fund_invariants
from payments.funds import queries as funds
from payments.funds.rules import EvidenceKind, FirmSize
from payments.ledger import Purpose
from payments.models import Payout, Settlement
from payments.rules import PayoutKind, PayoutStatus
from payments.service import books

from .scene import (
    Scene,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    hold_by_bank,
    open_auction,
    pay_out_everything,
    payment_of,
    receive,
    transfer,
    work,
)

OWED = 115_000_000
PRICE = "150000.00"
LOSS = 100_000_000
LOAN = StatedLoan(FirmSize.SMALL, 120_000_000, date(2024, 1, 10), date(2025, 1, 10))
SHARES = {PartyRole.FUND: 54, PartyRole.BANK: 26, PartyRole.INSURER: 16, PartyRole.APPRAISER: 4}
JOBS: tuple[Callable[[Session], bool], ...] = (service.pay_parts_due, service.close_paid)


@dataclass(frozen=True)
class Stage:
    """Fay reviews and Finn releases for the fund; the insurer and the appraiser bear a part."""

    scene: Scene
    pool_id: uuid.UUID
    fay: Actor
    finn: Actor
    insurer: Institution
    appraiser: Institution

    @property
    def bank(self) -> Actor:
        return self.scene.bank

    @property
    def deal_id(self) -> uuid.UUID:
        with atomic() as session:
            return session.scalars(select(Deal.id).where(Deal.lot_id == self.scene.lot.id)).one()


def sold_by_auction(session_clock: FixedClock) -> Scene:
    """The lot brings 150,000.00 of the 1,150,000.00 that the bank is owed; everything is settled and paid."""
    with atomic() as session:
        scene = a_scene(session)
        case = scene.lot.default_case
        assert case is not None
        case.principal_minor = OWED
        case.opened_at = clock.now()
        session.merge(case)
        carol, carols = a_bidder(session, scene)
        register_pledge(session, scene)
    session_clock.advance(minutes=1)
    hold_by_bank(scene, carols)
    open_auction(scene, session_clock)
    bid(scene, carol, PRICE)
    close_auction(scene, session_clock)
    with atomic() as session:
        deal = deal_of(session, scene)
        payment = payment_of(session, deal)
    receive(scene, payment, payment.amount_minor)
    transfer(scene, deal)
    work()
    session_clock.advance(days=60)
    pay_out_everything(scene)
    return scene


def sold_with_a_remainder() -> Scene:
    """The same, written down without playing the auction: the deal is completed, the settlement stands."""
    with atomic() as session:
        scene = a_scene(session)
        case = scene.lot.default_case
        assert case is not None
        case.principal_minor = OWED
        session.merge(case)
        register_pledge(session, scene)
        deal = Deal(
            lot_id=scene.lot.id,
            source=DealSource.AUCTION,
            source_id=scene.auction.id,
            seller_id=scene.bank.institution_id,
            buyer_id=an_institution(session, InstitutionKind.BUYER).id,
            price_minor=OWED - LOSS,
            currency="CNY",
            status=DealStatus.COMPLETED,
            agreed_at=clock.now(),
            pay_by=clock.now(),
            paid_at=clock.now(),
            completed_at=clock.now(),
        )
        session.add(deal)
        session.flush()
        session.add(a_settlement(scene, deal))
    return scene


def a_settlement(scene: Scene, deal: Deal) -> Settlement:
    """The statement that the waterfall of this sale would write."""
    bank = str(scene.bank.institution_id)
    line = {
        "step": "claim",
        "party": bank,
        "name": "",
        "due": OWED,
        "paid": OWED - LOSS,
        "rank": 1,
        "kind": "",
    }
    return Settlement(
        deal_id=deal.id,
        kind=PayoutKind.SETTLEMENT,
        lot_id=deal.lot_id,
        received_minor=deal.price_minor,
        currency="CNY",
        lines=[line],
        unpaid={bank: LOSS},
        content_hash=digest([line]),
        settled_at=clock.now(),
    )


def register_pledge(session: Session, scene: Scene) -> None:
    """The bank's pledge has its number in the register."""
    right = scene.lot.rights[0]
    pledge = session.scalars(select(Encumbrance).where(Encumbrance.right_id == right.id)).one()
    pledge.registration_number = "Y2024980001234"


def a_pool(scene: Scene, minor: int = 200_000_000, **changes: Any) -> Stage:
    """A pool under 54 : 26 : 16 : 4 with the fund's money in it; the others have not paid in."""
    with atomic() as session:
        fund = an_institution(session, InstitutionKind.FUND, "Zhongshan risk fund")
        fay = an_actor(session, InstitutionKind.FUND, frozenset({Role.OFFICER}), fund)
        finn = an_actor(session, InstitutionKind.FUND, frozenset({Role.APPROVER}), fund)
        insurer = an_institution(session, InstitutionKind.INSURER)
        appraiser = an_institution(session, InstitutionKind.AGENCY)
        pool = service.open_pool(
            session, fay, name="Zhongshan pool", area="Zhongshan", currency="CNY", public_totals=True
        )
        stage = Stage(scene, pool.id, fay, finn, insurer, appraiser)
    agree(stage, **changes)
    pay_in(stage, fund.id, minor)
    return stage


def terms(stage: Stage, **changes: Any) -> Agreement:
    named = {
        PartyRole.FUND: str(stage.fay.institution_id),
        PartyRole.INSURER: str(stage.insurer.id),
        PartyRole.APPRAISER: str(stage.appraiser.id),
    }
    parties = tuple(Party(role, share, named.get(role, "")) for role, share in SHARES.items())
    asked = (EvidenceKind.LOAN_CONTRACT, EvidenceKind.SETTLEMENT_STATEMENT)
    return replace(Agreement(parties=parties, evidence=asked), **changes)


def agree(stage: Stage, **changes: Any) -> None:
    """The next version of the agreement, in force from today."""
    with atomic() as session:
        version = service.propose_agreement(
            session,
            stage.fay,
            stage.pool_id,
            terms(stage, **changes),
            valid_from=clock.now().astimezone(clock.LOCAL_ZONE).date(),
            basis=Basis.SECONDARY,
            source="Zhongshan, as reported",
        )
    with atomic() as session:
        service.approve_agreement(session, stage.finn, version.id)


def pay_in(stage: Stage, party_id: uuid.UUID, minor: int) -> None:
    """Olga finds it on the bank statement, Otto confirms it."""
    with atomic() as session:
        movement = service.contribute(
            session, stage.scene.olga, stage.pool_id, party_id, minor=minor, bank_reference=uuid.uuid4().hex
        )
    with atomic() as session:
        service.answer_movement(session, stage.scene.otto, movement.id, confirm=True)


def a_claim(stage: Stage, *, named: bool = True) -> uuid.UUID:
    with atomic() as session:
        claim = service.claim(session, stage.bank, stage.scene.lot.id, stage.pool_id, LOAN)
    if named:
        with atomic() as session:
            service.add_evidence(
                session, stage.bank, claim.id, EvidenceKind.LOAN_CONTRACT, reference="L-2024-17"
            )
    return claim.id


def review_and_release(stage: Stage, claim_id: uuid.UUID) -> None:
    with atomic() as session:
        claim = service.review(session, stage.fay, claim_id, "The file is complete")
        seen = claim.content_hash
    with atomic() as session:
        service.release(session, stage.finn, claim_id, seen)


def labour() -> None:
    """What the worker does about compensation, until nothing is due; then every invariant is asked."""
    for job in JOBS:
        for _ in range(20):
            with atomic() as session:
                if not job(session):
                    break
        else:
            raise AssertionError(f"{job.__name__} never comes to rest")
    assert broken() == {}


def broken() -> dict[str, list[str]]:
    checks = (*invariants.CHECKS, *fund_invariants.CHECKS)
    with atomic() as session:
        return {name: problems for name, question in checks if (problems := question(session))}


def pay_payouts(stage: Stage) -> None:
    """Olga prepares, Otto approves, Olga finds each on the bank statement."""
    with atomic() as session:
        ids = list(session.scalars(select(Payout.id).where(Payout.status == PayoutStatus.DUE)))
    for payout_id in ids:
        with atomic() as session:
            payments.prepare_payout(session, stage.scene.olga, payout_id, "as released")
        with atomic() as session:
            payments.approve_payout(session, stage.scene.otto, payout_id, "as prepared")
        with atomic() as session:
            payments.confirm_paid(session, stage.scene.olga, payout_id, uuid.uuid4().hex)


def claim_of(session: Session, claim_id: uuid.UUID) -> CompensationClaim:
    return session.get_one(CompensationClaim, claim_id, populate_existing=True)


def parts_of(claim_id: uuid.UUID) -> dict[PartyRole, int]:
    with atomic() as session:
        return {part.role: part.minor for part in claim_of(session, claim_id).parts}


def holds(stage: Stage, party_id: uuid.UUID) -> int:
    """What a party has in the pool."""
    with atomic() as session:
        pool = session.get_one(CompensationPool, stage.pool_id)
        name = funds.account_of(Purpose.COMPENSATION, pool.currency, pool.id, party_id)
        return books.balance(session, name)
