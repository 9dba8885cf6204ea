"""Named selects of the contest, and the locks under which it is filed and opened."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, and_, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from auctions.models import Auction, Registration
from auctions.queries import selling_agencies
from auctions.rules import Outcome
from marketplace.clock import LOCAL_ZONE
from marketplace.deals.models import Deal
from marketplace.errors import NotFound
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Institution
from transactions.contest.models import (
    ContestFee,
    ContestResult,
    EstimatorConsent,
    OpenedEstimate,
    SealedEstimate,
)
from transactions.contest.rules import Related, Scored, Verdict
from transactions.disclosure.rules import CONFIDENTIAL
from transactions.models import CarriedSale
from transactions.rules.words import FAMILIES

LOTS_SHOWN = 100
OWN_SHOWN = 200
FEES_AT_ONCE = 100
SCORED_LIMIT = 50_000


def lock_lot(session: Session, lot_id: uuid.UUID) -> Lot:
    """The lot, locked: estimates of one lot are filed and opened one after the other.

    Raises:
        NotFound: there is none.
    """
    query = select(Lot).where(Lot.id == lot_id).with_for_update(of=Lot)
    lot = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if lot is None:
        raise NotFound(str(lot_id))
    return lot


def round_of(session: Session, lot_id: uuid.UUID) -> int:
    """The round that estimates are filed for now."""
    query = select(func.max(ContestResult.round)).where(ContestResult.lot_id == lot_id)
    return (session.scalar(query) or 0) + 1


def rounds_of(session: Session, lot_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The present round of each lot that has had one before; of the others it is 1."""
    query = (
        select(ContestResult.lot_id, func.max(ContestResult.round))
        .where(ContestResult.lot_id.in_(lot_ids))
        .group_by(ContestResult.lot_id)
    )
    return {lot_id: last + 1 for lot_id, last in session.execute(query)}


def filed_tokens(session: Session, tokens: Collection[str]) -> frozenset[str]:
    """Which of these have filed an estimate."""
    query = select(SealedEstimate.token).where(SealedEstimate.token.in_(tokens))
    return frozenset(session.scalars(query))


def opens_at(session: Session, lot_id: uuid.UUID) -> datetime | None:
    """When bidding begins, or began, in the auction that is announced or under way; None without one."""
    query = select(func.min(Auction.opens_at)).where(
        Auction.lot_id == lot_id, Auction.outcome == Outcome.OPEN
    )
    return session.scalar(query)


def estimates(session: Session, lot_id: uuid.UUID, number: int) -> Sequence[SealedEstimate]:
    """All envelopes of a round in the order of filing."""
    one = SealedEstimate
    query = select(one).where(one.lot_id == lot_id, one.round == number).order_by(one.sequence)
    return session.scalars(query).all()


def last_of(session: Session, token: str) -> SealedEstimate | None:
    """The envelope that counts of one estimator in one round."""
    one = SealedEstimate
    query = select(one).where(one.token == token).order_by(one.sequence.desc()).limit(1)
    return session.scalars(query).one_or_none()


def related(session: Session, lot: Lot, on: datetime) -> Related:
    """Whose sale the lot is: its seller, the seller's agencies, everybody who has registered to bid."""
    day = on.astimezone(LOCAL_ZONE).date()
    bidders = session.scalars(
        select(Registration.institution_id)
        .join(Auction, Auction.id == Registration.auction_id)
        .where(Auction.lot_id == lot.id)
    )
    buyers = session.scalars(select(Deal.buyer_id).where(Deal.lot_id == lot.id))
    parties = frozenset({*bidders, *buyers})
    concerned = session.scalars(select(Institution).where(Institution.id.in_([lot.institution_id, *parties])))
    return Related(
        lot.institution_id,
        frozenset(selling_agencies(session, lot.institution_id, lot.id, day)),
        parties,
        frozenset(group_of(one) for one in concerned),
    )


def group_of(institution: Institution) -> str:
    """The company at the top of its group: country and register number."""
    if institution.parent_number:
        return f"{institution.parent_country} {institution.parent_number}"
    return f"{institution.country} {institution.registration_number}"


@dataclass(frozen=True, slots=True)
class Ended:
    """A sale whose outcome is on record while estimates about it are still sealed."""

    lot_id: uuid.UUID
    source_kind: str
    source_id: uuid.UUID
    record_id: uuid.UUID


