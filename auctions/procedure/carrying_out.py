"""What an approved step does: another attempt, a deal with the creditor itself, or the end of the sale.

A further kind of step (a window for offers, say) is one more function in `_DOES`, and one more kind that
`marketplace.rule_packs.ladder` allows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from auctions import service as bidding
from auctions.procedure.announcing import cancel_announced, tell_bidders
from auctions.procedure.models import StepDecision
from auctions.procedure.queries import open_auction
from auctions.procedure.rules import AttemptTerms
from auctions.service.telling import address
from marketplace.access import Actor
from marketplace.deals import service as deals
from marketplace.deals.rules import DealSource
from marketplace.listings import service as listings
from marketplace.listings.models import Lot
from marketplace.listings.queries import terms_of
from marketplace.listings.rules import AuctionFormat
from marketplace.listings.terms import LotTerms
from marketplace.notices.rules import NoticeKind
from marketplace.rule_packs import Pack, StepKind, load
from marketplace.rule_packs.packs import ReserveRule


@dataclass(frozen=True, slots=True)
class Approved:
    """A step that two persons agreed on, with the approver and the lot, which is locked."""

    actor: Actor
    lot: Lot
    proposal: StepDecision
    attempt: AttemptTerms | None
    now: datetime


def carry_out(session: Session, step: Approved) -> None:
    """Do what was decided.

    Raises:
        Refused, Conflict: as the verbs it calls: the step breaks a limit by now, or the lot has moved on.
    """
    _DOES[step.proposal.kind](session, step)


def terms_for(lot: Lot, kind: StepKind, attempt: AttemptTerms, pack: Pack) -> LotTerms:
    """The lot's terms for another attempt; a reserve that must be the start price follows it."""
    before, sale_off = terms_of(lot), kind is StepKind.SALE_OFF
    follows = pack.reserve.value is ReserveRule.EQUALS_START
    reserve = attempt.reserve_minor
    if follows:
        reserve = None if before.reserve_minor is None else attempt.start_price_minor
    changes_format = sale_off and before.auction_format is not AuctionFormat.SALE_OFF
    return replace(
        before,
        start_price_minor=attempt.start_price_minor,
        reserve_minor=reserve,
        reserve_public=before.reserve_public and reserve is not None,
        deposit_minor=attempt.deposit_minor,
        increment_minor=attempt.increment_minor,
        opens_at=attempt.opens_at,
        closes_at=attempt.closes_at,
        auction_format=AuctionFormat.SALE_OFF if sale_off else before.auction_format,
        options={} if changes_format else before.options,
    )


def _offer_again(session: Session, step: Approved) -> None:
    """The lot is back on the market under the new terms, its auction announced, earlier bidders told."""
    if step.attempt is None:
        raise AssertionError("another attempt without terms was proposed")
    lot, attempt = step.lot, step.attempt
    terms = terms_for(lot, step.proposal.kind, attempt, load(lot.rule_pack, lot.rule_pack_version))
    listings.offer_again(session, lot, terms, maker_id=step.proposal.person_id, checker=step.actor)
    auction = bidding.schedule(session, step.actor, lot.id, attempt.opens_at, attempt.closes_at)
    if step.proposal.after_id is not None:
        tell_bidders(session, step.proposal.after_id, NoticeKind.OFFERED_AGAIN, lot, address(auction.id))


_SOURCES = {StepKind.TAKING: DealSource.TAKING, StepKind.CONVERSION: DealSource.CONVERSION}


def _to_creditor(session: Session, step: Approved) -> None:
    """The creditor has the right at the price, which is set off against its claim."""
    lot, price = step.lot, step.proposal.price_minor
    if price is None:
        raise AssertionError("a taking without a price was proposed")
    pack = load(lot.rule_pack, lot.rule_pack_version)
    deals.agree(
        session,
        lot=lot,
        source=_SOURCES[step.proposal.kind],
        source_id=step.proposal.id,
        buyer_id=lot.institution_id,
        price_minor=price,
        mandate_id=None,
        pay_by=step.now + timedelta(days=pack.payment_days.value),
    )


_LEFT = {StepKind.REDEMPTION: NoticeKind.LOT_REDEEMED, StepKind.WITHDRAWAL: NoticeKind.LOT_WITHDRAWN}


def _leave(session: Session, step: Approved) -> None:
    """The announced auction is cancelled, its bidders hear why and get back their deposits."""
    lot, proposal = step.lot, step.proposal
    auction = open_auction(session, lot.id)
    if auction is not None:
        cancel_announced(session, step.actor, auction, reason=proposal.reason, kind=proposal.kind)
        tell_bidders(session, auction.id, _LEFT[proposal.kind], lot, address(auction.id))
    listings.leave_market(session, lot, step.actor, reason=proposal.reason, kind=proposal.kind)


_DOES: dict[StepKind, Callable[[Session, Approved], None]] = {
    StepKind.NEXT_AUCTION: _offer_again,
    StepKind.SALE_OFF: _offer_again,
    StepKind.TAKING: _to_creditor,
    StepKind.CONVERSION: _to_creditor,
    StepKind.REDEMPTION: _leave,
    StepKind.WITHDRAWAL: _leave,
}
