"""What must hold of saved cards and of holds on cards at all times."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from marketplace import clock
from payments.cards.models import SavedCard
from payments.cards.rules import CardStatus
from payments.models import Deposit
from payments.rules import OPEN_DEPOSITS, DepositStatus, Method

# A broken invariant is told by its first rows; nobody reads a thousand.
SHOWN = 100

# The worker ends what has run out within seconds; after this long it has not.
NOTICED_WITHIN = timedelta(hours=1)


def _found(session: Session, statement: Select[*tuple[Any, ...]], words: str) -> list[str]:
    return [words.format(*row) for row in session.execute(statement.limit(SHOWN))]


def cards_without_a_name(session: Session) -> list[str]:
    """A saved card is one that the gateway can be told to hold on; no other is."""
    named = SavedCard.payment_method != ""
    statement = select(SavedCard.id, SavedCard.status).where(
        or_(
            (SavedCard.status == CardStatus.SAVED) & ~named,
            SavedCard.status.in_((CardStatus.ASKED, CardStatus.FAILED)) & named,
        )
    )
    return _found(session, statement, "card {0} is {1}, and the gateway's name for it says otherwise")


def deposits_on_other_cards(session: Session) -> list[str]:
    """A deposit is held on a saved card of its own bidder."""
    statement = (
        select(Deposit.id, SavedCard.id, SavedCard.status)
        .join(SavedCard, SavedCard.id == Deposit.card_id)
        .where(
            Deposit.status.in_(OPEN_DEPOSITS),
            or_(SavedCard.status != CardStatus.SAVED, SavedCard.institution_id != Deposit.institution_id),
        )
    )
    return _found(session, statement, "deposit {0} is on card {1}, which is {2} or another's")


def holds_unknown_to_the_gateway(session: Session) -> list[str]:
    """What is held on a card has the gateway's name of the hold."""
    statement = select(Deposit.id).where(
        Deposit.status == DepositStatus.HELD, Deposit.method == Method.STRIPE, Deposit.gateway_object == ""
    )
    return _found(session, statement, "deposit {0} counts as held on a card, and no hold is known")


def holds_run_out_unnoticed(session: Session) -> list[str]:
    """A hold that has run out no longer lets its bidder bid."""
    statement = select(Deposit.id, Deposit.hold_expires_at).where(
        Deposit.status == DepositStatus.HELD,
        Deposit.method == Method.STRIPE,
        Deposit.captured_minor == 0,
        Deposit.deal_id.is_(None),
        Deposit.hold_expires_at < clock.now() - NOTICED_WITHIN,
    )
    return _found(session, statement, "deposit {0} counts as held, and its hold ran out at {1}")


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("saved cards are known to the gateway", cards_without_a_name),
    ("deposits are held on saved cards of their bidders", deposits_on_other_cards),
    ("card holds are known to the gateway", holds_unknown_to_the_gateway),
    ("no card hold has run out unnoticed", holds_run_out_unnoticed),
)
