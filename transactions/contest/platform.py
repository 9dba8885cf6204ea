"""The platform's own entry: what its valuation says of a published lot, sealed like everybody's."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.config import Config
from marketplace.db import atomic, db
from marketplace.errors import Conflict, Refused
from marketplace.listings.models import Lot
from transactions.contest import envelopes, queries, service
from transactions.contest.rules import Range
from transactions.disclosure.rules import ANYBODY
from transactions.valuations.materials import as_of_now
from transactions.valuations.rules.opinion import Opinion
from transactions.valuations.service import making
from transactions.valuations.subjects import of_lot

# A lot of which the record says too little is looked at again after a while: the record grows.
RETRY_AFTER = timedelta(hours=6)
AT_ONCE = 5

_log = structlog.get_logger()
_not_before: dict[uuid.UUID, datetime] = {}


def file_due() -> int:
    """The worker's errand: estimate some lots that have no entry of the platform yet; returns how many."""
    now = clock.now()
    for lot_id in [lot_id for lot_id, until in _not_before.items() if until <= now]:
        del _not_before[lot_id]
    waiting = [lot for lot in _without_entry(db.session(), now) if lot.id not in _not_before][:AT_ONCE]
    return sum(_file(lot.id, now) for lot in waiting)


def _without_entry(session: Session, now: datetime) -> Sequence[Lot]:
    settings: Config = current_app.extensions["settings"]
    key, lots = envelopes.sealing_key(settings.field_key), queries.open_lots(session, now)
    rounds = queries.rounds_of(session, [lot.id for lot in lots])
    tokens = {lot.id: envelopes.token(key, lot.id, rounds.get(lot.id, 1), envelopes.PLATFORM) for lot in lots}
    filed = queries.filed_tokens(session, list(tokens.values()))
    return [lot for lot in lots if tokens[lot.id] not in filed]


def _file(lot_id: uuid.UUID, now: datetime) -> bool:
    """Value the lot and seal what comes out; False where the record says too little, or the lot is gone."""
    estimate = _estimate(db.session(), lot_id)
    if estimate is not None:
        try:
            with atomic() as session:
                service.file(session, queries.lock_lot(session, lot_id), envelopes.PLATFORM, estimate)
        except (Conflict, Refused) as refused:
            _log.info("no_platform_estimate", lot=str(lot_id), reason=str(refused.reason))
        else:
            return True
    _not_before[lot_id] = now + RETRY_AFTER
    return False


def _estimate(session: Session, lot_id: uuid.UUID) -> Range | None:
    """The valuation that anybody sees on the lot's page: its value and 80 % range."""
    as_of = as_of_now(session, making.today(), ANYBODY)
    lot = session.get_one(Lot, lot_id)
    appraisal, _ = making.look(session, of_lot(session, lot, as_of.on, curve=False), as_of)
    return range_of(appraisal.opinion)


def range_of(opinion: Opinion) -> Range | None:
    """A valuation as an estimate; None where it claims no value or no range."""
    if opinion.value_minor is None or opinion.wide is None:
        return None
    low = max(1, min(opinion.wide.low_minor, opinion.value_minor))
    return Range(opinion.value_minor, low, max(opinion.wide.high_minor, opinion.value_minor))
