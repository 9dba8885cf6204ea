"""What must always hold of the contest: each question answers with what breaks it, so with nothing."""

from collections.abc import Callable, Sequence

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from marketplace.config import Config
from transactions.contest import envelopes, rules
from transactions.contest.envelopes import Unopenable
from transactions.contest.models import ContestFee, ContestResult, OpenedEstimate, SealedEstimate
from transactions.contest.rules import Range, Sale, Verdict

_AT_ONCE = 500


def envelopes_open(session: Session) -> list[str]:
    """Every envelope gives back what its commitment names, and stands where it was filed."""
    settings: Config = current_app.extensions["settings"]
    key, problems = envelopes.sealing_key(settings.field_key), []
    for one in session.scalars(select(SealedEstimate).execution_options(yield_per=_AT_ONCE)):
        try:
            content = envelopes.unseal(key, one.commitment, one.sealed)
        except Unopenable:
            problems.append(f"estimate {one.id} cannot be opened")
            continue
        if envelopes.token(key, one.lot_id, one.round, content.estimator) != one.token:
            problems.append(f"estimate {one.id} is not where it was filed")
    return problems


def nothing_is_opened_early(session: Session) -> list[str]:
    """What was opened was filed before the outcome was known, and is the last of its estimator."""
    later = aliased(SealedEstimate)
    sealed = SealedEstimate
    newer = select(later.id).where(later.token == sealed.token, later.sequence > sealed.sequence).exists()
    query = (
        select(OpenedEstimate.id)
        .join(sealed, sealed.id == OpenedEstimate.id)
        .join(ContestResult, ContestResult.id == OpenedEstimate.result_id)
        .where((sealed.filed_at > ContestResult.opened_at) | newer | (sealed.round != ContestResult.round))
    )
    return [f"estimate {identity} should not have been opened" for identity in session.scalars(query)]


def opened_is_what_was_sealed(session: Session) -> list[str]:
    """An opened estimate shows what its commitment binds."""
    query = select(OpenedEstimate).where(OpenedEstimate.verdict != Verdict.UNOPENED)
    problems = []
    for one in session.scalars(query.execution_options(yield_per=_AT_ONCE)):
        content = envelopes.Content(
            str(one.sealed.lot_id),
            one.sealed.round,
            str(one.institution_id) if one.institution_id else envelopes.PLATFORM,
            one.sealed.lot.currency,
            Range(one.value_minor or 0, one.low_minor or 0, one.high_minor or 0),
            one.note,
            one.salt,
        )
        if envelopes.commitment_of(content) != one.sealed.commitment:
            problems.append(f"estimate {one.id} was opened as something else")
    return problems


def scores_are_those_of_the_rules(session: Session) -> list[str]:
    """Every score follows again from the estimate and the outcome."""
    query = select(OpenedEstimate).where(OpenedEstimate.verdict.in_([Verdict.SCORED, Verdict.TOO_HIGH]))
    problems = []
    for one in session.scalars(query.execution_options(yield_per=_AT_ONCE)):
        sale = Sale(one.result.outcome, one.result.price_minor, one.result.start_price_minor)
        estimate = Range(one.value_minor or 1, one.low_minor or 1, one.high_minor or 1)
        score = rules.score(estimate, sale)
        if (one.verdict, one.log_error, one.within, one.interval_score) != (
            score.verdict,
            score.log_error,
            score.within,
            score.interval_score,
        ):
            problems.append(f"estimate {one.id} has another score than the rules give")
    return problems


def one_closest_each(session: Session) -> list[str]:
    """A round has one closest estimate at most, and its fee goes to that one."""
    doubled = (
        select(OpenedEstimate.result_id)
        .where(OpenedEstimate.closest)
        .group_by(OpenedEstimate.result_id)
        .having(func.count() > 1)
    )
    winner = (
        select(OpenedEstimate.id)
        .where(
            OpenedEstimate.result_id == ContestFee.result_id,
            OpenedEstimate.closest,
            OpenedEstimate.institution_id == ContestFee.institution_id,
        )
        .exists()
    )
    astray = select(ContestFee.id).where(~winner)
    return [
        *(f"result {identity} has two closest estimates" for identity in session.scalars(doubled)),
        *(f"fee {identity} goes to somebody else than the closest" for identity in session.scalars(astray)),
    ]


CHECKS: Sequence[tuple[str, Callable[[Session], list[str]]]] = (
    ("every sealed estimate can be opened", envelopes_open),
    ("no estimate is opened early or twice", nothing_is_opened_early),
    ("opened estimates are those that were sealed", opened_is_what_was_sealed),
    ("scores follow from the estimates", scores_are_those_of_the_rules),
    ("one estimate is the closest, and is paid", one_closest_each),
)
