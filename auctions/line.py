"""The line before an auction's lock: bids of one process that wait for it are decided in one transaction.

Nobody hears anything before the commit, and when the transaction fails, all in it fail. Between processes the
row's lock decides, as it does for a bid alone.
"""

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from weakref import WeakValueDictionary

from auctions import service
from auctions.models import JournalEntry
from auctions.service import Act, Answer
from marketplace.arrivals import wait_for_those_who_came
from marketplace.db import atomic, let_go
from marketplace.parties.claims import SignInChanged
from marketplace.together import Together
from marketplace.web import arrival, current_actor, identify_again

Line = Together[Act, Answer]

_lines: WeakValueDictionary[uuid.UUID, Line] = WeakValueDictionary()
_gate = threading.Lock()


def bid(auction_id: uuid.UUID, act: Act) -> JournalEntry:
    """`service.place` as a door calls it: in its own transaction or, in a crowd, in one with its neighbours.

    Raises:
        Refused, Conflict, NotFound, NotAllowed: as `service.place`.
        OperationalError: the database did not take the bids; none of those decided together is stored.
    """
    return answer(auction_id, act).entry


def answer(auction_id: uuid.UUID, act: Act) -> Answer:
    """The same with what explains the entry.

    Where the sign-in is no longer what was remembered of it, the visitor is identified anew.
    """
    service.check(act)
    let_go()  # nobody waits with a lock
    try:
        return _line_of(auction_id).ask(act, arrival())
    except SignInChanged:
        identify_again()
        act = replace(act, actor=current_actor(), claim=None)
    service.check(act)
    let_go()
    return _line_of(auction_id).ask(act, arrival())


def _line_of(auction_id: uuid.UUID) -> Line:
    """The auction's line, which stands as long as somebody stands in it."""
    with _gate:
        line = _lines.get(auction_id)
        if line is None:
            line = _lines[auction_id] = Line(partial(_decide, auction_id))
        return line


def _all_who_came(auction_id: uuid.UUID, take: Callable[[], list[Act]]) -> list[Act]:
    """Those in line once everybody stands in it who came before now: nobody is overtaken on the way."""
    wait_for_those_who_came((auction_id,))
    return take()


def _decide(auction_id: uuid.UUID, take: Callable[[], list[Act]]) -> Sequence[Answer | BaseException]:
    """The committed answers to those who waited when the lock was held, or why one has none."""
    with atomic() as session:
        answers = service.place_together(session, auction_id, partial(_all_who_came, auction_id, take))
    for answer in answers:
        if isinstance(answer, Answer) and answer.entry in session:
            session.expunge(answer.entry)  # it is read in another thread from now on
    return answers
