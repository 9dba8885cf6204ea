"""Words on papers that stand in Chinese and in English at once, whoever reads them."""

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
