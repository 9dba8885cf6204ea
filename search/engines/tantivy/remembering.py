"""What was found out about a state of the index and may be asked for again."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """Keeps the values of the last so many questions; several threads may ask it at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[Hashable, Value] = {}
        self._guard = threading.Lock()

    def get(self, key: Hashable, find: Callable[[], Value]) -> Value:
        """The value for a key, found where it is not known; two threads may both find it."""
        with self._guard:
            if key in self._values:
                return self._values[key]
        value = find()
        with self._guard:
            self._values[key] = value
            if len(self._values) > self._most:
                del self._values[next(iter(self._values))]
        return value
