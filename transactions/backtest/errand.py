"""The worker's errand: once a week, when there are new records, the method is tested anew on patents.

The page of errors shows one line of runs; other rights are tested on the command line.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from marketplace.clock import now
from marketplace.db import atomic, db
from transactions.backtest import service
from transactions.hedonics import queries
from transactions.hedonics.method import LEAST_PRICED

log = structlog.get_logger()

EVERY = timedelta(days=7)

# How long a look that found nothing to do is good for: this errand is asked every few seconds.
LOOK_EVERY = timedelta(hours=1)


@dataclass(slots=True)
class Look:
    """When this process last looked for new records, and at how many leaves of the log."""

    at: datetime | None = None
    size: int = -1


_LOOK = Look()


def backtest_weekly(look: Look = _LOOK) -> int:
    """Test and keep a run if one is due; returns how many were kept."""
    moment = now()
    if look.at is not None and moment - look.at < LOOK_EVERY:
        return 0
    look.at = moment
    session = db.session()
    size, last = queries.tree_size(session), service.last_run(session)
    due = size > 0 and (last is None or (moment - last.run_at >= EVERY and last.tree_size != size))
    if not due or size == look.size:
        session.rollback()
        return 0
    look.size = size
    taken = service.take_records(session)
    session.rollback()  # a backtest takes a while, and nobody waits for it
    result = service.try_taken(taken)
    if not result.scored:
        log.info("too_few_to_backtest", priced=result.priced, least=LEAST_PRICED)
        return 0
    with atomic() as writing:
        service.keep(writing, result)
    log.info("backtest_kept", lots=len(result.scored))
    return 1
