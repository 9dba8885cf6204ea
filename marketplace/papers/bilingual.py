"""Words on papers: in Chinese and in English at once whoever reads them, or in one of the two."""

from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale


def both(text: Any) -> tuple[str, str]:
    """A lazy text in Chinese and in English."""
    with force_locale("zh"):
        chinese = str(text)
    with force_locale("en"):
        return chinese, str(text)


def label(text: Any) -> str:
    """The two side by side, for the name of a fact."""
    return " ".join(both(text))


def lines(text: Any) -> str:
    """The two under one another, for a sentence or a value."""
    return "\n".join(dict.fromkeys(both(text)))


@dataclass(frozen=True, slots=True)
class Voice:
    """The languages of one paper, in the order in which they stand on it: `zh`, `en`, or both."""

    languages: tuple[str, ...]

    def says(self, text: Any) -> tuple[str, ...]:
        """The text in each language, once where it is the same in both."""
        return tuple(dict.fromkeys(_in(language, text) for language in self.languages))

    def label(self, text: Any) -> str:
        """Side by side."""
        return " ".join(self.says(text))

    def lines(self, text: Any) -> str:
        """Under one another."""
        return "\n".join(self.says(text))


VOICES: dict[str, Voice] = {"both": Voice(("zh", "en")), "zh": Voice(("zh",)), "en": Voice(("en",))}


def _in(language: str, text: Any) -> str:
    with force_locale(language):
        return str(text)
