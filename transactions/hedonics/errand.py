"""The worker's errand: once a week, when there are new records, the model is fitted anew."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from marketplace.clock import now
from marketplace.db import atomic, db
from transactions.hedonics import queries, service
from transactions.hedonics.method import LEAST_PRICED

log = structlog.get_logger()

EVERY = timedelta(days=7)

# How long a look that found nothing to do is good for: this errand is asked every second.
LOOK_EVERY = timedelta(hours=1)


@dataclass(slots=True)
class Look:
    """When this process last looked for new records, and at how many leaves of the log."""

    at: datetime | None = None
    size: int = -1


_LOOK = Look()


def fit_weekly(look: Look = _LOOK) -> int:
    """Fit and keep a model if one is due; returns how many were kept."""
    moment = now()
    if look.at is not None and moment - look.at < LOOK_EVERY:
        return 0
    look.at = moment
    session = db.session()
    size, last = queries.tree_size(session), queries.last_fit(session)
    due = last is None or (moment - last[0] >= EVERY and last[1] != size)
    if not due or size == look.size:
        session.rollback()
        return 0
    look.size = size
    fits = service.fit_families(session)
    # A fit takes seconds; no transaction stays open for it to be written.
    session.rollback()
    for fitted in fits:
        if fitted.model is None:
            log.info("too_few_to_fit", family=fitted.family, priced=fitted.priced, least=LEAST_PRICED)
    if not any(fitted.model for fitted in fits):
        return 0
    with atomic() as writing:
        kept = [row.version for fitted in fits if (row := service.keep(writing, fitted))]
    log.info("models_fitted", versions=kept)
    return len(kept)
