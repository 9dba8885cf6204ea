"""The door for time: `tick()` is the life of a deal as a list of calls.

Rows are the queue. A job does one due item and says whether there was one; each item has its own transaction,
and every job may run twice or in two workers at once.
"""

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

import structlog
from flask import Flask
from sqlalchemy.orm import Session

import auctions.service
import payments.service
import transactions.service
from auctions.combination import service as combination
from auctions.confirmations.issuing import issue_due as issue_confirmations
from auctions.fair_play.service import barring, examining, listing, tracing
from auctions.keys import note_key
from auctions.outages.service import make_good_due
from auctions.runner_up import service as runner_up
from marketplace import due, outbox
from marketplace.db import atomic, db
from marketplace.deals import service as deals
from marketplace.deals import windows
from marketplace.heartbeat import service as heartbeat
from marketplace.heartbeat.rules import BEAT_EVERY
from payments import sending
from payments.bank import service as bank
from payments.bank import working
from payments.cards import service as cards
from payments.compensation import service as compensation
from payments.disputes import service as disputes
from payments.documents import service as documents
from payments.guarantees import service as guarantees
from payments.leaving import service as leaving
from payments.spending import service as spending
from payments.subsidies import service as subsidies
from search import service as search
from search.watching.service import following, telling, wanted, webhooks
from search.watching.service import searches as saved_searches
from transactions.backtest.errand import backtest_weekly
from transactions.contest import platform
from transactions.contest import service as contest
from transactions.disclosure.service.releasing import release_monthly
from transactions.hedonics.errand import fit_weekly
from transactions.log import stamping, witnessing
from transactions.valuations import working as valuing
from transactions.valuations.service.revaluing import begin_due
from wsgi import create_app

log = structlog.get_logger()

Job = Callable[[Session], bool]
Errand = Callable[[], int]

# In the order in which a deal lives.
JOBS: tuple[Job, ...] = (
    make_good_due,
    barring.bar_selling_agencies,
    listing.expire_due,
    auctions.service.open_due,
    payments.service.prepare_deposits,
    cards.place_holds,
    cards.renew_holds,
    auctions.service.close_due,
    auctions.service.remind_due,
    auctions.service.lapse_due,
    combination.cancel_incomplete,
    combination.decide_combination,
    windows.close_due,
    deals.expire_offers,
    cards.give_up_holds,
    payments.service.release_losers,
    spending.free_lost,
    spending.draw_won,
    payments.service.apply_winners,
    payments.service.prepare_balances,
    bank.assign_virtual_account,
    guarantees.return_due,
    guarantees.call_due,
    guarantees.note_paid,
    guarantees.lapse_due,
    payments.service.expire_holds,
    runner_up.lapse_due,
    payments.service.flag_overdue,
    leaving.book_costs,
    payments.service.settle_transferred,
    disputes.remind_due,
    compensation.pay_parts_due,
    compensation.close_paid,
    subsidies.close_paid,
    documents.issue_due,
    transactions.service.record_due,
    begin_due,
    witnessing.witness_due,
    contest.open_due,
    contest.set_fee_apart,
    tracing.trace_due,
    examining.examine_due,
    tracing.forget_due,
    following.note_opening,
    telling.tell_found,
    telling.tell_watchers,
    wanted.expire_due,
    saved_searches.forget_old,
    webhooks.forget_delivered,
)

# What takes its time or talks to the world outside the database, and so opens its own transactions.
ERRANDS: tuple[Errand, ...] = (
    note_key,
    issue_confirmations,
    sending.send_due,
    working.work_off,
    outbox.send_due,
    stamping.stamp_due,
    platform.file_due,
    search.follow,
)

# Calls to strangers' systems: in a thread of their own, for a stranger may be slow.
CALLS: tuple[Errand, ...] = (webhooks.send_due,)

# Thousands of saved searches meet the lots that changed: seconds of computing in a thread of its own, so that
# no auction's end waits for it, and it for no study.
WATCHES: tuple[Errand, ...] = (following.follow_changes,)

# What may take minutes: a thread of its own does it, so that no auction's end and no heartbeat waits for it.
STUDIES: tuple[Errand, ...] = (
    search.compare_all,
    release_monthly,
    fit_weekly,
    backtest_weekly,
    valuing.work_off,
)

# A job that finds more than this goes on at the next tick, so that no job starves the others.
ITEMS_PER_TICK = 200

SECONDS_BETWEEN_TICKS = 1.0
# Of the threads beside the tick, while they find nothing to do.
SECONDS_BETWEEN_STUDIES = 5.0


def tick(app: Flask, say_alive: Errand = lambda: 0) -> int:
    """Do everything that is due now; returns how many items were done.

    `say_alive` is called before each of them: whoever has much to do is not down.
    """
    done = sum(_drain(app, job, say_alive) for job in JOBS)
    for errand in ERRANDS:
        say_alive()
        done += _run(app, errand)
    return done


def study(app: Flask) -> int:
    """Do what takes long and is due; returns how many items were done."""
    return sum(_run(app, errand) for errand in STUDIES)


def call(app: Flask) -> int:
    """Tell strangers' systems what is due; returns how many were tried."""
    return sum(_run(app, errand) for errand in CALLS)


def watch(app: Flask) -> int:
    """Find what saved searches and watch lists are to tell; returns how many lots were looked at."""
    return sum(_run(app, errand) for errand in WATCHES)


def _drain(app: Flask, job: Job, say_alive: Errand) -> int:
    """Do a job's due items; one that fails is set aside, so that it does not hold up those behind it."""
    done = 0
    for _ in range(ITEMS_PER_TICK):
        say_alive()
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


class Pulse:
    """Says every few seconds that this worker lives; after a silence the outage is recorded first."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._next = time.monotonic()

    def __call__(self) -> int:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + BEAT_EVERY.total_seconds()
            _run(self._app, _beat)
        return 0


def _beat() -> int:
    with atomic() as session:
        outage = heartbeat.beat(session)
        if outage is not None:
            log.warning("platform_was_down", since=outage.began_at.isoformat())
    return 0


def main() -> None:
    """Tick until SIGTERM or SIGINT; the item in hand is finished first."""
    app, stopping = create_app(), threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    # What it has begun when the worker ends is undone by the database, and done again by the next one.
    for work in (study, call, watch):
        threading.Thread(target=_go_on, args=(work, app, stopping), name=work.__name__, daemon=True).start()
    pulse = Pulse(app)
    while not stopping.is_set():
        if tick(app, pulse) == 0:
            stopping.wait(SECONDS_BETWEEN_TICKS)


def _go_on(work: Callable[[Flask], int], app: Flask, stopping: threading.Event) -> None:
    while not stopping.is_set():
        if work(app) == 0:
            stopping.wait(SECONDS_BETWEEN_STUDIES)


if __name__ == "__main__":
    main()
