"""Handing in a guarantee letter, checking it, and what becomes of it."""

import hashlib
import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from auctions.fair_play.queries import operators
from auctions.models import Auction
from auctions.rules import Outcome
from marketplace import clock, rule_packs
from marketplace.access import Actor, Subject, Verb, require, require_four_eyes
from marketplace.errors import Conflict, Refused
from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.status import check_move
from payments import queries as money
from payments.guarantees import queries
from payments.guarantees.models import GuaranteeLetter
from payments.guarantees.rules import (
    GUARANTEE_MOVES,
    GuaranteeReason,
    GuaranteeStatus,
    Letter,
    check_document,
    check_letter,
    needed_until,
)
from payments.models import Deposit
from payments.rules import DepositStatus, Method, Reason, check_reason
from payments.service import deposits
from payments.service.acts import record


def takes_letters(auction: Auction) -> bool:
    """Whether the rule pack takes a guarantee letter for a deposit, and the auction's end is known."""
    pack = rule_packs.load(auction.rule_pack, auction.rule_pack_version)
    taken = pack.deposit_by_guarantee
    return taken is not None and taken.value and auction.closes_at is not None


def least_end(auction: Auction) -> datetime | None:
    """How long a letter must bind at least; None where nobody can know it."""
    pack = rule_packs.load(auction.rule_pack, auction.rule_pack_version)
    return needed_until(auction.closes_at, pack.payment_days.value) if auction.closes_at else None


def hand_in(
    session: Session, actor: Actor, deposit_id: uuid.UUID, letter: Letter, document: bytes
) -> GuaranteeLetter:
    """The bidder hands in a letter; nobody may bid on it before two officers have looked at it.

    Raises:
        Refused: the pack takes none, it is too small or ends too early, stands elsewhere, or is no PDF.
        Conflict: the deposit does not wait for a way to pay, or the auction has ended.
        NotFound, NotAllowed: as `access.require`.
    """
    deposit = money.lock_deposit(session, deposit_id)
    require(actor, Verb.PAY_DEAL, deposits.subject_of(deposit))
    auction = deposit.registration.auction
    if deposit.status is not DepositStatus.REQUIRED or auction.outcome is not Outcome.OPEN:
        raise Conflict(Reason.NOT_AWAITED)
    until = least_end(auction)
    if not takes_letters(auction) or until is None:
        raise Refused(GuaranteeReason.NOT_TAKEN)
    check_letter(letter, deposit.amount_minor, until)
    check_document(document)
    if queries.stands_elsewhere(session, letter.guarantor, letter.number, deposit.id):
        raise Refused(GuaranteeReason.STANDS_ELSEWHERE, field="number")
    row = _row(actor, deposit, letter, document)
    session.add(row)
    deposits.move(session, deposit, DepositStatus.PENDING, actor=actor, method=Method.GUARANTEE)
    deposit.method, deposit.problem = Method.GUARANTEE, ""
    session.flush()
    record(session, "guarantee_handed_in", row.id, actor, digest=row.digest)
    _tell_operators(session, row, NoticeKind.GUARANTEE_HANDED_IN)
    return row


def _row(actor: Actor, deposit: Deposit, letter: Letter, document: bytes) -> GuaranteeLetter:
    return GuaranteeLetter(
        deposit_id=deposit.id,
        deposit=deposit,
        guarantor=letter.guarantor,
        number=letter.number,
        amount_minor=letter.minor,
        valid_until=letter.valid_until,
        document=document,
        digest=hashlib.sha256(document).hexdigest(),
        handed_in_by_id=actor.person_id,
        handed_in_at=clock.now(),
    )


def check(session: Session, actor: Actor, letter_id: uuid.UUID, note: str) -> GuaranteeLetter:
    """The first officer has asked the guarantor whether it has given the letter, and says how.

    Raises:
        Refused: without a note.
        Conflict: it is not handed in any more.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    letter = queries.lock_letter(session, letter_id)
    letter.check_note = check_reason(note)
    _move(session, letter, GuaranteeStatus.CHECKED, actor, letter.check_note)
    letter.checked_by_id, letter.checked_at = actor.person_id, clock.now()
    return letter


def accept(session: Session, actor: Actor, letter_id: uuid.UUID, reason: str) -> GuaranteeLetter:
    """The second officer takes the letter: the deposit is promised, and the bidder may bid.

    Raises:
        Refused: without a reason, or it ends too early by now.
        Conflict: nobody has checked it, or the auction has ended.
        NotAllowed: the actor has checked it, or as `access.require`.
    """
    require(actor, Verb.RELEASE_MONEY)
    letter, deposit = _with_deposit(session, letter_id)
    require_four_eyes(
        actor, Subject(makers=frozenset({letter.checked_by_id} if letter.checked_by_id else ()))
    )
    if deposit.registration.auction.outcome is not Outcome.OPEN or letter.valid_until <= clock.now():
        raise Conflict(Reason.NOT_AWAITED)
    _decide(session, letter, GuaranteeStatus.ACCEPTED, actor, reason)
    deposits.hold_promised(session, deposit, Method.BANK_TRANSFER)
    return letter


def refuse(session: Session, actor: Actor, letter_id: uuid.UUID, reason: str) -> GuaranteeLetter:
    """An officer does not take the letter; the bidder hears why and may pay otherwise.

    Raises:
        Refused: without a reason.
        Conflict: it is decided.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    letter, deposit = _with_deposit(session, letter_id)
    _decide(session, letter, GuaranteeStatus.REFUSED, actor, reason)
    letter.ended_at = clock.now()
    deposits.ask_again(session, deposit, letter.reason)
    return letter


