"""What must always hold between the marketplace and the shared record: each question must find nothing."""

import itertools
from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auctions.models import Auction
from marketplace import clock
from marketplace.config import Config
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from transactions import queries, signing, verification
from transactions.models import CarriedSale, Checkpoint, LogHead, TransactionRecord
from transactions.rules.publishing import outcome_of_auction

_AT_ONCE = 500

LONGEST_DELAY = timedelta(hours=1)


def carried_sales_are_recorded(session: Session) -> list[str]:
    """Each mark names a record of the same source (I31)."""
    problems = []
    for mark in session.scalars(select(CarriedSale)):
        record = session.get(TransactionRecord, mark.record_id)
        if record is None or (record.source_kind, record.source_id) != (
            mark.source_kind,
            str(mark.source_id),
        ):
            problems.append(f"{mark.source_kind} {mark.source_id} is marked as carried without its record")
    return problems


def ended_sales_are_carried(session: Session) -> list[str]:
    """Completed deals and auctions without a sale stand in the record within an hour (I31, I37)."""
    before = clock.now() - LONGEST_DELAY
    deals = session.scalars(
        select(Deal.id).where(
            Deal.status == DealStatus.COMPLETED, Deal.completed_at < before, queries.not_carried("deal", Deal)
        )
    )
    auctions = session.scalars(
        select(Auction.id).where(
            queries.ended_without_sale(), Auction.closed_at < before, queries.not_carried("auction", Auction)
        )
    )
    problems = [f"deal {identity} is completed and not recorded" for identity in deals]
    return problems + [f"auction {identity} has ended and is not recorded" for identity in auctions]


def own_records_have_a_source(session: Session) -> list[str]:
    """Each record of this marketplace traces to one completed deal or ended auction (I31)."""
    query = select(TransactionRecord).where(
        TransactionRecord.source_marketplace == _settings().marketplace_name,
        TransactionRecord.source_kind.in_(["deal", "auction"]),
    )
    due = {
        ("deal", str(deal_id))
        for deal_id in session.scalars(select(Deal.id).where(Deal.status == DealStatus.COMPLETED))
    }
    ended = session.execute(select(Auction.id, Auction.outcome)).all()
    due |= {("auction", str(identity)) for identity, outcome in ended if outcome_of_auction(outcome)}
    return [
        f"record {record.id} has no {record.source_kind} {record.source_id} behind it"
        for record in session.scalars(query.execution_options(yield_per=_AT_ONCE))
        if (record.source_kind, record.source_id) not in due
    ]


def recorded_prices_are_the_deals(session: Session) -> list[str]:
    """The price in the record is the price of the deal."""
    problems = []
    for mark in session.scalars(select(CarriedSale).where(CarriedSale.source_kind == "deal")):
        deal, record = session.get(Deal, mark.source_id), session.get(TransactionRecord, mark.record_id)
        if deal and record and (deal.price_minor, deal.currency) != (record.price_minor, record.currency):
            problems.append(f"deal {deal.id} stands in record {record.id} with another price")
    return problems


def leaves_have_no_gap(session: Session) -> list[str]:
    """The leaf indexes are 0, 1, 2 … and the head counts them."""
    count, last = session.execute(
        select(func.count(), func.max(TransactionRecord.leaf_index)).select_from(TransactionRecord)
    ).one()
    size = session.scalar(select(LogHead.size)) or 0
    problems = [] if count == (0 if last is None else last + 1) else [f"{count} leaves, the last is {last}"]
    return problems + ([] if count == size else [f"the head counts {size} of {count} leaves"])


def the_log_verifies(session: Session) -> list[str]:
    """Leaves, checkpoints, signatures and inclusion proofs are what they were (I36, I37)."""
    settings = _settings()
    key = signing.public_key(settings.receipt_key)
    return list(verification.verify(session, settings.marketplace_name, key).problems)


def corrections_lead_back(session: Session) -> list[str]:
    """A correction names a record that exists (I32)."""
    query = select(TransactionRecord).where(TransactionRecord.corrects.is_not(None))
    return [
        f"record {record.id} corrects {record.corrects}, which is not there"
        for record in session.scalars(query)
        if session.get(TransactionRecord, record.corrects) is None
    ]


def checkpoints_grow(session: Session) -> list[str]:
    """A larger checkpoint is not older."""
    points = list(session.scalars(select(Checkpoint).order_by(Checkpoint.tree_size)))
    return [
        f"checkpoint {after.tree_size} is older than {before.tree_size}"
        for before, after in itertools.pairwise(points)
        if after.at < before.at
    ]


def _settings() -> Config:
    settings: Config = current_app.extensions["settings"]
    return settings


CHECKS: Sequence[tuple[str, Callable[[Session], list[str]]]] = (
    ("what has ended is recorded within an hour", ended_sales_are_carried),
    ("each carried sale has its record", carried_sales_are_recorded),
    ("each record of this marketplace has its deal or auction", own_records_have_a_source),
    ("recorded prices are the prices of the deals", recorded_prices_are_the_deals),
    ("the leaves of the log have no gap", leaves_have_no_gap),
    ("the log verifies", the_log_verifies),
    ("corrections name what they replace", corrections_lead_back),
    ("checkpoints grow with time", checkpoints_grow),
)
