"""What must always hold of the next bidders who are asked: each question answers with nothing."""

from collections.abc import Callable

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from auctions.models import Registration
from auctions.runner_up.models import RunnerUpOffer
from auctions.runner_up.rules import Answer
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealSource


def bought_without_a_yes(session: Session) -> list[str]:
    """A bidder who was asked has a deal exactly when he accepted."""
    deal = exists().where(
        Deal.source == DealSource.AUCTION,
        Deal.source_id == RunnerUpOffer.auction_id,
        Deal.buyer_id == Registration.institution_id,
    )
    accepted = RunnerUpOffer.answer == Answer.ACCEPTED
    statement = (
        select(RunnerUpOffer.id, RunnerUpOffer.answer)
        .join(Registration, Registration.id == RunnerUpOffer.registration_id)
        .where((accepted & ~deal) | (~accepted & deal))
    )
    return [f"offer {row} is {answer}, its deal says otherwise" for row, answer in session.execute(statement)]


def asked_two_at_once(session: Session) -> list[str]:
    """In an auction at most one bidder is being asked."""
    statement = (
        select(RunnerUpOffer.auction_id)
        .where(RunnerUpOffer.answer == Answer.ASKED)
        .group_by(RunnerUpOffer.auction_id)
        .having(func.count() > 1)
    )
    return [f"auction {auction_id} asks two bidders" for auction_id in session.scalars(statement)]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("nobody buys without having accepted", bought_without_a_yes),
    ("one bidder is asked at a time", asked_two_at_once),
)
