"""What must always hold of what was told: each question must find nothing."""

from collections.abc import Callable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from transactions.disclosure.models import BlockMember, DisclosureBlock, PoolAdmission
from transactions.disclosure.rules.cells import LEAST_PARENTS, LEAST_TRADES
from transactions.disclosure.rules.words import Family
from transactions.models import TransactionRecord
from transactions.rules.words import ConsentTier


def blocks_are_large_enough(session: Session) -> list[str]:
    """No block was told of with fewer than five sales or five parents."""
    members = func.count()
    parents = func.count(func.distinct(TransactionRecord.seller_parent))
    query = (
        select(BlockMember.block_id, members, parents)
        .join(TransactionRecord, TransactionRecord.id == BlockMember.record_id)
        .group_by(BlockMember.block_id)
        .having((members < LEAST_TRADES) | (parents < LEAST_PARENTS))
        .limit(100)
    )
    return [
        f"block {block} holds {sales} sales of {owners}" for block, sales, owners in session.execute(query)
    ]


def prices_of_sealed_sales_are_not_counted(session: Session) -> list[str]:
    """A sealed sale is counted at most; its price enters no statistic."""
    query = (
        select(BlockMember.record_id)
        .join(TransactionRecord, TransactionRecord.id == BlockMember.record_id)
        .where(BlockMember.family != Family.OFFERS, TransactionRecord.consent_tier == ConsentTier.SEALED)
        .limit(100)
    )
    return [f"the price of the sealed record {record} was counted" for record in session.scalars(query)]


def admissions_are_of_the_pool(session: Session) -> list[str]:
    """Only pooled records are admitted to be shown generalised."""
    query = (
        select(PoolAdmission.record_id)
        .outerjoin(TransactionRecord, TransactionRecord.id == PoolAdmission.record_id)
        .where(TransactionRecord.consent_tier.is_distinct_from(ConsentTier.POOL))
        .limit(100)
    )
    return [f"record {record} was admitted and is not of the pool" for record in session.scalars(query)]


def no_block_is_empty(session: Session) -> list[str]:
    """Each block has members."""
    filled = select(BlockMember.block_id).where(BlockMember.block_id == DisclosureBlock.id)
    query = select(DisclosureBlock.id).where(~filled.exists()).limit(100)
    return [f"block {block} has no members" for block in session.scalars(query)]


CHECKS: Sequence[tuple[str, Callable[[Session], list[str]]]] = (
    ("each block passes the cell rule", blocks_are_large_enough),
    ("prices of sealed sales are not counted", prices_of_sealed_sales_are_not_counted),
    ("only pooled sales are admitted to be shown", admissions_are_of_the_pool),
    ("no block is empty", no_block_is_empty),
)
