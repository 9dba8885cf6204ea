"""The door for batches: rows are valued a few at a time, and each few is kept in its own transaction."""

import time
import uuid

import structlog

from marketplace.db import atomic, db
from transactions.valuations.models import ValuationBatch
from transactions.valuations.queries.batches import lock_batch, running_batches
from transactions.valuations.rules.words import BatchStatus
from transactions.valuations.service import batches, revaluing

log = structlog.get_logger()

# How many rows are kept in one transaction: what a kill can cost.
ROWS_AT_ONCE = 50

# The worker goes on at its next tick, so that no batch holds up the end of an auction.
SECONDS_A_TICK = 1.0


def work_off() -> int:
    """Go on with the batches for a moment, the oldest first; returns how many pieces were done."""
    until, done = time.monotonic() + SECONDS_A_TICK, 0
    for batch_id in running_batches(db.session()):
        going = True
        while going and time.monotonic() < until:
            going = step(batch_id)
            done += 1
    return done


def step(batch_id: uuid.UUID, count: int = ROWS_AT_ONCE) -> bool:
    """Do the next piece of a batch; False when it is done, or another worker is at it.

    The figures are worked out before the transaction begins: nobody waits for them.
    """
    session = db.session()
    batch = session.get(ValuationBatch, batch_id, populate_existing=True)
    if batch is None or batch.status is BatchStatus.DONE:
        return False
    prepared = batches.prepare(session, batch, count)
    with atomic() as writing:
        locked = lock_batch(writing, batch_id)
        if locked is None or locked.status is BatchStatus.DONE:
            return False
        kept = batches.write(writing, locked, prepared)
        revaluing.watch(writing, locked, kept)
        left = locked.rows - locked.valued - locked.refused
    if not left:
        log.info("valuation_batch_done", batch=str(batch_id))
    return left > 0


def finish(batch_id: uuid.UUID) -> None:
    """Work one batch off to its end."""
    while step(batch_id):
        pass
