"""Who takes part in a settlement case, and the acts by which money comes in and goes out."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.rules import TransferStep
from marketplace.listings.models import DefaultCase, Lot
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Institution, Person
from marketplace.parties.rules import InstitutionStatus
from marketplace.rights.models import Encumbrance, Right
from marketplace.rights.rules import EncumbranceKind, RightType
from marketplace.rule_packs import load
from payments import service
from payments.models import Deposit, Payment, Payout
from payments.rules import PayoutStatus
from payments.waterfall import Claim, Cost

# One step of a rehearsal, in its own transaction as at a door.
Job = Callable[[Session], bool]
_MOST_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Cast:
    """The selling bank, two buyers, and the operator's officer and approver."""

    bank: Actor
    checker: Actor
    buyer: Actor
    second_buyer: Actor
    officer: Actor
    approver: Actor


def a_cast(session: Session) -> Cast:
    bank, operator = (
        _institution(session, InstitutionKind.BANK),
        _institution(session, InstitutionKind.OPERATOR),
    )
    buyers = [_institution(session, InstitutionKind.BUYER) for _ in range(2)]
    return Cast(
        bank=_actor(session, bank),
        checker=_actor(session, bank),
        buyer=_actor(session, buyers[0]),
        second_buyer=_actor(session, buyers[1]),
        officer=_actor(session, operator),
        approver=_actor(session, operator),
    )


def a_lot(
    session: Session, cast: Cast, *, pack: str, currency: str, claims: tuple[Claim, ...], surplus_to: str
) -> Lot:
    """A published lot of one right that secures the claims; the bank's own loan is paid already."""
    right = Right(
        institution_id=cast.bank.institution_id,
        right_type=RightType.INVENTION,
        number=f"CN{uuid.uuid4().hex[:12].upper()}",
        title="settlement case",
        applicant=surplus_to,
        classes=[],
        imported_at=clock.now(),
    )
    case = DefaultCase(
        institution_id=cast.bank.institution_id,
        reference=uuid.uuid4().hex[:12],
        debtor=surplus_to,
        pledgor=surplus_to,
        currency=currency,
        opened_at=clock.now(),
    )
    session.add_all([right, case])
    session.flush()
    session.add_all([_encumbrance(right, number, claim, currency) for number, claim in enumerate(claims)])
    lot = Lot(
        institution_id=cast.bank.institution_id,
        default_case=case,
        rights=[right],
        reference=uuid.uuid4().hex[:12],
        title="settlement case",
        status=LotStatus.PUBLISHED,
        currency=currency,
        rule_pack=pack,
        rule_pack_version=load(pack).version,
        drafted_at=clock.now(),
        published_at=clock.now(),
        changed_at=clock.now(),
    )
    session.add(lot)
    session.flush()
    session.refresh(right)
    return lot


def record_costs(
    session: Session, cast: Cast, deal: Deal, costs: tuple[Cost, ...], fixed: FixedClock
) -> None:
    """Each cost a moment after the one before: they are paid in that order."""
    for cost in costs:
        fixed.advance(microseconds=1)
        if cost.amount:
            service.record_cost(
                session, cast.officer, deal.id, payee=cost.to, kind=cost.kind, minor=cost.amount
            )


def pay_in(cast: Cast, deal_id: uuid.UUID) -> None:
    """The balance is asked for and arrives."""
    drain(service.prepare_balances)
    with atomic() as session:
        payment = session.scalars(select(Payment).where(Payment.deal_id == deal_id)).one()
        if payment.amount_minor:
            receive(session, cast, payment)


def receive(session: Session, cast: Cast, row: Deposit | Payment) -> None:
    """The bank statement shows the whole amount under the row's reference."""
    service.confirm_receipt(
        session,
        cast.officer,
        reference=row.reference,
        minor=row.amount_minor,
        currency=row.currency,
        bank_reference=uuid.uuid4().hex,
    )


def transfer(cast: Cast, deal_id: uuid.UUID) -> None:
    """Every step of the title transfer is recorded."""
    for step in TransferStep:
        actor = cast.officer if step is TransferStep.RECORDAL_CONFIRMED else cast.bank
        with atomic() as session:
            deals.record_step(session, actor, deal_id, step, str(step))


def pay_out(cast: Cast) -> None:
    """Every payout is prepared, approved by another person, and found on the bank statement."""
    with atomic() as session:
        due = list(session.scalars(select(Payout.id).where(Payout.status == PayoutStatus.DUE)))
    for payout_id in due:
        with atomic() as session:
            service.prepare_payout(session, cast.officer, payout_id, "as settled")
            service.approve_payout(session, cast.approver, payout_id, "as prepared")
            service.confirm_paid(session, cast.officer, payout_id, uuid.uuid4().hex)


def drain(job: Job) -> None:
    """Let the worker's job do everything that is due."""
    for _ in range(_MOST_STEPS):
        with atomic() as session:
            if not job(session):
                return
    raise AssertionError(f"{job.__name__} never comes to rest")


def decimal(fraction: Fraction) -> str:
    """A fraction that was read from a decimal text, as such a text."""
    return f"{Decimal(fraction.numerator) / Decimal(fraction.denominator):f}"


def _encumbrance(right: Right, number: int, claim: Claim, currency: str) -> Encumbrance:
    return Encumbrance(
        right_id=right.id,
        kind=EncumbranceKind.PLEDGE,
        holder=claim.creditor,
        registration_number=f"case-{number}",
        rank=claim.rank,
        claim_minor=claim.amount,
        currency=currency,
    )


def _institution(session: Session, kind: InstitutionKind) -> Institution:
    name = f"{kind} {uuid.uuid4()}"
    institution = Institution(
        kind=kind,
        status=InstitutionStatus.VERIFIED,
        name=name,
        registration_number=name[-36:],
        registered_at=clock.now(),
        verified_at=clock.now(),
    )
    session.add(institution)
    session.flush()
    return institution


def _actor(session: Session, institution: Institution) -> Actor:
    person = Person(
        institution_id=institution.id,
        email=f"{uuid.uuid4().hex}@example.com",
        name="rehearsal",
        password_hash="!",  # noqa: S106 - nobody signs in with it
        roles=sorted(Role),
        language="en",
        registered_at=clock.now(),
    )
    session.add(person)
    session.flush()
    return Actor(person.id, institution.id, institution.kind, frozenset(Role), verified=True)
