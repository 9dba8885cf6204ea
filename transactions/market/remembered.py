"""Answers that stay right as long as the log has not grown and the day has not changed.

Records are only added, so the size of the log and the day decide every count: an answer kept under both is
never stale. Each process keeps its own few; losing them costs time and nothing else.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy.orm import Session

from transactions.market.filters import Question
from transactions.market.queries import log_size

LIMIT = 200

Answer = TypeVar("Answer")


def remembered(
    session: Session, name: str, question: Question, ask: Callable[[Session, Question], Answer]
) -> Answer:
    """The answer to the question, asked anew when the log has grown since, or the day has changed."""
    kept: Kept = current_app.extensions.setdefault("market_answers", Kept())
    return kept.get((name, question, log_size(session)), lambda: ask(session, question))


class Kept:
    """The answers used last, at most `limit`."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, ask: Callable[[], Answer]) -> Answer:
        """The answer under that key. Two who miss it at once both ask, which is the same answer."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                answer: Answer = self._answers[key]
                return answer
        answer = ask()
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self._limit:
                self._answers.popitem(last=False)
        return answer
