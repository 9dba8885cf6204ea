"""Answers about everything there is: the front page asks for them again and again, and they take longest."""

from search.engines import Response

KEPT = 50


class Kept:
    """Answers of one generation by request; of another generation all are forgotten."""

    def __init__(self) -> None:
        self._state: tuple[str, dict[str, Response]] = ("", {})

    def of(self, generation: str) -> dict[str, Response]:
        """What is kept of this generation, to read and to add to."""
        held, answers = self._state
        if held != generation or len(answers) > KEPT:
            # A request that is under way adds to the answers of its own generation, whatever comes after.
            answers = {}
            self._state = generation, answers
        return answers
