"""A portfolio file that waits between preview and confirmation."""

import uuid
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Refused
from marketplace.listings.models import PortfolioUpload
from marketplace.listings.rules import ListingReason

KEPT_FOR = timedelta(days=1)


def keep(session: Session, actor: Actor, file_name: str, content: bytes) -> PortfolioUpload:
    """Keep a file until it is confirmed; files that nobody confirmed for a day are removed.

    Raises:
        NotAllowed: the actor may not import.
    """
    require(actor, Verb.IMPORT_PORTFOLIO, Subject(owner_id=actor.institution_id))
    now = clock.now()
    session.execute(delete(PortfolioUpload).where(PortfolioUpload.uploaded_at < now - KEPT_FOR))
    upload = PortfolioUpload(
        institution_id=actor.institution_id,
        uploaded_by_id=actor.person_id,
        uploaded_at=now,
        file_name=file_name[-200:],
        content=content,
    )
    session.add(upload)
    session.flush()
    return upload


def find(session: Session, actor: Actor, upload_id: uuid.UUID) -> PortfolioUpload:
    """The bank's upload; raises Refused for one that is gone, was confirmed, or is another bank's."""
    upload = session.get(PortfolioUpload, upload_id)
    if upload is None or upload.institution_id != actor.institution_id:
        raise Refused(ListingReason.UPLOAD_GONE)
    return upload


def forget(session: Session, upload: PortfolioUpload) -> None:
    """Remove a file that has been imported."""
    session.delete(upload)
