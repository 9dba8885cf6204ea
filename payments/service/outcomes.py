"""How a deposit ends: released, applied to the price, or forfeited. Exactly one of them, once."""

from sqlalchemy.orm import Session

from auctions.attempts import announced_deposit
from marketplace.deals.models import Deal
from marketplace.deals.queries import deal_from
from marketplace.deals.rules import DealSource, DealStatus
from marketplace.notices.rules import NoticeKind
from payments import ledger, queries
from payments.cards.rules import to_capture
from payments.models import Deposit
from payments.rules import CallVerb, DepositStatus, Method
from payments.service import books, calls, deposits, returns


def release_losers(session: Session) -> bool:
    """Give back one deposit of an ended auction to a bidder who has not won (法释〔2016〕18号 article 23).

    Card holds are let go by the gateway; a bank deposit becomes a payout that two persons release.
    """
    deposit = queries.loser_to_release(session)
    if deposit is None:
        return False
    if _on_card(deposit):
        calls.prepare(session, CallVerb.RELEASE, deposit, gateway_object=deposit.gateway_object)
    elif deposit.status is DepositStatus.HELD:
        release_to_balance(session, deposit)
    else:
        deposits.fail(session, deposit)
    return True


def release_to_balance(session: Session, deposit: Deposit) -> None:
    """The held money is the bidder's own again, and a payout returns it."""
    held = books.deposit_held(deposit.lot_id, deposit.institution_id, deposit.currency)
    own = books.buyer_balance(deposit.lot_id, deposit.institution_id, deposit.currency)
    deposits.post(session, deposit, "ended", ledger.movement(held, own, deposit.amount_minor))
    deposits.move(session, deposit, DepositStatus.RELEASED)
    returns.return_free(session, deposit.lot_id, deposit.institution_id, deposit.currency)
    deposits.tell(session, deposit, NoticeKind.DEPOSIT_RELEASED)


def released_by_gateway(session: Session, deposit: Deposit) -> None:
    """The gateway has let go of the card."""
    deposits.void_promise(session, deposit, "ended")
    deposits.move(session, deposit, DepositStatus.RELEASED)
    deposits.tell(session, deposit, NoticeKind.DEPOSIT_RELEASED)


def apply_winners(session: Session) -> bool:
    """Count one winner's deposit toward the agreed price; a card hold is captured, because it would run out.

    The deposit stays held until the price is paid in full (then it is applied) or the winner defaults (then
    it is forfeited).
    """
    deposit = queries.winner_to_apply(session)
    if deposit is None:
        return False
    auction_id = deposit.registration.auction_id
    deal = deal_from(session, DealSource.AUCTION, auction_id, deposit.institution_id)
    if deal is not None:
        bind(session, deposit, deal)
    return True


def bind(session: Session, deposit: Deposit, deal: Deal) -> None:
    """The deposit counts toward this deal."""
    deposit.deal_id = deal.id
    if _on_card(deposit):
        calls.prepare(
            session,
            CallVerb.CAPTURE,
            deposit,
            minor=to_capture(deposit.amount_minor, deal.price_minor),
            gateway_object=deposit.gateway_object,
        )


def apply_to_price(session: Session, deposit: Deposit, deal: Deal, minor: int) -> None:
    """`minor` of the deposit becomes part of the price; what exceeds the price is the buyer's again."""
    held = books.deposit_held(deposit.lot_id, deposit.institution_id, deposit.currency)
    rest = deposit.amount_minor - minor
    postings: tuple[ledger.Posting, ...] = ()
    if minor:
        postings += ledger.movement(held, books.escrow(deal.lot_id, deal.id, deal.currency), minor)
    if rest:
        own = books.buyer_balance(deposit.lot_id, deposit.institution_id, deposit.currency)
        postings += ledger.movement(held, own, rest)
    deposits.post(session, deposit, "ended", postings)
    deposits.move(session, deposit, DepositStatus.APPLIED)


def forfeit(session: Session, deposit: Deposit, deal: Deal) -> None:
    """The winner has defaulted: the deposit is not returned (article 24).

    A card hold is captured first, and a guarantor has to pay. What a sale-off had the bidder hold beyond the
    announced deposit goes back to it.
    """
    if _on_card(deposit) or on_letter(deposit):
        return
    stake = at_stake(deposit)
    held = books.deposit_held(deposit.lot_id, deposit.institution_id, deposit.currency)
    own = books.buyer_balance(deposit.lot_id, deposit.institution_id, deposit.currency)
    lost = books.forfeited(deal.lot_id, deal.id, deal.currency)
    parts = ((lost, stake), (own, deposit.amount_minor - stake))
    postings = [posting for to, minor in parts if minor for posting in ledger.movement(held, to, minor)]
    deposits.post(session, deposit, "ended", tuple(postings))
    deposits.move(session, deposit, DepositStatus.FORFEITED)
    returns.return_free(session, deposit.lot_id, deposit.institution_id, deposit.currency)
    deposits.tell(session, deposit, NoticeKind.DEPOSIT_FORFEITED)


def at_stake(deposit: Deposit) -> int:
    """What a default costs its buyer, in minor units: the announced deposit, never more than is held."""
    return min(deposit.amount_minor, announced_deposit(deposit.registration.auction))


def captured(session: Session, deposit: Deposit, minor: int) -> None:
    """The gateway has taken the held amount: it is cash now; a default that waited for it is settled."""
    promise = deposits.promise_of(session, deposit)
    books.confirm(session, promise, deposits.key_of(deposit, "captured"), minor=minor)
    deposit.captured_minor = deposit.amount_minor = minor
    deal = session.get(Deal, deposit.deal_id) if deposit.deal_id else None
    if deal is not None and deal.status is DealStatus.DEFAULTED:
        forfeit(session, deposit, deal)


def honour(session: Session, deposit: Deposit, deal: Deal) -> None:
    """Money has come for a guarantee that was called: once it is the whole, the deposit is forfeited."""
    own = books.buyer_balance(deposit.lot_id, deposit.institution_id, deposit.currency)
    if not on_letter(deposit) or books.balance(session, own) < deposit.amount_minor:
        return
    deposits.void_promise(session, deposit, "honoured")
    held = books.deposit_held(deposit.lot_id, deposit.institution_id, deposit.currency)
    deposits.post(session, deposit, "paid", ledger.movement(own, held, deposit.amount_minor))
    deposit.captured_minor = deposit.amount_minor
    forfeit(session, deposit, deal)


def on_letter(deposit: Deposit) -> bool:
    """Whether a guarantor has promised the money and not paid it."""
    return deposit.method is Method.GUARANTEE and not deposit.captured_minor


def _on_card(deposit: Deposit) -> bool:
    """Whether the money is still on the bidder's card."""
    return deposit.method is Method.STRIPE and not deposit.captured_minor
