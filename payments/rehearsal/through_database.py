"""A settlement case as a real deal: sold, paid, transferred, settled and paid out as live deals are."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions import service as auctions
from auctions.models import Auction
from auctions.rules import Action, Options, Terms
from auctions.scenarios.through_database import scratch_application
from auctions.service.scheduling import add_auction
from marketplace import clock
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealSource, DealStatus
from marketplace.listings.fees.models import LotCommission
from marketplace.listings.models import Lot
from marketplace.money import decimal_text
from marketplace.rule_packs import load
from payments import queries, service
from payments.forfeiture import COSTS, PRICE_GAP, SURPLUS, Default
from payments.models import Deposit, Payment, Payout, Settlement
from payments.rehearsal import cast as stage
from payments.rehearsal.cast import Cast
from payments.risk_sharing import service as risk_sharing
from payments.risk_sharing.rules import Share
from payments.rules import PayoutKind
from payments.service.forfeited import GAP
from payments.settlement_cases import Actual
from payments.waterfall import Claim, Sale, Step, add_up

_BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
# Paid in full by the next sale and the gap, so that the claims of a case are what is left to the deposit.
_SENIOR = "a creditor before them"


def settle_through_database(event: Sale | Default, look: Callable[[Session], None] | None = None) -> Actual:
    """What the live service makes of the event, in a scratch database; `look` sees how it ends."""
    fixed = FixedClock(_BEGIN)
    with scratch_application(), clock.use(fixed):
        with atomic() as session:
            cast = stage.a_cast(session)
        actual = _sale(event, cast, fixed) if isinstance(event, Sale) else _default(event, cast, fixed)
        stage.pay_out(cast)
        if look is not None:
            with atomic() as session:
                look(session)
        return actual


def _sale(sale: Sale, cast: Cast, fixed: FixedClock) -> Actual:
    with atomic() as session:
        lot = stage.a_lot(
            session,
            cast,
            pack="open",
            currency=sale.currency,
            claims=sale.claims,
            surplus_to=sale.surplus_to,
        )
        _fix_commissions(session, lot, sale)
        if sale.risk_sharing:
            _share_risk(session, cast, lot, sale)
        deal = _agree(session, cast, lot, sale.price)
        stage.record_costs(session, cast, deal, sale.costs, fixed)
        deal_id = deal.id
    _complete(cast, deal_id)
    with atomic() as session:
        settlement = _settlement(session, deal_id, PayoutKind.SETTLEMENT)
        paid = session.scalars(select(Payout).where(Payout.settlement_id == settlement.id))
        return Actual(
            payouts=add_up((payout.payee, payout.amount_minor) for payout in paid),
            unpaid=dict(settlement.unpaid),
            compensation=dict(settlement.compensation),
            pursuable=0,
        )


def _default(default: Default, cast: Cast, fixed: FixedClock) -> Actual:
    """The failed sale is an auction with a deposit, the next one a private sale after it."""
    with atomic() as session:
        lot = stage.a_lot(
            session,
            cast,
            pack="cn-bank" if default.pursue_shortfall else "cn-court",
            currency=default.currency,
            claims=_behind_senior(default),
            surplus_to=SURPLUS,
        )
        lot_id, auction_id = lot.id, _auction(session, lot, default).id
    _win_and_default(default, cast, fixed, auction_id)
    with atomic() as session:
        failed = session.scalars(select(Deal).where(Deal.status == DealStatus.DEFAULTED)).one()
        failed_id = failed.id
        fixed.advance(days=1)
        again = _agree(session, cast, session.get_one(Lot, lot_id), default.re_auction_price)
        stage.record_costs(session, cast, again, default.costs, fixed)
        again_id = again.id
    _complete(cast, again_id)
    with atomic() as session:
        settlement = _settlement(session, failed_id, PayoutKind.FORFEITURE)
        return Actual(
            payouts=add_up((_named(line), int(line["paid"])) for line in settlement.lines),
            unpaid=add_up(settlement.unpaid.items()),
            compensation={},
            pursuable=settlement.pursuable_minor,
        )


def _behind_senior(default: Default) -> tuple[Claim, ...]:
    """The case's claims, one rank lower, behind a claim that the next sale and the gap pay in full."""
    costs = sum(cost.amount for cost in default.costs)
    gap = max(0, default.price - default.re_auction_price)
    from_gap = min(gap, max(0, default.deposit - costs))
    senior = max(0, default.re_auction_price - max(0, costs - default.deposit)) + from_gap
    return (
        Claim(_SENIOR, 1, senior),
        *(Claim(claim.creditor, claim.rank + 1, claim.amount) for claim in default.claims),
    )


