"""The keys that sign receipts and records, with their history: published, so that old receipts verify."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions import receipts
from auctions.models import JournalEntry, ReceiptKey
from marketplace import clock
from marketplace.db import atomic, db

# A key a year for longer than any record is kept; as many as a record file may hold.
MOST_KEYS = 50


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A public key of this marketplace.

    Attributes:
        since: when it was first used; None for one that is not noted yet.
        in_use: whether receipts are signed with it now.
    """

    fingerprint: str
    public_key: str
    since: datetime | None
    in_use: bool


def known_keys(session: Session) -> list[KnownKey]:
    """Every key, the one in use first, then the newest."""
    current = own_key()
    rows = session.scalars(select(ReceiptKey).order_by(ReceiptKey.since.desc()).limit(MOST_KEYS)).all()
    noted = {row.fingerprint: row for row in rows}
    own = noted.pop(current.fingerprint, None)
    first = KnownKey(current.fingerprint, current.public_key, own.since if own else None, in_use=True)
    return [
        first,
        *(KnownKey(row.fingerprint, row.public_key, row.since, in_use=False) for row in noted.values()),
    ]


def own_key() -> KnownKey:
    """The key that the configuration holds."""
    pem = receipts.public_key_text()
    return KnownKey(receipts.fingerprint(pem) or "", pem, None, in_use=True)


def key_of(session: Session, entry: JournalEntry) -> str:
    """The public key (PEM) that the entry's receipt was signed with: the one in use then, not now."""
    for key in known_keys(session):
        if receipts.verify(key.public_key, entry.hash, entry.receipt):
            return key.public_key
    return receipts.public_key_text()


def note_key() -> int:
    """Note the key in use when it is new; returns how many were noted. Opens its own transaction."""
    current = own_key()
    if _noted(db.session(), current.fingerprint):
        return 0
    with atomic() as session:
        if _noted(session, current.fingerprint):  # another worker was faster
            return 0
        session.add(
            ReceiptKey(fingerprint=current.fingerprint, public_key=current.public_key, since=clock.now())
        )
    return 1


def _noted(session: Session, fingerprint: str) -> bool:
    return session.scalar(select(ReceiptKey.id).where(ReceiptKey.fingerprint == fingerprint)) is not None
