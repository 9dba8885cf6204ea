"""What must always hold between the marketplace and the shared record: each question must find nothing."""

import itertools
from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from auctions.models import Auction
from auctions.rules import Outcome as AuctionOutcome
from marketplace import clock
from marketplace.config import Config
from marketplace.deals.models import Deal
from transactions.carrying import due
from transactions.log import verification
from transactions.models import CarriedSale, Checkpoint, LogHead, TransactionRecord

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
    """Whatever ended an offer, or undid a recorded sale, stands in the record within an hour (I31, I37)."""
    before = clock.now() - LONGEST_DELAY
    problems = []
    for kind in due.KINDS:
        late = kind.due().where(kind.moment < before).with_only_columns(kind.table.id).limit(_AT_ONCE)
        if kind.table is Auction:
            # One that fell through closed long before its winner did not pay.
            late = late.where(Auction.outcome != AuctionOutcome.SOLD)
        problems += [
            f"{kind.name} {identity} has ended and is not recorded" for identity in session.scalars(late)
        ]
    return problems


def own_records_have_a_source(session: Session) -> list[str]:
    """Each record of this marketplace traces to something that ended (I31)."""
    query = select(TransactionRecord).where(
        TransactionRecord.source_marketplace == _settings().marketplace_name,
        TransactionRecord.source_kind.in_([kind.name for kind in due.KINDS]),
    )
    ended = {
        (kind.name, str(identity))
        for kind in due.KINDS
        for identity in session.scalars(select(kind.table.id).where(kind.ended()))
    }
    return [
        f"record {record.id} has no {record.source_kind} {record.source_id} behind it"
        for record in session.scalars(query.execution_options(yield_per=_AT_ONCE))
        if (record.source_kind, record.source_id) not in ended
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
    return list(verification.verify_configured(session, _settings()).problems)


def corrections_lead_back(session: Session) -> list[str]:
    """A correction names a record that exists (I32)."""
    query = select(TransactionRecord).where(TransactionRecord.corrects.is_not(None))
    return [
        f"record {record.id} corrects {record.corrects}, which is not there"
        for record in session.scalars(query)
        if session.get(TransactionRecord, record.corrects) is None
    ]


def earlier_attempts_lead_back(session: Session) -> list[str]:
    """An earlier attempt is a record that was sealed before: so no chain of them runs in a circle."""
    later, earlier = TransactionRecord, aliased(TransactionRecord)
    query = (
        select(later.id, later.previous, earlier.leaf_index)
        .outerjoin(earlier, earlier.id == later.previous)
        .where(later.previous.is_not(None))
        .where(or_(earlier.id.is_(None), earlier.leaf_index >= later.leaf_index))
    )
    return [
        f"record {record} names {previous} as the attempt before it, which is "
        + ("not there" if leaf is None else "not older")
        for record, previous, leaf in session.execute(query.limit(_AT_ONCE))
    ]


def reversals_replace_sales(session: Session) -> list[str]:
    """A decision that undid a sale has a record, and that replaces another one."""
    query = select(TransactionRecord.id).where(
        TransactionRecord.source_kind == "decision", TransactionRecord.corrects.is_(None)
    )
    return [
        f"record {record} undoes a sale and names none" for record in session.scalars(query.limit(_AT_ONCE))
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
    ("earlier attempts are older records", earlier_attempts_lead_back),
    ("what undoes a sale names its record", reversals_replace_sales),
    ("checkpoints grow with time", checkpoints_grow),
)
