"""The line before an auction's lock: bids of one process that wait for it are decided in one transaction.

Nobody hears anything before the commit, and when the transaction fails, all in it fail. Between processes the
row's lock decides, as it does for a bid alone.
"""

import threading
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from weakref import WeakValueDictionary

from auctions import service
from auctions.models import JournalEntry
from auctions.service import Act
from marketplace.db import atomic, db
from marketplace.together import Together
from marketplace.web import arrival

Line = Together[Act, JournalEntry]

_lines: WeakValueDictionary[uuid.UUID, Line] = WeakValueDictionary()
_gate = threading.Lock()


def bid(auction_id: uuid.UUID, act: Act) -> JournalEntry:
    """`service.place` as a door calls it: in its own transaction or, in a crowd, in one with its neighbours.

    Raises:
        Refused, Conflict, NotFound, NotAllowed: as `service.place`.
        OperationalError: the database did not take the bids; none of those decided together is stored.
    """
    service.check(act)
    db.session().rollback()  # whoever waits holds no connection and, on SQLite, no lock
    return _line_of(auction_id).ask(act, arrival())


def _line_of(auction_id: uuid.UUID) -> Line:
    """The auction's line, which stands as long as somebody stands in it."""
    with _gate:
        line = _lines.get(auction_id)
        if line is None:
            line = _lines[auction_id] = Line(partial(_decide, auction_id))
        return line


def _decide(auction_id: uuid.UUID, take: Callable[[], list[Act]]) -> Sequence[JournalEntry | BaseException]:
    """The committed entries of those who waited when the lock was held, or why one has none."""
    with atomic() as session:
        answers = service.place_together(session, auction_id, take)
    for answer in answers:
        if isinstance(answer, JournalEntry) and answer in session:
            session.expunge(answer)  # it is read in another thread from now on
    return answers
