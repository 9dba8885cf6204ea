"""The SQL twin of the rules: which records a reader may list, and which may serve in advice."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from transactions.disclosure.models import PoolAdmission, StatisticsCell, StatisticsRelease
from transactions.disclosure.rules import ADVICE_MONTHS, EXACT_FIELDS, Reader, ReaderKind, months_before
from transactions.models import TransactionRecord
from transactions.rules.words import ConsentTier, DatePrecision

_LISTED = (ConsentTier.PUBLIC, ConsentTier.PRICE_ONLY)


def visible_to(reader: Reader, on: date, *, asked: Collection[str] = ()) -> ColumnElement[bool]:
    """Records that the reader may list one by one on that day: public, price only, and its own.

    A record that does not show every field of `asked` exactly, the fields that the question filters or sorts
    by, is left out: no question tells what a page would not.
    """
    record = TransactionRecord
    tiers = [tier for tier in _LISTED if EXACT_FIELDS[tier].issuperset(asked)]
    return or_(and_(record.consent_tier.in_(tiers), released_on(on)), own(reader))


def comparable_to(reader: Reader, on: date) -> ColumnElement[bool]:
    """Records that may serve in advice to the reader: also pooled ones of a year's age that are admitted.

    Those are to be read through `shown(…, admitted=True)`, which makes them coarse.
    """
    listed = visible_to(reader, on)
    return listed if reader.kind is ReaderKind.PUBLIC else or_(listed, pooled(on))


def for_model(on: date) -> ColumnElement[bool]:
    """Records that a model for everybody may be fitted to: public, price only, pooled ones after a year."""
    record = TransactionRecord
    aged = and_(record.consent_tier == ConsentTier.POOL, old_enough_on(on, ADVICE_MONTHS))
    return and_(or_(record.consent_tier.in_(_LISTED), aged), released_on(on))


def pooled(on: date) -> ColumnElement[bool]:
    """Pooled records that may be shown generalised on that day."""
    record = TransactionRecord
    admitted = select(PoolAdmission.record_id).where(PoolAdmission.record_id == record.id)
    return and_(
        record.consent_tier == ConsentTier.POOL,
        released_on(on),
        old_enough_on(on, ADVICE_MONTHS),
        admitted.exists(),
    )


def own(reader: Reader) -> ColumnElement[bool]:
    """The reader's own records: of its marketplace and of its parent (twin of `owns`)."""
    record = TransactionRecord
    if reader.kind not in {ReaderKind.OWN, ReaderKind.CONTRIBUTOR} or not reader.marketplaces:
        return false()
    parents = sorted(reader.seller_parents - {""})
    if not parents:
        return false()
    return and_(record.source_marketplace.in_(sorted(reader.marketplaces)), record.seller_parent.in_(parents))


def released_on(on: date) -> ColumnElement[bool]:
    """Others may see of it what its tier lets them (twin of `released`)."""
    return or_(TransactionRecord.release_on.is_(None), TransactionRecord.release_on <= on)


def old_enough_on(on: date, months: int) -> ColumnElement[bool]:
    """At least so many months old, whatever day of its month or year it was (twin of `old_enough`)."""
    record, after = TransactionRecord, months_before(on, months) + timedelta(days=1)
    return or_(
        and_(record.date_precision == DatePrecision.DAY, record.sold_on < after),
        and_(record.date_precision == DatePrecision.MONTH, record.sold_on < after.replace(day=1)),
        and_(record.date_precision == DatePrecision.YEAR, record.sold_on < date(after.year, 1, 1)),
    )


def latest_release(session: Session) -> StatisticsRelease | None:
    """The release that stands now."""
    query = select(StatisticsRelease).order_by(StatisticsRelease.number.desc()).limit(1)
    return session.scalars(query).one_or_none()


def cells(session: Session, number: int, breakdown: str) -> Sequence[StatisticsCell]:
    """The cells of one table of a release."""
    query = select(StatisticsCell).where(
        StatisticsCell.release_number == number, StatisticsCell.breakdown == breakdown
    )
    return session.scalars(query).all()
