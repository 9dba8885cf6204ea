"""The Chinese catalogue and the messages of the sources, as the tests of both languages see them."""

import os
import re
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
PO = ROOT / "marketplace/translations/zh/LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}")

# As `.ci/babel.cfg` and the Makefile have it; the tests' own words are no messages.
_METHODS = [("tests/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
_KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2)}


@cache
def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh")


@cache
def messages() -> tuple[Message, ...]:
    """Every message of the catalogue but its header."""
    return tuple(message for message in catalogue() if message.id)


def first(text: object) -> str:
    """A message's id or translation; of a plural the first form."""
    return text if isinstance(text, str) else str(text[0])  # type: ignore[index]


@cache
def extracted() -> dict[str, str]:
    """Every message of the sources, with the first file that has it."""
    found: dict[str, str] = {}
    for path, _, message, _, _ in extract_from_dir(ROOT, _METHODS, keywords=_KEYWORDS):
        found.setdefault(first(message), path)
    return found


def compile_catalogue() -> None:
    """Bring the compiled catalogue up to date; several tests at once do no harm."""
    fresh = PO.with_suffix(f".{os.getpid()}.tmp")
    with fresh.open("wb") as file:
        write_mo(file, catalogue())
    fresh.replace(PO.with_suffix(".mo"))
