"""The door for time: `tick()` is the life of a deal as a list of calls.

Rows are the queue. A job does one due item and says whether there was one; each item has its own transaction,
and every job may run twice or in two workers at once.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType

import structlog
from flask import Flask
from sqlalchemy.orm import Session

import auctions.service
import payments.service
import transactions.service
from auctions.combination import service as combination
from marketplace import due, outbox
from marketplace.db import atomic, db
from marketplace.deals import service as deals
from payments import sending
from search import service as search
from wsgi import create_app

log = structlog.get_logger()

Job = Callable[[Session], bool]
Errand = Callable[[], int]

# In the order in which a deal lives.
JOBS: tuple[Job, ...] = (
    auctions.service.open_due,
    payments.service.prepare_deposits,
    auctions.service.close_due,
    combination.cancel_incomplete,
    combination.decide_combination,
    deals.expire_offers,
    payments.service.release_losers,
    payments.service.apply_winners,
    payments.service.prepare_balances,
    payments.service.expire_holds,
    payments.service.lapse_unpaid,
    payments.service.settle_transferred,
    transactions.service.record_due,
)

# What talks to the world outside the database, and so opens its own transactions.
ERRANDS: tuple[Errand, ...] = (sending.send_due, outbox.send_due, search.index_changed)

# A job that finds more than this goes on at the next tick, so that no job starves the others.
ITEMS_PER_TICK = 200

SECONDS_BETWEEN_TICKS = 1.0


def tick(app: Flask) -> int:
    """Do everything that is due now; returns how many items were done."""
    return sum(_drain(app, job) for job in JOBS) + sum(_run(app, errand) for errand in ERRANDS)


def _drain(app: Flask, job: Job) -> int:
    """Do a job's due items; one that fails is set aside, so that it does not hold up those behind it."""
    done = 0
    for _ in range(ITEMS_PER_TICK):
        with app.app_context():
            try:
                with atomic() as session:
                    found = job(session)
            except Exception:
                row_id = due.set_aside()
                log.exception("job_failed", job=f"{job.__module__}.{job.__name__}", row_id=str(row_id))
                found = row_id is not None
            else:
                done += found
            finally:
                db.session.remove()
        if not found:
            break
    return done


def _run(app: Flask, errand: Errand) -> int:
    with app.app_context():
        try:
            return errand()
        except Exception:
            log.exception("errand_failed", errand=f"{errand.__module__}.{errand.__name__}")
            return 0
        finally:
            db.session.remove()


def main() -> None:
    """Tick until SIGTERM or SIGINT; the item in hand is finished first."""
    app, stopping = create_app(), threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping.is_set():
        if tick(app) == 0:
            stopping.wait(SECONDS_BETWEEN_TICKS)


if __name__ == "__main__":
    main()
