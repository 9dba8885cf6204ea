"""A question of one's own, at fixed steps: from the latest release, within the budget of the day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Verb, require
from marketplace.errors import Refused
from transactions import queries as records
from transactions.disclosure import counting, queries
from transactions.disclosure.models import DisclosureQuestion, StatisticsRelease
from transactions.disclosure.readers import name_of
from transactions.disclosure.rules.differencing import (
    QUESTIONS_A_DAY,
    Question,
    block_member,
    check_budget,
    check_question,
    earlier_answer,
)
from transactions.disclosure.rules.figures import Tally, figures_of
from transactions.disclosure.rules.reasons import Reason
from transactions.disclosure.rules.words import Family
from transactions.disclosure.steps import steps
from transactions.rules.words import SaleOutcome

# So many public sales are named among what an answer counted; beyond that blocks alone are compared.
_NAMED = 2000


def ask(session: Session, actor: Actor, question: Question) -> dict[str, Any]:
    """The figures of the sales that the question describes; empty where they may not be told.

    Args:
        session: within `atomic()`, because the question is noted.
        actor: whose institution's budget it counts against.
        question: values by dimension, an empty list for all of them.

    Raises:
        Refused: no step of a filter, no release yet, or the budget of the day is spent.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.ASK_STATISTICS)
    name, today = name_of(actor.institution_id), clock.now().astimezone(clock.LOCAL_ZONE).date()
    check_budget(_count(session, name, today))
    release = queries.latest_release(session)
    if release is None:
        raise Refused(Reason.NOTHING_RELEASED)
    asked = check_question(question, steps(release.through.year))
    members, figures = _answer(session, release, asked)
    # Questions of one institution at once are counted one after another.
    records.lock_head(session)
    before = _asked(session, name, today, release)
    check_budget(_count(session, name, today))
    again = earlier_answer(members, [(row.members, row.answer) for row in before])
    answer = dict(again if again is not None else figures)
    session.add(
        DisclosureQuestion(
            asked_by=name,
            asked_on=today,
            asked_at=clock.now(),
            release_number=release.number,
            question=asked,
            members=members,
            answer=answer,
        )
    )
    return answer


def left_today(session: Session, actor: Actor) -> int:
    """How many questions the institution has left today."""
    today = clock.now().astimezone(clock.LOCAL_ZONE).date()
    return max(0, QUESTIONS_A_DAY - _count(session, name_of(actor.institution_id), today))


def _count(session: Session, name: str, today: date) -> int:
    row = DisclosureQuestion
    query = select(func.count()).select_from(row).where(row.asked_by == name, row.asked_on == today)
    return session.scalar(query) or 0


def _asked(
    session: Session, name: str, today: date, release: StatisticsRelease
) -> Sequence[DisclosureQuestion]:
    row = DisclosureQuestion
    query = select(row).where(
        row.asked_by == name, row.asked_on == today, row.release_number == release.number
    )
    return session.scalars(query.order_by(row.asked_at)).all()


def _answer(
    session: Session, release: StatisticsRelease, asked: Mapping[str, Sequence[str]]
) -> tuple[list[str], dict[str, Any]]:
    """What is counted, and the figures; a block is counted only where it lies wholly within the question."""
    tally, members = Tally(), list[str]()
    prices_of = asked.get("currency", [])
    for row in counting.stream(session, counting.public_sales(release.through, release.tree_size)):
        key = dict(counting.key_of(row, Family.PRICES))
        if _within(key, asked):
            members.append(str(row.id))
            tally.outcomes.update([] if prices_of else [row.outcome])
            if row.outcome is SaleOutcome.SOLD and row.price_minor and [row.currency] == prices_of:
                tally.prices.append(row.price_minor)
    for block in counting.block_contents(session):
        counted = block.family is Family.OFFERS and not prices_of
        if (counted or ([block.key.get("currency")] == prices_of)) and _within(block.key, asked):
            members.append(block_member(block.identity))
            tally.coarse = True
            tally.outcomes.update(block.outcomes if block.family is Family.OFFERS else ())
            tally.prices.extend(block.prices)
    named = members if len(members) <= _NAMED else [one for one in members if one.startswith("block:")]
    return sorted(named), figures_of(tally) or {}


def _within(key: Mapping[str, str], asked: Mapping[str, Sequence[str]]) -> bool:
    return all(key.get(name) in values for name, values in asked.items())
