"""Reading: the feed, one record, the register, and the reader's rights."""

import uuid
from collections.abc import Sequence

from flask import Response, request
from sqlalchemy import select

from marketplace.db import atomic, db
from marketplace.errors import NotFound
from marketplace.web import limiter, public
from transactions.models import LogHead, TransactionRecord
from transactions.sharing import documents, queries
from transactions.sharing.api.shared import FURTHEST_OFFSET, answer, blueprint, number, session, signer
from transactions.sharing.errors import NotSigned
from transactions.sharing.models import Contributor
from transactions.sharing.rules.contributors import LISTED
from transactions.sharing.rules.reasons import Reason
from transactions.sharing.service import reading

FEED_PAGE, FEED_MOST = 100, 500
READS_PER_MINUTE = "120/minute"


@blueprint.get("/feed")
@limiter.limit(READS_PER_MINUTE)
@public
def feed() -> tuple[Response, int]:
    """The records in the order of the log from `offset` on, each as far as this reader may see it."""
    offset = number("offset", 0, 0, FURTHEST_OFFSET)
    limit = number("limit", FEED_PAGE, 1, FEED_MOST)
    contributor = signer()
    size = session().scalar(select(LogHead.size)) or 0
    found = queries.feed(session(), offset, limit)
    following = found[-1].leaf_index + 1 if found else offset
    return answer(
        size=size,
        offset=offset,
        next_offset=following,
        complete=following >= size,
        entries=[documents.entry_as_json(one) for one in _seen(contributor, found)],
    )


def _seen(contributor: Contributor | None, found: Sequence[TransactionRecord]) -> list[reading.Seen]:
    """To a contributor what it reads exactly is noted, in a transaction of its own."""
    if contributor is None:
        return reading.for_anybody(found)
    contributor_id, ids = contributor.id, [record.id for record in found]
    with atomic() as writing:
        again = {row.id: row for row in queries.by_ids(writing, ids)}
        entry = writing.get_one(Contributor, contributor_id)
        return reading.for_contributor(writing, entry, [again[one] for one in ids])


@blueprint.get("/records/<uuid:record_id>")
@limiter.limit(READS_PER_MINUTE)
@public
def record(record_id: uuid.UUID) -> tuple[Response, int]:
    """One record as far as this reader may see it, with what proves each exact field; else 404."""
    found = session().get(TransactionRecord, record_id)
    contributor = signer()
    if found is None:
        raise NotFound("record")
    (seen,) = _seen(contributor, [found])
    if seen.view is None:
        raise NotFound("record")
    return answer(**documents.entry_as_json(seen), proof=documents.proof_as_json(session(), seen))


@blueprint.get("/contributors")
@limiter.limit(READS_PER_MINUTE)
@public
def contributors() -> tuple[Response, int]:
    """The register with the keys that sign; `key` asks whose fingerprint it is."""
    page = db.paginate(
        queries.listed(request.args.get("key")),
        page=number("page", 1, 1, 10_000),
        per_page=queries.PAGE,
        error_out=False,
    )
    counts = queries.counts_of_records(session(), [one.code for one in page.items])
    rows = [documents.contributor_as_json(one, counts.get(one.code, 0)) for one in page.items]
    return answer(page=page.page, pages=page.pages, total=page.total, contributors=rows)


@blueprint.get("/contributors/<code>")
@limiter.limit(READS_PER_MINUTE)
@public
def contributor(code: str) -> tuple[Response, int]:
    """One contributor."""
    found = queries.by_code(session(), code)
    if found is None or found.status not in LISTED:
        raise NotFound("contributor")
    counts = queries.counts_of_records(session(), [found.code])
    return answer(**documents.contributor_as_json(found, counts.get(found.code, 0)))


@blueprint.get("/pool")
@limiter.limit(READS_PER_MINUTE)
@public
def pool() -> tuple[Response, int]:
    """Others' sales of the pool in coarse figures, as far as the quota of the contributor that signs goes."""
    page, contributor_id = number("page", 1, 1, 10_000), _signed().id
    with atomic() as writing:
        found = reading.pool(writing, writing.get_one(Contributor, contributor_id), page)
        facts = documents.pool_as_json(found)
    return answer(**facts)


@blueprint.get("/rights")
@limiter.limit(READS_PER_MINUTE)
@public
def rights() -> tuple[Response, int]:
    """How much of the pool the contributor that signs may read, and from what that follows."""
    found = _signed()
    has = reading.rights_of(session(), found)
    return answer(
        contributor=found.code,
        earning_records=has.earning_records,
        quota=has.quota,
        used=has.used,
        left=has.left,
        address=request.path,
    )


def _signed() -> Contributor:
    found = signer()
    if found is None:
        raise NotSigned(Reason.UNSIGNED, field=reading.CONTRIBUTOR)
    return found
