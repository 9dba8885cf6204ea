"""Deposits before the auction ends: asked for, a way to pay chosen, held, run out."""

import uuid

from sqlalchemy.orm import Session

from auctions import service as auctions
from auctions.rules import Outcome
from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.status import check_move
from payments import ledger, queries
from payments.cards import queries as cards
from payments.cards.rules import CardReason
from payments.gateways.bank_transfer import new_reference
from payments.models import Deposit, LedgerTransaction
from payments.rules import (
    DEPOSIT_MOVES,
    DEPOSIT_OUTCOMES,
    CallVerb,
    DepositStatus,
    Method,
    Reason,
    check_card_amount,
)
from payments.service import books, calls, returns
from payments.service.acts import record


def prepare_deposits(session: Session) -> bool:
    """Ask one bidder for the deposit of a running auction; True when there was one to ask."""
    registration = queries.registration_without_deposit(session)
    if registration is None:
        return False
    deposit = Deposit(
        registration_id=registration.id,
        institution_id=registration.institution_id,
        lot_id=registration.auction.lot_id,
        amount_minor=registration.deposit_minor,
        currency=registration.auction.currency,
        reference=new_reference(),
        required_at=clock.now(),
    )
    session.add(deposit)
    session.flush()
    tell(session, deposit, NoticeKind.DEPOSIT_DUE)
    audit.record(session, "payments.require_deposit", deposit.id, amount_minor=deposit.amount_minor)
    return True


def subject_of(deposit: Deposit) -> Subject:
    """The deposit as the access rules see it: the bidder's, and the agency's that bids for it."""
    mandate = deposit.registration.mandate
    agencies = frozenset({mandate.agency_id}) if mandate else frozenset[uuid.UUID]()
    return Subject(owner_id=deposit.institution_id, parties=agencies)


def choose_method(
    session: Session,
    actor: Actor,
    deposit_id: uuid.UUID,
    method: Method,
    offered: frozenset[Method],
    *,
    card_id: uuid.UUID | None = None,
) -> Deposit:
    """The bidder says how the deposit will be paid; on a card it is held late, by `payments.cards`.

    Raises:
        Refused: the method is not offered, the amount is too large for a card, or the card is not saved.
        Conflict: the deposit is not waiting for that, or the auction has ended.
        NotFound, NotAllowed: as `access.require`.
    """
    deposit = queries.lock_deposit(session, deposit_id)
    require(actor, Verb.PAY_DEAL, subject_of(deposit))
    if method not in offered:
        raise Refused(Reason.METHOD_NOT_OFFERED, field="method")
    if method is Method.STRIPE:
        check_card_amount(deposit.amount_minor, deposit.currency)
        _check_card(session, actor, deposit, card_id)
    if deposit.registration.auction.outcome is not Outcome.OPEN:
        raise Conflict(Reason.NOT_AWAITED)
    move(session, deposit, DepositStatus.PENDING, actor=actor, method=method)
    deposit.method, deposit.problem = method, ""
    deposit.card_id = card_id if method is Method.STRIPE else None
    return deposit


def _check_card(session: Session, actor: Actor, deposit: Deposit, card_id: uuid.UUID | None) -> None:
    """Only the bidder itself may use a card it has saved, not its agency; none means the gateway's page."""
    usable = {card.id for card in cards.usable_cards(session, deposit.institution_id, clock.now())}
    own = actor.institution_id == deposit.institution_id
    if card_id is not None and not (own and card_id in usable):
        raise Refused(CardReason.CARD_NOT_SAVED, field="method")


def choose_again(session: Session, actor: Actor, deposit_id: uuid.UUID) -> Deposit:
    """The bidder wants to pay in another way; a card page that is open is closed first.

    Raises:
        Conflict: nothing was chosen, or the gateway has not answered yet.
    """
    deposit = queries.lock_deposit(session, deposit_id)
    require(actor, Verb.PAY_DEAL, subject_of(deposit))
    if deposit.status is not DepositStatus.PENDING:
        raise Conflict(Reason.NOT_AWAITED)
    if deposit.method is Method.BANK_TRANSFER:
        ask_again(session, deposit)
    elif deposit.gateway_object:
        calls.prepare_once(session, CallVerb.RELEASE, deposit, deposit.gateway_object)
    elif cards.hold_asked(session, deposit.id):
        raise Conflict(Reason.NOT_AWAITED)
    else:
        ask_again(session, deposit)
    return deposit


def take_from_balance(session: Session, deposit: Deposit) -> None:
    """Hold the deposit out of the bidder's balance once it suffices; until then the money waits there."""
    if deposit.status not in {DepositStatus.REQUIRED, DepositStatus.PENDING}:
        return
    promised = deposit.method in {Method.STRIPE, Method.GUARANTEE}
    if promised or deposit.registration.auction.outcome is not Outcome.OPEN:
        return
    source = books.buyer_balance(deposit.lot_id, deposit.institution_id, deposit.currency)
    if books.balance(session, source) < deposit.amount_minor:
        return
    if deposit.status is DepositStatus.REQUIRED:
        move(session, deposit, DepositStatus.PENDING, method=Method.BANK_TRANSFER)
        deposit.method = Method.BANK_TRANSFER
    hold(session, deposit, source)