def withdraw(session: Session, actor: Actor, letter_id: uuid.UUID) -> GuaranteeLetter:
    """The bidder takes a letter back that is not accepted yet, and may pay otherwise.

    Raises:
        Conflict: it is decided.
        NotFound, NotAllowed: as `access.require`.
    """
    letter, deposit = _with_deposit(session, letter_id)
    require(actor, Verb.PAY_DEAL, deposits.subject_of(deposit))
    _move(session, letter, GuaranteeStatus.WITHDRAWN, actor)
    letter.ended_at = clock.now()
    deposits.ask_again(session, deposit)
    return letter


def give_up(session: Session, actor: Actor, letter_id: uuid.UUID, reason: str) -> GuaranteeLetter:
    """The guarantor does not pay what was called: the deposit has failed; nothing is distributed of it.

    Raises:
        Refused: without a reason.
        Conflict: it was not called, or was paid.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.RELEASE_MONEY)
    letter, deposit = _with_deposit(session, letter_id)
    _decide(session, letter, GuaranteeStatus.DISHONOURED, actor, reason)
    letter.ended_at = clock.now()
    deposits.void_promise(session, deposit, "dishonoured")
    deposits.fail(session, deposit)
    return letter


def call_due(session: Session) -> bool:
    """Call one letter whose bidder has defaulted; True when there was one."""
    letter = queries.letter_to_call(session)
    if letter is None:
        return False
    _move(session, letter, GuaranteeStatus.CALLED, None)
    letter.called_at = clock.now()
    deposits.tell(session, letter.deposit, NoticeKind.GUARANTEE_CALLED)
    _tell_operators(session, letter, NoticeKind.GUARANTEE_CALLED)
    return True


def note_paid(session: Session) -> bool:
    """One guarantor has paid; True when there was one."""
    letter = queries.letter_paid(session)
    if letter is None:
        return False
    _move(session, letter, GuaranteeStatus.PAID, None)
    letter.ended_at = clock.now()
    return True


def return_due(session: Session) -> bool:
    """Give one letter back that is not needed any more; True when there was one."""
    letter = queries.letter_to_return(session)
    if letter is None:
        return False
    deposit = money.lock_deposit(session, letter.deposit_id)
    _move(session, letter, GuaranteeStatus.RETURNED, None)
    letter.ended_at = clock.now()
    deposits.void_promise(session, deposit, "ended")
    deposits.move(session, deposit, DepositStatus.RELEASED)
    deposits.tell(session, deposit, NoticeKind.DEPOSIT_RELEASED)
    return True


def lapse_due(session: Session) -> bool:
    """One letter has run out: its bidder may bid no more until the deposit is held again."""
    letter = queries.letter_run_out(session, clock.now())
    if letter is None:
        return _warn(session)
    deposit = money.lock_deposit(session, letter.deposit_id)
    _move(session, letter, GuaranteeStatus.LAPSED, None)
    letter.ended_at = clock.now()
    deposits.lose_hold(session, deposit)
    return True


def _warn(session: Session) -> bool:
    letter = queries.letter_to_warn_of(session, clock.now())
    if letter is None:
        return False
    letter.warned_at = clock.now()
    deposits.tell(session, letter.deposit, NoticeKind.GUARANTEE_ENDS)
    _tell_operators(session, letter, NoticeKind.GUARANTEE_ENDS)
    return True


def _with_deposit(session: Session, letter_id: uuid.UUID) -> tuple[GuaranteeLetter, Deposit]:
    letter = queries.lock_letter(session, letter_id)
    return letter, money.lock_deposit(session, letter.deposit_id)


def _decide(
    session: Session, letter: GuaranteeLetter, new: GuaranteeStatus, actor: Actor, reason: str
) -> None:
    letter.reason = check_reason(reason)
    _move(session, letter, new, actor, letter.reason)
    letter.decided_by_id, letter.decided_at = actor.person_id, clock.now()


def _move(
    session: Session, letter: GuaranteeLetter, new: GuaranteeStatus, actor: Actor | None, reason: str = ""
) -> None:
    check_move(GUARANTEE_MOVES, letter.status, new)
    letter.status = new
    record(session, f"guarantee_{new}", letter.id, actor, reason=reason, deposit=str(letter.deposit_id))


def _tell_operators(session: Session, letter: GuaranteeLetter, kind: NoticeKind) -> None:
    for operator in operators(session):
        notify(
            session,
            operator.id,
            kind,
            "/money/guarantees",
            title=letter.deposit.registration.auction.lot.title,
            amount=Money(letter.deposit.amount_minor, letter.deposit.currency),
            due_at=letter.valid_until,
        )