def _named(line: dict[str, object]) -> str:
    """What a case calls the payee of a line of the deposit's statement."""
    if line["step"] == Step.COST:
        return COSTS
    if line["step"] == Step.PRICE_GAP or line["kind"] == GAP:
        return PRICE_GAP
    return SURPLUS if line["step"] == Step.SURPLUS else str(line["party"])


def _auction(session: Session, lot: Lot, default: Default) -> Auction:
    """An auction that starts at the price of the failed sale, with the deposit of the case."""
    terms = Terms(
        auction_format="english",
        pack=load(lot.rule_pack, lot.rule_pack_version),
        currency=default.currency,
        start_price=default.price,
        increment=1,
        reserve_price=None,
        reference_price=None,
        deposit=default.deposit,
        opens_at=clock.now() + timedelta(hours=1),
        closes_at=clock.now() + timedelta(hours=25),
        options=Options(),
    )
    return add_auction(session, lot, terms, attempt=1)


def _win_and_default(default: Default, cast: Cast, fixed: FixedClock, auction_id: uuid.UUID) -> None:
    with atomic() as session:
        auctions.register(session, cast.buyer, auction_id)
    stage.drain(service.prepare_deposits)
    with atomic() as session:
        stage.receive(session, cast, session.scalars(select(Deposit)).one())
    fixed.advance(hours=2)
    with atomic() as session:
        amount = decimal_text(default.price, default.currency)
        auctions.place(session, cast.buyer, auction_id, Action.BID, amount, uuid.uuid4().hex)
    fixed.advance(hours=24)
    for job in (auctions.close_due, service.apply_winners, service.prepare_balances):
        stage.drain(job)
    fixed.advance(days=60)
    stage.drain(service.flag_overdue)
    with atomic() as session:
        payment = session.scalars(select(Payment)).one()
        service.declare_default(session, cast.officer, payment.id, "settlement case")


def _fix_commissions(session: Session, lot: Lot, sale: Sale) -> None:
    for position, one in enumerate(sale.commissions, start=1):
        session.add(
            LotCommission(
                lot_id=lot.id,
                position=position,
                party=one.to,
                name=one.label,
                borne_by=one.borne_by,
                rate="" if one.rate is None else stage.decimal(one.rate),
                table=one.table or "",
                share_of=one.share_of or "",
                fixed_at=clock.now(),
            )
        )


def _share_risk(session: Session, cast: Cast, lot: Lot, sale: Sale) -> None:
    """The parties of the case, a party that is named twice with the sum of its shares."""
    shares = [Share(entry.party, stage.decimal(entry.share)) for entry in sale.risk_sharing if entry.share]
    row = risk_sharing.draft(
        session, cast.bank, lot.id, document="case", shares=shares, reason="settlement case"
    )
    risk_sharing.answer(session, cast.checker, row.id, agreed=True, reason="settlement case")


def _agree(session: Session, cast: Cast, lot: Lot, price: int) -> Deal:
    return deals.agree(
        session,
        lot=lot,
        source=DealSource.OFFER,
        source_id=uuid.uuid4(),
        buyer_id=cast.second_buyer.institution_id,
        price_minor=price,
        mandate_id=None,
        pay_by=clock.now() + timedelta(days=15),
    )


def _complete(cast: Cast, deal_id: uuid.UUID) -> None:
    stage.pay_in(cast, deal_id)
    stage.transfer(cast, deal_id)
    stage.drain(service.settle_transferred)


def _settlement(session: Session, deal_id: uuid.UUID, kind: PayoutKind) -> Settlement:
    found = queries.settlement_of(session, deal_id, kind)
    if found is None:
        raise AssertionError("the live service has not settled the case")
    return found