def hold(session: Session, deposit: Deposit, source: ledger.AccountName) -> None:
    """The money is here, on `source`: the bidder may bid."""
    target = books.deposit_held(deposit.lot_id, deposit.institution_id, deposit.currency)
    post(session, deposit, "held", ledger.movement(source, target, deposit.amount_minor))
    _admit(session, deposit)


def hold_promised(session: Session, deposit: Deposit, where: Method) -> None:
    """The amount is promised, held on a card or by a guarantor: the bidder may bid.

    `where` is the cash it will arrive as when it is captured or called.
    """
    _promise(session, deposit, where, "held")
    _admit(session, deposit)


def promise_again(session: Session, deposit: Deposit, minor: int) -> None:
    """Another amount is held on the card now: what it promised gives way to a promise of that amount."""
    void_promise(session, deposit, f"{minor}:raised")
    old, deposit.amount_minor = deposit.amount_minor, minor
    _promise(session, deposit, Method.STRIPE, f"{minor}:held")
    record(session, "raise_hold", deposit.id, None, old=old, new=minor)


def _promise(session: Session, deposit: Deposit, where: Method, what: str) -> None:
    target = books.deposit_held(deposit.lot_id, deposit.institution_id, deposit.currency)
    source = ledger.cash(where, deposit.currency)
    books.pend(
        session,
        key_of(deposit, what),
        subject_id=deposit.id,
        lot_id=deposit.lot_id,
        postings=ledger.movement(source, target, deposit.amount_minor),
    )


def promise_of(session: Session, deposit: Deposit) -> LedgerTransaction:
    """What the deposit's card hold or guarantee promises."""
    (promise,) = books.promises(session, deposit.id)
    return promise


def _admit(session: Session, deposit: Deposit) -> None:
    move(session, deposit, DepositStatus.HELD)
    deposit.held_at = clock.now()
    auctions.set_deposit_held(session, deposit.registration_id, held=True)
    tell(session, deposit, NoticeKind.DEPOSIT_HELD)


def void_promise(session: Session, deposit: Deposit, what: str) -> None:
    """Nobody has to pay any more what was promised for the deposit."""
    books.void(session, promise_of(session, deposit), key_of(deposit, what))


def lose_hold(session: Session, deposit: Deposit) -> None:
    """What was promised has run out without our asking: no bidding until the deposit is held again."""
    void_promise(session, deposit, "expired")
    deposit.amount_minor = deposit.registration.deposit_minor
    move(session, deposit, DepositStatus.EXPIRED)
    auctions.set_deposit_held(session, deposit.registration_id, held=False)
    ask_again(session, deposit)


def ask_again(session: Session, deposit: Deposit, problem: str = "") -> None:
    """Back to the choice of a method; where the auction has ended, the deposit has failed instead."""
    move(session, deposit, DepositStatus.REQUIRED)
    deposit.method, deposit.gateway_object, deposit.hosted_url = None, "", ""
    deposit.hold_expires_at, deposit.problem = None, problem[:300]
    deposit.card_id = deposit.warned_at = None
    if deposit.renewal_object:
        calls.prepare_once(session, CallVerb.RELEASE, deposit, deposit.renewal_object)
        deposit.renewal_object = ""
    deposit.attempt += 1
    if deposit.registration.auction.outcome is Outcome.OPEN:
        tell(session, deposit, NoticeKind.DEPOSIT_DUE)
        return
    fail(session, deposit)


def fail(session: Session, deposit: Deposit) -> None:
    """The auction ended without the deposit; what came of it goes back."""
    move(session, deposit, DepositStatus.FAILED)
    returns.return_free(session, deposit.lot_id, deposit.institution_id, deposit.currency)


def move(
    session: Session, deposit: Deposit, new: DepositStatus, *, actor: Actor | None = None, **facts: str
) -> None:
    """Move the status by its table, and record it."""
    check_move(DEPOSIT_MOVES, deposit.status, new)
    old, deposit.status = deposit.status, new
    if new in DEPOSIT_OUTCOMES:
        deposit.ended_at = clock.now()
    record(session, f"deposit_{new}", deposit.id, actor, old=old, **facts)


def post(session: Session, deposit: Deposit, what: str, postings: tuple[ledger.Posting, ...]) -> None:
    """Post once per deposit, attempt and event."""
    key = key_of(deposit, what)
    books.post(session, key, subject_id=deposit.id, lot_id=deposit.lot_id, postings=postings)


def key_of(deposit: Deposit, what: str) -> str:
    """The key of a ledger transaction: each event once per deposit and attempt."""
    return f"deposit:{deposit.id}:{deposit.attempt}:{what}"


def tell(session: Session, deposit: Deposit, kind: NoticeKind) -> None:
    """A notice to the bidder, and to the agency that bids for it."""
    subject = subject_of(deposit)
    for institution_id in sorted({deposit.institution_id, *subject.parties}):
        notify(
            session,
            institution_id,
            kind,
            f"/money/registrations/{deposit.registration_id}/deposit",
            title=deposit.registration.auction.lot.title,
            amount=Money(deposit.amount_minor, deposit.currency),
            due_at=deposit.registration.auction.closes_at if kind is NoticeKind.DEPOSIT_DUE else None,
        )
