"""A bank's collateral, valued again in a rhythm, and what the bank is told of it."""

import uuid
from collections.abc import Sequence
from datetime import date

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from marketplace import audit, clock, outbox
from marketplace.access import Actor
from marketplace.due import take_first
from marketplace.errors import Refused
from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from transactions.valuations.models import RevaluationAlert, RevaluationSchedule, Valuation, ValuationBatch
from transactions.valuations.queries import schedules as queries
from transactions.valuations.queries.valuations import latest_of
from transactions.valuations.rules import watching
from transactions.valuations.rules.watching import Standing, Thresholds
from transactions.valuations.rules.words import AlertKind, BatchStatus, Frequency, Scope, ValuationReason
from transactions.valuations.service import making
from transactions.valuations.service.taking import take_schedule

SCHEDULES_MOST = 20
FIGURE_MOST = 10**9


def set_up(
    session: Session,
    actor: Actor,
    *,
    name: str,
    scope: Scope,
    frequency: Frequency,
    first_on: date,
    thresholds: Thresholds,
) -> RevaluationSchedule:
    """Begin a rhythm; a first day that has passed is due at once.

    Raises:
        Refused: a threshold out of its limits, no name, or too many schedules.
    """
    watching.check_thresholds(thresholds)
    if not name.strip():
        raise Refused(ValuationReason.EMPTY, field="name")
    if len(queries.schedules_of(session, actor.institution_id)) >= SCHEDULES_MOST:
        raise Refused(ValuationReason.TOO_MANY_SCHEDULES, most=SCHEDULES_MOST)
    now = clock.now()
    row = RevaluationSchedule(
        institution_id=actor.institution_id,
        name=name.strip()[:120],
        scope=scope,
        frequency=frequency,
        first_on=first_on,
        next_on=first_on,
        fall=thresholds.fall,
        limit=thresholds.limit,
        life_months=thresholds.life_months,
        active=True,
        made_by_id=actor.person_id,
        made_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, actor, row, "schedule")
    return row


def change(
    session: Session, actor: Actor, schedule_id: uuid.UUID, thresholds: Thresholds, *, active: bool
) -> RevaluationSchedule:
    """Set other thresholds, or let the rhythm rest or go on.

    Raises:
        NotFound: no schedule of the actor's institution. Refused: a threshold out of its limits.
    """
    watching.check_thresholds(thresholds)
    row = queries.find_own_schedule(session, actor.institution_id, schedule_id, lock=True)
    row.fall, row.limit, row.life_months = thresholds.fall, thresholds.limit, thresholds.life_months
    row.active, row.changed_at = active, clock.now()
    _note(session, actor, row, "change_schedule")
    return row


def _note(session: Session, actor: Actor, row: RevaluationSchedule, act: str) -> None:
    audit.record(
        session,
        f"valuations.{act}",
        row.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        fall=row.fall,
        limit=row.limit,
        life_months=row.life_months,
        active=row.active,
    )


def begin_due(session: Session) -> bool:
    """Begin the run of one schedule whose day has come; False when none is due."""
    today = making.today()
    schedule = take_first(session, queries.due_schedules(today), RevaluationSchedule)
    if schedule is None:
        return False
    take_schedule(session, schedule)
    # Runs that were missed while nothing ran are not made up for: their day has passed.
    schedule.next_on = watching.next_due(schedule.first_on, schedule.frequency, today)
    return True


def watch(session: Session, batch: ValuationBatch, made: Sequence[Valuation]) -> list[RevaluationAlert]:
    """Compare each new valuation of a schedule's run with the one before; tell the bank what it asked for."""
    schedule = batch.schedule
    if schedule is None:
        return []
    wanted = Thresholds(schedule.fall, schedule.limit, schedule.life_months)
    before = latest_of(session, batch.institution_id, [one.subject_key for one in made], before=batch.id)
    found = []
    for one in made:
        previous = before.get(one.subject_key)
        told = watching.alerts(_standing(previous) if previous else None, _standing(one), wanted)
        found += [_alert(schedule, one, previous, kind, figure) for kind, figure in told.items()]
    session.add_all(found)
    session.flush()
    for alert in found:
        _tell(session, alert)
    if batch.status is BatchStatus.DONE:
        _mail(session, batch, schedule)
    return found


def _standing(one: Valuation) -> Standing:
    return Standing(one.value_minor, one.claim_minor, one.life_months, one.annuity_due_on, one.valued_on)


def _alert(
    schedule: RevaluationSchedule, one: Valuation, previous: Valuation | None, kind: AlertKind, figure: int
) -> RevaluationAlert:
    return RevaluationAlert(
        institution_id=schedule.institution_id,
        schedule_id=schedule.id,
        valuation=one,
        previous=previous,
        kind=kind,
        figure=min(figure, FIGURE_MOST),
        at=clock.now(),
    )


_NOTICES = {
    AlertKind.FELL: NoticeKind.COLLATERAL_FELL,
    AlertKind.UNDER_CLAIM: NoticeKind.COLLATERAL_UNDER_CLAIM,
    AlertKind.OVER_LIMIT: NoticeKind.COLLATERAL_OVER_LIMIT,
    AlertKind.LIFE_SHORT: NoticeKind.COLLATERAL_CLOCK,
    AlertKind.ANNUITY_DUE: NoticeKind.COLLATERAL_CLOCK,
    AlertKind.EXPIRED: NoticeKind.COLLATERAL_CLOCK,
    AlertKind.NO_LONGER_VALUED: NoticeKind.COLLATERAL_FELL,
}


def _tell(session: Session, alert: RevaluationAlert) -> None:
    one = alert.valuation
    notify(
        session,
        alert.institution_id,
        _NOTICES[alert.kind],
        f"/valuations/{one.id}",
        title=f"{one.reference} · {one.title}"[:300],
        amount=Money(one.value_minor, one.currency) if one.value_minor else None,
    )


def _mail(session: Session, batch: ValuationBatch, schedule: RevaluationSchedule) -> None:
    """One mail for the whole run, to whoever set the schedule up; none where there is nothing to tell."""
    person = queries.person_of(session, schedule.made_by_id)
    count = queries.count_alerts(session, batch.id)
    if person is None or not count:
        return
    site = current_app.extensions["settings"].public_url
    with force_locale(person.language):
        subject = gettext("%(name)s: collateral to look at", name=schedule.name)
        greeting = gettext("Dear %(name)s,", name=person.name)
        body = gettext(
            "The revaluation of %(day)s has %(count)s things to tell. They stand on the marketplace:",
            day=batch.valued_on.isoformat(),
            count=count,
        )
        text = f"{greeting}\n\n{body}\n\n{site}/valuations/schedules/{schedule.id}\n\n落槌 Luochui\n"
        outbox.queue(session, person.email, subject, text)
