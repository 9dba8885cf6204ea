"""Named selects over the register, the submissions and what was read, and the locks of the register."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from transactions.disclosure.models import PoolAdmission
from transactions.models import TransactionRecord
from transactions.queries import batched, current_records
from transactions.sharing.models import (
    Contributor,
    ContributorAct,
    ContributorKey,
    ContributorReading,
    Submission,
)
from transactions.sharing.rules.contributors import LISTED, ContributorStatus, Key
from transactions.sharing.rules.reading import EARNING_GRADES, EARNING_TIME, READING_TIME

PAGE = 50
ACTS_SHOWN = 100
MOST_CHAIN = 1000


def listed(fingerprint: str | None = None) -> Select[Contributor]:
    """The register as everybody may read it; with a fingerprint only whose key that is."""
    query = select(Contributor).where(Contributor.status.in_(sorted(LISTED))).order_by(Contributor.code)
    return query if fingerprint is None else query.where(Contributor.keys.any(fingerprint=fingerprint))


def all_contributors() -> Select[Contributor]:
    """The register with applications and refusals, what waits for a decision first."""
    return select(Contributor).order_by(Contributor.proposed.is_(None), Contributor.applied_at.desc())


def by_code(session: Session, code: str) -> Contributor | None:
    return session.scalars(select(Contributor).where(Contributor.code == code)).one_or_none()


def of_institution(session: Session, marketplace: str, institution_id: uuid.UUID) -> Contributor | None:
    """The latest entry of an institution of that marketplace."""
    query = select(Contributor).where(
        Contributor.marketplace == marketplace, Contributor.institution_id == institution_id
    )
    return session.scalars(query.order_by(Contributor.applied_at.desc()).limit(1)).one_or_none()


def lock_contributor(session: Session, contributor_id: uuid.UUID) -> Contributor:
    """The entry, locked until the transaction ends; raises NotFound."""
    query = select(Contributor).where(Contributor.id == contributor_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("contributor")
    return found


def key_by_fingerprint(session: Session, fingerprint: str) -> ContributorKey | None:
    query = select(ContributorKey).where(ContributorKey.fingerprint == fingerprint)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def key_of(session: Session, contributor_id: uuid.UUID, key_id: uuid.UUID) -> ContributorKey:
    """A key of this contributor; raises NotFound."""
    key = session.get(ContributorKey, key_id)
    if key is None or key.contributor_id != contributor_id:
        raise NotFound("contributor_key")
    return key


def registered_keys(session: Session) -> dict[str, list[Key]]:
    """The keys of everybody who was ever admitted, by the name that signs."""
    query = (
        select(Contributor.code, ContributorKey)
        .join(ContributorKey.contributor)
        .where(Contributor.admitted_at.is_not(None))
    )
    found: dict[str, list[Key]] = {}
    for code, key in session.execute(query):
        found.setdefault(code, []).append(key.as_rule())
    return found


def acts_of(session: Session, contributor_id: uuid.UUID) -> Sequence[ContributorAct]:
    """What was done to an entry, the latest first."""
    query = select(ContributorAct).where(ContributorAct.contributor_id == contributor_id)
    return session.scalars(query.order_by(ContributorAct.at.desc()).limit(ACTS_SHOWN)).all()


def has_records(session: Session, code: str) -> bool:
    """Whether records stand under that name."""
    query = select(TransactionRecord.id).where(TransactionRecord.source_marketplace == code)
    return session.scalars(query.limit(1)).first() is not None


def counts_of_records(session: Session, codes: Iterable[str]) -> dict[str, int]:
    """How many records stand under each name, corrections among them."""
    record = TransactionRecord
    query = (
        select(record.source_marketplace, func.count())
        .where(record.source_marketplace.in_(list(codes)))
        .group_by(record.source_marketplace)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def submissions_by_id(
    session: Session, contributor_id: uuid.UUID, own_ids: Iterable[str]
) -> dict[str, Submission]:
    """What the contributor submitted under these numbers."""
    found: dict[str, Submission] = {}
    for some in batched(sorted(set(own_ids))):
        query = select(Submission).where(
            Submission.contributor_id == contributor_id, Submission.own_id.in_(some)
        )
        found |= {row.own_id: row for row in session.scalars(query)}
    return found


def own_records(
    session: Session, code: str, record_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, TransactionRecord]:
    """Of these records the ones that stand under that name."""
    found: dict[uuid.UUID, TransactionRecord] = {}
    for some in batched(str(one) for one in set(record_ids)):
        query = select(TransactionRecord).where(
            TransactionRecord.id.in_([uuid.UUID(one) for one in some]),
            TransactionRecord.source_marketplace == code,
        )
        found |= {row.id: row for row in session.scalars(query)}
    return found


def corrected_ids(session: Session, record_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these records a newer one corrects."""
    found: set[uuid.UUID] = set()
    for some in batched(str(one) for one in set(record_ids)):
        query = select(TransactionRecord.corrects).where(
            TransactionRecord.corrects.in_([uuid.UUID(one) for one in some])
        )
        found |= {one for one in session.scalars(query) if one is not None}
    return found


