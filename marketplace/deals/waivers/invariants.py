"""What must always hold of waivers: each question answers with nothing."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from marketplace.deals.waivers.models import TitleWaiver
from marketplace.four_eyes import without_two_persons


def waived_alone(session: Session) -> list[str]:
    """The seller asks, the operator agrees: never one person."""
    return without_two_persons(session, TitleWaiver)


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("two persons waive a title", waived_alone),
)
