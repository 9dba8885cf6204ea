"""What becomes of an agreed price: paid or not, title transferred, completed."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.deals import queries
from marketplace.deals.models import Deal, TransferRecord
from marketplace.deals.rules import (
    DEAL_MOVES,
    SET_OFF,
    DealReason,
    DealSource,
    DealStatus,
    TransferStep,
    check_step,
)
from marketplace.deals.waivers.queries import waiver_in_force
from marketplace.deals.waivers.service import title_settled
from marketplace.deals.windows.closing import close_by_deal
from marketplace.errors import Conflict, Refused
from marketplace.listings import service as listings
from marketplace.listings.models import Lot
from marketplace.listings.queries import kin_of, lock_lot
from marketplace.listings.rules import FOR_SALE, LotStatus
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.status import check_move


def agree(
    session: Session,
    *,
    lot: Lot,
    source: DealSource,
    source_id: uuid.UUID,
    buyer_id: uuid.UUID,
    price_minor: int,
    mandate_id: uuid.UUID | None,
    pay_by: datetime,
) -> Deal:
    """Record the price that was reached, and reserve the lot; offers in a window lapse but the one agreed on.

    The same source and buyer agree once.

    `price_minor` is in minor units of the lot's currency; `mandate_id` is the mandate whose agency brought
    this price, None where no agency did; by `pay_by` the whole price must be held.

    Raises:
        Conflict: the lot, or one that offers some of its rights, has another deal; or it is not for sale. An
            auction may agree on the lot it has reserved; an offer may not.
    """
    lot = lock_lot(session, lot.id)
    existing = queries.deal_from(session, source, source_id, buyer_id)
    if existing is not None:
        return existing
    _check_free(session, lot, source)
    deal = Deal(
        lot_id=lot.id,
        source=source,
        source_id=source_id,
        seller_id=lot.institution_id,
        buyer_id=buyer_id,
        mandate_id=mandate_id,
        price_minor=price_minor,
        currency=lot.currency,
        status=DealStatus.AGREED,
        agreed_at=clock.now(),
        pay_by=pay_by,
    )
    session.add(deal)
    session.flush()
    listings.reserve(session, lot)
    close_by_deal(session, lot.id)
    audit.record(session, "deals.agree", deal.id, lot=str(lot.id), source=source, price_minor=price_minor)
    return deal


def _check_free(session: Session, lot: Lot, source: DealSource) -> None:
    if any(queries.live_deal(session, found.id) for found in (lot, *kin_of(session, lot))):
        raise Conflict(DealReason.LOT_HAS_A_DEAL)
    held_by_auction = source is DealSource.AUCTION and lot.status is LotStatus.RESERVED
    if lot.status not in FOR_SALE and not held_by_auction:
        raise Conflict(DealReason.LOT_NOT_FOR_SALE)


def mark_paid(session: Session, deal: Deal) -> None:
    """The whole price is held; a deal that is paid already stays as it is.

    Raises:
        Conflict: the deal is completed or defaulted.
    """
    deal = queries.lock_deal(session, deal.id)
    if deal.status is DealStatus.PAID:
        return
    _move(session, deal, DealStatus.PAID)
    deal.paid_at = clock.now()
    _tell_parties(session, deal, NoticeKind.TRANSFER_TO_FILE)


def mark_defaulted(session: Session, deal: Deal) -> None:
    """The buyer did not pay. A lot sold by offer is back on the market; an auctioned one stays reserved.

    A creditor that did not pay in what exceeds its claim has not taken the lot, which is unsold again.

    What comes next for an auctioned lot is in the auction's rule pack: the runner-up's deal, or no sale.

    Raises:
        Conflict: the deal is paid or completed.
    """
    deal = queries.lock_deal(session, deal.id)
    if deal.status is DealStatus.DEFAULTED:
        return
    _move(session, deal, DealStatus.DEFAULTED)
    if deal.source is DealSource.OFFER:
        listings.release(session, deal.lot, sold=None)
    if deal.source in SET_OFF:
        listings.release(session, deal.lot, sold=False)


def postpone(session: Session, deal: Deal, waited: timedelta) -> None:
    """Give the buyer back the time in which somebody else had to decide; an agreed deal only."""
    deal = queries.lock_deal(session, deal.id)
    if deal.status is DealStatus.AGREED and waited > timedelta(0):
        deal.pay_by += waited
        audit.record(session, "deals.postpone", deal.id, pay_by=deal.pay_by.isoformat())


def complete(session: Session, deal: Deal) -> None:
    """Title is transferred or waived and the money released: the lot is sold. A completed deal stays so.

    Raises:
        Refused: the office has not confirmed the transfer, and nobody has waived it.
        Conflict: the deal is not paid.
    """
    deal = queries.lock_deal(session, deal.id)
    if deal.status is DealStatus.COMPLETED:
        return
    if not title_settled(session, deal):
        raise Refused(DealReason.TITLE_NOT_TRANSFERRED)
    _move(session, deal, DealStatus.COMPLETED)
    deal.completed_at = clock.now()
    listings.release(session, deal.lot, sold=True)


def rescind(session: Session, deal: Deal) -> None:
    """The sale is undone before its money was distributed, and the price goes back: the lot is unsold again.

    Raises:
        Conflict: the deal is not paid, or is completed.
    """
    deal = queries.lock_deal(session, deal.id)
    _move(session, deal, DealStatus.RESCINDED)
    listings.release(session, deal.lot, sold=False)


def record_step(
    session: Session, actor: Actor, deal_id: uuid.UUID, step: TransferStep, document_reference: str
) -> TransferRecord:
    """Record one step of the title transfer with the document that proves it.

    The parties record the first two steps, the operator the office's confirmation.

    Raises:
        Refused: the price is not paid, another step comes first, or no document is named.
        Conflict: the step is recorded already.
        NotFound, NotAllowed: as `access.require`.
    """
    confirmation = step is TransferStep.RECORDAL_CONFIRMED
    verb = Verb.CONFIRM_TRANSFER if confirmation else Verb.FILE_TRANSFER
    require(actor, verb, subject_of(session, queries.find_deal(session, deal_id)))
    deal = queries.lock_deal(session, deal_id)
    recorded = [record.step for record in deal.transfers]
    check_step(deal.status, recorded, step, waived=waiver_in_force(session, deal.id) is not None)
    if not document_reference.strip():
        raise Refused(DealReason.DOCUMENT_MISSING, field="document_reference")
    record = TransferRecord(
        deal_id=deal.id,
        step=step,
        document_reference=document_reference.strip(),
        recorded_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    deal.transfers.append(record)
    session.flush()
    if confirmation:
        _tell_parties(session, deal, NoticeKind.TRANSFER_CONFIRMED)
    audit.record(
        session,
        "deals.record_step",
        deal.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        step=step,
        document=record.document_reference,
    )
    return record


def _tell_parties(session: Session, deal: Deal, kind: NoticeKind) -> None:
    """Seller and buyer file the transfer together, so both hear of it."""
    for institution_id in dict.fromkeys((deal.seller_id, deal.buyer_id)):
        notify(session, institution_id, kind, f"/deals/{deal.id}", title=deal.lot.title)


def paying_verb(deal: Deal) -> Verb:
    """What whoever pays this deal must be allowed to do: a creditor that takes a lot is its seller too."""
    return Verb.PAY_SURPLUS if deal.source in SET_OFF else Verb.PAY_DEAL


def subject_of(session: Session, deal: Deal) -> Subject:
    """The deal as the access rules see it: the seller's, with buyer and agencies as parties."""
    agencies = (mandate.agency_id for mandate in queries.commission_mandates(session, deal))
    return Subject(owner_id=deal.seller_id, parties=frozenset({deal.buyer_id, *agencies}))


def _move(session: Session, deal: Deal, new: DealStatus) -> None:
    check_move(DEAL_MOVES, deal.status, new)
    old, deal.status = deal.status, new
    audit.record(session, f"deals.{new}", deal.id, old=old, new=new)
