"""The line before an auction's lock: bids of one process that wait for it are decided in one transaction.

The first of those who wait locks, decides all who wait by then, commits once, and hands each its answer; the
first of those who came meanwhile is next. Nobody hears anything before the commit, and when the transaction
fails, all in it fail. Between processes the row's lock decides, as it does for a bid alone.
"""

import threading
import uuid
from collections import deque
from weakref import WeakValueDictionary

from auctions import service
from auctions.models import JournalEntry
from auctions.service import Act
from marketplace.db import atomic, db

# The one who decides for others has a request of its own to answer.
DECIDED_TOGETHER_MOST = 100

Answer = JournalEntry | BaseException


class _Place:
    """One thread's place in the line.

    Attributes:
        answer: None until it is decided.
    """

    def __init__(self, act: Act) -> None:
        self.act = act
        self.answer: Answer | None = None
        self._called = threading.Semaphore(0)

    def wait(self) -> None:
        """Until it is called: decided, or, with no answer yet, to decide."""
        self._called.acquire()

    def call(self) -> None:
        self._called.release()

    def outcome(self) -> JournalEntry:
        """The entry, or the exception raised again in the thread whose act it answers."""
        if isinstance(self.answer, JournalEntry):
            return self.answer
        raise self.answer or AssertionError("called without an answer")


class Line:
    """Those who wait to bid in one auction. While anybody waits, exactly one thread decides."""

    def __init__(self, auction_id: uuid.UUID) -> None:
        self._auction_id = auction_id
        self._waiting: deque[_Place] = deque()
        self._deciding = False
        self._gate = threading.Lock()

    def bid(self, act: Act) -> JournalEntry:
        """Stand in line and come back with the committed entry; raises as `service.place`."""
        place = _Place(act)
        with self._gate:
            self._waiting.append(place)
            waits, self._deciding = self._deciding, True
        if waits:
            place.wait()
        if place.answer is None:
            self._decide()
        return place.outcome()

    def _decide(self) -> None:
        """Decide for the head of the line, in which this thread's own place is the first; call the next."""
        taken: list[_Place] = []
        answers: list[Answer] = []
        try:
            answers += self._decide_together(taken)
        except BaseException as error:  # noqa: BLE001 - raised again by every thread whose bid was in it
            taken = taken or self._take()
            answers = [error] * len(taken)
        self._call_next()
        for place, answer in zip(taken, answers, strict=True):
            place.answer = answer
            place.call()

    def _decide_together(self, taken: list[_Place]) -> list[Answer]:
        def waiting() -> list[Act]:
            taken.extend(self._take())
            return [place.act for place in taken]

        with atomic() as session:
            answers = service.place_together(session, self._auction_id, waiting)
        for answer in answers:
            if isinstance(answer, JournalEntry) and answer in session:
                session.expunge(answer)  # it is read in another thread from now on
        return list(answers)

    def _take(self) -> list[_Place]:
        with self._gate:
            count = min(len(self._waiting), DECIDED_TOGETHER_MOST)
            return [self._waiting.popleft() for _ in range(count)]

    def _call_next(self) -> None:
        with self._gate:
            self._deciding = bool(self._waiting)
            if self._waiting:
                self._waiting[0].call()


_lines: WeakValueDictionary[uuid.UUID, Line] = WeakValueDictionary()
_lines_gate = threading.Lock()


def bid(auction_id: uuid.UUID, act: Act) -> JournalEntry:
    """`service.place` as a door calls it: in its own transaction or, in a crowd, in one with its neighbours.

    Raises:
        Refused, Conflict, NotFound, NotAllowed: as `service.place`.
        OperationalError: the database did not take the bids; none of those decided together is stored.
    """
    service.check(act)
    db.session().rollback()  # whoever waits holds no connection and, on SQLite, no lock
    with _lines_gate:
        line = _lines.setdefault(auction_id, Line(auction_id))
    return line.bid(act)