def earning_records(session: Session, contributor: Contributor, now: datetime) -> int:
    """Own accepted new records that earn reading rights; a correction adds nothing."""
    record = TransactionRecord
    query = (
        select(func.count())
        .select_from(record)
        .where(
            record.source_marketplace == contributor.code,
            record.corrects.is_(None),
            record.proof_grade.in_(sorted(EARNING_GRADES)),
            record.recorded_at > now - EARNING_TIME,
        )
    )
    return session.scalar(query) or 0


def readings_since(session: Session, contributor_id: uuid.UUID, moment: datetime) -> int:
    """How many readings of the pool were counted since then."""
    reading = ContributorReading
    query = select(func.count()).where(reading.contributor_id == contributor_id, reading.at > moment)
    return session.scalar(query) or 0


def read_already(
    session: Session, contributor_id: uuid.UUID, record_ids: Iterable[uuid.UUID], now: datetime
) -> set[uuid.UUID]:
    """Which of these were read within the time for which a reading counts once."""
    reading, since = ContributorReading, now - READING_TIME
    query = select(reading.record_id).where(
        reading.contributor_id == contributor_id, reading.at > since, reading.record_id.in_(list(record_ids))
    )
    return set(session.scalars(query))


def used(session: Session, contributor_id: uuid.UUID, now: datetime) -> int:
    """What counts against the quota now."""
    return readings_since(session, contributor_id, now - READING_TIME)


def feed(session: Session, offset: int, limit: int) -> Sequence[TransactionRecord]:
    """Records from that place of the log on, in its order."""
    query = select(TransactionRecord).where(TransactionRecord.leaf_index >= offset)
    return session.scalars(query.order_by(TransactionRecord.leaf_index).limit(limit)).all()


def _of_the_pool(contributor_id: uuid.UUID) -> Select[TransactionRecord]:
    """Others' sales of the pool that a release found enough like them for, and that nothing corrects."""
    own = select(Submission.record_id).where(Submission.contributor_id == contributor_id)
    admitted = select(PoolAdmission.record_id)
    return current_records().where(TransactionRecord.id.in_(admitted), TransactionRecord.id.not_in(own))


def count_pool(session: Session, contributor_id: uuid.UUID) -> int:
    """How many sales of the pool others have."""
    query = _of_the_pool(contributor_id).with_only_columns(func.count())
    return session.scalar(query) or 0


def pool(session: Session, contributor_id: uuid.UUID, first: int, limit: int) -> Sequence[TransactionRecord]:
    """Others' sales of the pool by their random ids, which tell nothing of when they were recorded."""
    query = _of_the_pool(contributor_id).order_by(TransactionRecord.id)
    return session.scalars(query.offset(first).limit(limit)).all()


def first_of_chain(session: Session, record: TransactionRecord) -> TransactionRecord:
    """The record that the corrections began with."""
    for _ in range(MOST_CHAIN):
        older = session.get(TransactionRecord, record.corrects) if record.corrects else None
        if older is None:
            return record
        record = older
    return record


def by_ids(session: Session, record_ids: Sequence[uuid.UUID]) -> Sequence[TransactionRecord]:
    """These records, in no order; at most a page of the feed."""
    return session.scalars(select(TransactionRecord).where(TransactionRecord.id.in_(list(record_ids)))).all()


def waiting(session: Session) -> Sequence[Contributor]:
    """Applications and proposals that wait for the operator."""
    waits = (Contributor.status == ContributorStatus.APPLIED) | Contributor.proposed.is_not(None)
    return session.scalars(
        select(Contributor).where(waits).order_by(Contributor.applied_at).limit(PAGE)
    ).all()
