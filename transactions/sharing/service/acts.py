"""What the verbs of the register share."""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor
from marketplace.config import Config
from transactions.sharing.models import Contributor, ContributorAct


def settings() -> Config:
    """The settings of this marketplace."""
    found: Config = current_app.extensions["settings"]
    return found


def note(
    session: Session, contributor: Contributor, act: str, actor: Actor | None, reason: str = "", **more: Any
) -> None:
    """Write down who did what; it lies beside the register, because the two databases commit apart."""
    session.add(
        ContributorAct(
            contributor_id=contributor.id,
            at=clock.now(),
            act=act,
            marketplace=settings().marketplace_name,
            person_id=actor.person_id if actor else None,
            reason=reason,
            **more,
        )
    )
