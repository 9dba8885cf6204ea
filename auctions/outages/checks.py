"""What must be true of outages and of what they did to auctions."""

from collections.abc import Callable

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from auctions.models import Auction, JournalEntry
from auctions.outages.models import Interruption
from auctions.queries import ACCEPTED
from auctions.rules import Action
from marketplace.heartbeat.models import Outage


def interruptions_lie_within_their_outage(session: Session) -> list[str]:
    """No auction was given more time back than the outage lasted."""
    statement = (
        select(Interruption.auction_id)
        .join(Outage)
        .where(
            or_(
                Interruption.began_at < Outage.began_at,
                Interruption.ended_at != Outage.ended_at,
                Interruption.began_at > Interruption.ended_at,
            )
        )
    )
    return [f"auction {one}: interrupted longer than its outage" for one in session.scalars(statement)]


def interruptions_stand_in_the_journal(session: Session) -> list[str]:
    """Every interruption is a suspension of the auction's journal, dated at its beginning."""
    recorded = exists().where(
        JournalEntry.auction_id == Interruption.auction_id,
        JournalEntry.action == Action.SUSPEND,
        JournalEntry.decision == ACCEPTED,
        JournalEntry.at == Interruption.began_at,
    )
    statement = (
        select(Auction.id)
        .join(Interruption, Interruption.auction_id == Auction.id)
        .where(Interruption.began_at < Interruption.ended_at, ~recorded)
    )
    return [f"auction {one}: an interruption is not in its journal" for one in session.scalars(statement)]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("an interruption lies within its outage", interruptions_lie_within_their_outage),
    ("an interruption stands in the journal", interruptions_stand_in_the_journal),
)
