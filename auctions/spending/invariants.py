"""What must be true of deposits that stand for several lots."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auctions.attempts import announced_deposit
from auctions.models import Auction, Registration
from auctions.rules import Outcome
from auctions.spending.models import SpendingLimit
from auctions.spending.rules import bound, commitment
from auctions.spending.service import percent_of
from auctions.written.state_json import read_state

LIMIT = 1_000


def bound_within_the_deposit(session: Session) -> list[str]:
    """Of no deposit is more bound than is held."""
    total = func.sum(Registration.bound_minor)
    statement = (
        select(SpendingLimit.id, SpendingLimit.deposit_minor, total)
        .join(Registration, Registration.spending_limit_id == SpendingLimit.id)
        .group_by(SpendingLimit.id, SpendingLimit.deposit_minor)
        .having(total > SpendingLimit.deposit_minor)
    )
    return [
        f"spending limit {limit_id}: bids bind {bound_minor} of {held}"
        for limit_id, held, bound_minor in session.execute(statement.limit(LIMIT))
    ]


def bound_as_the_state_says(session: Session) -> list[str]:
    """While an auction runs, its leader binds what it leads with, and nobody else anything."""
    statement = (
        select(Registration, Auction)
        .join(Auction, Auction.id == Registration.auction_id)
        .where(Registration.spending_limit_id.is_not(None), Auction.outcome == Outcome.OPEN)
    )
    found = []
    for registration, auction in session.execute(statement.execution_options(yield_per=LIMIT)):
        committed = commitment(read_state(auction.state), registration.alias)
        expected = bound(committed, percent_of(auction) or 0, announced_deposit(auction))
        if registration.bound_minor != expected:
            found.append(
                f"registration {registration.id} of spending limit {registration.spending_limit_id}: "
                f"{registration.bound_minor} is bound, {expected} by the state"
            )
    return found


CHECKS = (
    ("no deposit for several lots is bound beyond what is held", bound_within_the_deposit),
    ("of a deposit for several lots is bound what its bidder leads with", bound_as_the_state_says),
)
