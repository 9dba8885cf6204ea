"""Reading: who signed the request, what it may see of each record, and what counts against its quota."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers

from marketplace import clock
from marketplace.errors import Refused
from transactions.disclosure.rules import ANYBODY, Reader, ReaderKind, Shown, shown
from transactions.disclosure.rules.words import Purpose
from transactions.disclosure.service.noting import By, note
from transactions.log import signing
from transactions.models import TransactionRecord
from transactions.sharing import queries
from transactions.sharing.errors import NotSigned
from transactions.sharing.models import Contributor, ContributorReading, Submission
from transactions.sharing.rules.reading import Rights, rights
from transactions.sharing.rules.reasons import Reason
from transactions.sharing.rules.statements import check_request_time, request_statement
from transactions.sharing.service.acts import settings
from transactions.sharing.service.submitting import admitted

CONTRIBUTOR, KEY = "Luochui-Contributor", "Luochui-Key"
TIME, SIGNATURE = "Luochui-Time", "Luochui-Signature"

NOT_DISCLOSED = "not_disclosed"
POOL_PAGE = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as one reader sees it.

    Attributes:
        view: None where it sees the commitment alone; then `why` says what for.
        own: submitted by the reader itself.
    """

    record: TransactionRecord
    view: Shown | None
    why: str = ""
    own: bool = False


def signer(session: Session, headers: Headers, method: str, target: str) -> Contributor | None:
    """The contributor that signed the request; None for a request that nobody signed.

    Args:
        session: reads the register.
        headers: of the request.
        method: as it was sent.
        target: as it was sent, with its query.

    Raises:
        NotSigned: it is signed wrongly, or by somebody who may not read.
        Refused: a header is missing, or the time is too far from now.
    """
    if CONTRIBUTOR not in headers:
        return None
    code, mark, time, signature = (_header(headers, name) for name in (CONTRIBUTOR, KEY, TIME, SIGNATURE))
    contributor, now = admitted(session, code), clock.now()
    try:
        check_request_time(clock.parse_moment(time), now)
    except ValueError:
        raise Refused(Reason.MALFORMED, field=TIME) from None
    key = next((one for one in contributor.keys if one.fingerprint == mark), None)
    if key is None:
        raise NotSigned(Reason.KEY_UNKNOWN, field=KEY)
    if not key.as_rule().counts_at(now):
        raise NotSigned(Reason.KEY_NOT_VALID, field=KEY)
    statement = request_statement(code, method, target, time, sandbox=settings().sandbox)
    if not signing.is_signed(key.public_key, signature, statement):
        raise NotSigned(Reason.SIGNATURE_WRONG, field=SIGNATURE)
    return contributor


def _header(headers: Headers, name: str) -> str:
    value = headers.get(name, "")
    if not value:
        raise Refused(Reason.UNSIGNED, field=name)
    return value


def today() -> date:
    """The day that decides what has been released."""
    return clock.now().astimezone(clock.LOCAL_ZONE).date()


def for_anybody(found: Sequence[TransactionRecord]) -> list[Seen]:
    """The records as a visitor sees them."""
    return [_plainly(record, shown(record.facts(), ANYBODY, today())) for record in found]


def _plainly(record: TransactionRecord, view: Shown | None) -> Seen:
    return Seen(record, view, "" if view else NOT_DISCLOSED)


def for_contributor(
    session: Session, contributor: Contributor, found: Sequence[TransactionRecord]
) -> list[Seen]:
    """The records as a contributor sees them: what everybody sees, and whole what it submitted itself.

    Others' sales of the pool are given by `pool` alone: their place in the log would tell their day. Reading
    its own confidential sales is noted, as every exact reading is, so within `atomic()`.
    """
    ids = [record.id for record in found]
    own = set(
        session.scalars(
            select(Submission.record_id).where(
                Submission.contributor_id == contributor.id, Submission.record_id.in_(ids)
            )
        )
    )
    seen = [
        _own(record, contributor)
        if record.id in own
        else _plainly(record, shown(record.facts(), ANYBODY, today()))
        for record in found
    ]
    by = By(contributor.code, ReaderKind.CONTRIBUTOR)
    whole = [one.record for one in seen if one.own and one.view and one.view.exact_price]
    note(session, by, Purpose.FEED, [(record.id, record.facts()) for record in whole])
    return seen


def _own(record: TransactionRecord, contributor: Contributor) -> Seen:
    facts = record.facts()
    # Who sent a sale knows it; of its own it is told whoever the seller was.
    reader = Reader(ReaderKind.CONTRIBUTOR, frozenset({contributor.code}), frozenset({facts.seller_parent}))
    view = shown(facts, reader, today())
    return Seen(record, view, "" if view else NOT_DISCLOSED, own=True)


@dataclass(frozen=True, slots=True)
class PoolPage:
    """Others' sales of the pool, in an order that tells nothing of when they were recorded.

    Attributes:
        views: coarse, without id or place in the log.
        kept_back: how many of this page the quota did not reach.
        left: of the quota, after this page.
    """

    views: tuple[Shown, ...]
    kept_back: int
    page: int
    pages: int
    left: int


def pool(session: Session, contributor: Contributor, page: int) -> PoolPage:
    """What a contributor may read of others' sales of the pool; each new one counts, so within `atomic()`."""
    queries.lock_contributor(session, contributor.id)
    now, total = clock.now(), queries.count_pool(session, contributor.id)
    found = queries.pool(session, contributor.id, (page - 1) * POOL_PAGE, POOL_PAGE)
    read = queries.read_already(session, contributor.id, [record.id for record in found], now)
    left, kept_back, views = rights_of(session, contributor).left, 0, []
    reader = Reader(ReaderKind.CONTRIBUTOR, frozenset({contributor.code}))
    for record in found:
        view = shown(record.facts(), reader, today(), admitted=True)
        if view is None:
            continue
        if record.id not in read:
            if left <= 0:
                kept_back += 1
                continue
            left -= 1
            session.add(ContributorReading(contributor_id=contributor.id, record_id=record.id, at=now))
        views.append(view)
    return PoolPage(tuple(views), kept_back, page, -(-total // POOL_PAGE), left)


def rights_of(session: Session, contributor: Contributor) -> Rights:
    """How much of the pool the contributor may read now."""
    now = clock.now()
    earning = queries.earning_records(session, contributor, now)
    return rights(earning, queries.used(session, contributor.id, now))
