"""Threads that ask the database the same kind of thing at the same time ask it together.

The first of those who wait asks for all who wait by then and hands each its answer; the first of those who
came meanwhile is next. Whoever asks alone notices nothing; a crowd costs one question instead of many.

Those who wait stand in the order in which they came to the house, where they drew a number, and not in that
in which the scheduler let their threads through.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from marketplace.arrivals import Arrival, next_number

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

# The one who asks for others has a request of its own to answer.
TOGETHER_MOST = 100


class _Place(Generic[Asked, Answer]):
    """One thread's place in the line; `answer` holds nothing until it is called with one."""

    def __init__(self, asked: Asked, number: int) -> None:
        self.asked = asked
        self.number = number
        self.answer: list[Answer | BaseException] = []
        self._called = threading.Semaphore(0)

    def wait(self) -> None:
        """Until it is called: answered or, with no answer yet, to ask."""
        self._called.acquire()

    def call(self) -> None:
        self._called.release()

    def outcome(self) -> Answer:
        """The answer; what was raised for it is raised again in the thread that asked."""
        (answer,) = self.answer
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Together(Generic[Asked, Answer]):
    """The line of those who ask. While anybody waits, exactly one thread asks.

    `ask_all` gets a function that takes those who wait out of the line, in their order, and returns an answer
    or an exception for each; when it raises, all it has taken hear of it.
    """

    def __init__(
        self, ask_all: Callable[[Callable[[], list[Asked]]], Sequence[Answer | BaseException]]
    ) -> None:
        self._ask_all = ask_all
        self._waiting: list[_Place[Asked, Answer]] = []
        self._asking = False
        self._gate = threading.Lock()

    def ask(self, asked: Asked, arrival: Arrival | None = None) -> Answer:
        """Stand in line and come back with the answer; raises what `ask_all` raised or returned for it.

        `arrival` is the request that asks: it keeps its place among those that came with it.
        """
        place: _Place[Asked, Answer] = _Place(asked, next_number() if arrival is None else arrival.number)
        with self._gate:
            self._waiting.append(place)
            waits, self._asking = self._asking, True
        if arrival is not None:
            arrival.stand()
        while not place.answer:
            if waits:
                place.wait()
            if not place.answer:
                self._ask_for_all()
            waits = True  # more than may ask together stood before it: it waits again
        if arrival is not None:
            arrival.come_out()
        return place.outcome()

    def _ask_for_all(self) -> None:
        """Ask for the head of the line and call the next."""
        taken: list[_Place[Asked, Answer]] = []
        answers: Sequence[Answer | BaseException]

        def take() -> list[Asked]:
            taken.extend(self._take())
            return [place.asked for place in taken]

        try:
            answers = self._ask_all(take)
        except BaseException as error:  # noqa: BLE001 - raised again by everybody it concerns
            taken = taken or self._take()
            answers = [error] * len(taken)
        self._call_next()
        for place, answer in zip(taken, answers, strict=True):
            place.answer.append(answer)
            place.call()

    def _take(self) -> list[_Place[Asked, Answer]]:
        with self._gate:
            self._waiting.sort(key=lambda place: place.number)
            taken, self._waiting = self._waiting[:TOGETHER_MOST], self._waiting[TOGETHER_MOST:]
            return taken

    def _call_next(self) -> None:
        with self._gate:
            self._asking = bool(self._waiting)
            if self._waiting:
                self._waiting[0].call()