def first_ended(session: Session) -> Ended | None:
    """The first recorded outcome of a lot with envelopes of its present round, filed before that."""
    sales = union_all(_carried("auction", Auction), _carried("deal", Deal)).subquery()
    present = (
        select(func.coalesce(func.max(ContestResult.round), 0) + 1)
        .where(ContestResult.lot_id == sales.c.lot_id)
        .correlate(sales)
        .scalar_subquery()
    )
    waiting = exists().where(
        SealedEstimate.lot_id == sales.c.lot_id,
        SealedEstimate.round == present,
        SealedEstimate.filed_at <= sales.c.carried_at,
    )
    used = exists().where(
        and_(ContestResult.source_kind == sales.c.kind, ContestResult.source_id == sales.c.source_id)
    )
    query = select(sales).where(waiting, ~used).order_by(sales.c.carried_at, sales.c.source_id).limit(1)
    row = session.execute(query).first()
    return Ended(row.lot_id, row.kind, row.source_id, row.record_id) if row else None


def _carried(kind: str, table: type[Auction] | type[Deal]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            table.lot_id.label("lot_id"),
            literal(kind, String).label("kind"),
            CarriedSale.source_id.label("source_id"),
            CarriedSale.record_id.label("record_id"),
            CarriedSale.carried_at.label("carried_at"),
        )
        .join(table, table.id == CarriedSale.source_id)
        .where(CarriedSale.source_kind == kind)
    )


def open_lots(session: Session, now: datetime) -> Sequence[Lot]:
    """Published lots whose bidding has not begun, the latest published first."""
    begun = exists().where(Auction.lot_id == Lot.id, Auction.outcome == Outcome.OPEN, Auction.opens_at <= now)
    query = select(Lot).where(Lot.status == LotStatus.PUBLISHED, ~begun)
    return session.scalars(query.order_by(Lot.published_at.desc(), Lot.id).limit(LOTS_SHOWN)).all()


def results_of_lot(session: Session, lot_id: uuid.UUID) -> Sequence[ContestResult]:
    """The scored rounds of a lot, the latest first."""
    query = select(ContestResult).where(ContestResult.lot_id == lot_id)
    return session.scalars(query.order_by(ContestResult.round.desc())).all()


def opened(session: Session, result_ids: Collection[uuid.UUID]) -> Sequence[OpenedEstimate]:
    """What was in the envelopes of these rounds, the best score first."""
    one = OpenedEstimate
    query = select(one).where(one.result_id.in_(result_ids))
    return session.scalars(query.order_by(one.log_error.is_(None), one.log_error, one.id)).all()


def own(session: Session, institution_id: uuid.UUID) -> Sequence[OpenedEstimate]:
    """An institution's opened estimates, the latest first."""
    one = OpenedEstimate
    query = select(one).join(ContestResult).where(one.institution_id == institution_id)
    return session.scalars(query.order_by(ContestResult.opened_at.desc(), one.id).limit(OWN_SHOWN)).all()


def scored_since(session: Session, since: datetime) -> list[Scored]:
    """Every scored estimate since then, for the league table.

    Only of sales whose price anybody may see: the step of one's own average would tell the price of another.
    """
    one, result = OpenedEstimate, ContestResult
    query = (
        select(
            one.institution_id, result.asset_type, result.opened_at, one.log_error, one.within,
            one.interval_score, one.closest,
        )
        .join(result, result.id == one.result_id)
        .join(Lot, Lot.id == result.lot_id)
        .where(one.verdict.in_([Verdict.SCORED, Verdict.TOO_HIGH]), result.opened_at > since)
        .where(Lot.consent_tier.not_in(sorted(CONFIDENTIAL)))
        .order_by(result.opened_at.desc(), one.id)
        .limit(SCORED_LIMIT)
    )  # fmt: skip
    return [
        Scored(estimator, FAMILIES[asset_type], at, error or 0.0, bool(within), interval or 0.0, closest)
        for estimator, asset_type, at, error, within, interval, closest in session.execute(query)
    ]


def named(session: Session, institution_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of those that consented to be named."""
    consents = {identity: says_named(session, identity) for identity in institution_ids}
    query = select(Institution.id, Institution.name).where(
        Institution.id.in_([identity for identity, agreed in consents.items() if agreed])
    )
    return {row.id: row.name for row in session.execute(query)}


def says_named(session: Session, institution_id: uuid.UUID) -> bool:
    """Whether the institution's last word was that it may be named."""
    said = EstimatorConsent
    query = select(said.named).where(said.institution_id == institution_id)
    return bool(session.scalar(query.order_by(said.said_at.desc(), said.id).limit(1)))


def lock_fees_without_payout(session: Session) -> Sequence[ContestFee]:
    """Fees that have not been set apart, the oldest first; another worker's are passed over."""
    query = (
        select(ContestFee).where(ContestFee.payout_id.is_(None)).order_by(ContestFee.due_at, ContestFee.id)
    )
    locking = query.limit(FEES_AT_ONCE).with_for_update(skip_locked=True, of=ContestFee)
    return session.scalars(locking.execution_options(populate_existing=True)).all()


def fee_of(session: Session, result_id: uuid.UUID) -> ContestFee | None:
    return session.scalars(select(ContestFee).where(ContestFee.result_id == result_id)).one_or_none()
