"""“Did you mean”: another spelling, shown only where it finds more."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import current_app

from marketplace.errors import Refused
from search import finding, index
from search.parsing import number_suggestion, parse
from search.rules import Question
from search.rules.spelling import Vocabulary, corrected, vocabulary_of

FEW = 3
"""With more lots than this nobody is asked whether something else was meant."""

# An index that changes every second is not read whole every second: what is a minute old suggests as well,
# because a suggestion is tried before it is shown.
KEPT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Read:
    generation: str
    at: datetime
    vocabulary: Vocabulary


def did_you_mean(question: Question, found: finding.Page, now: datetime) -> str:
    """The text in another spelling that more lots answer to; empty for none. Raises as `finding.find`."""
    if not question.text or (found.total > FEW and not found.loosened):
        return ""
    text = corrected(question.text, _vocabulary(found.generation, now))
    if text == question.text:
        return ""
    before = 0 if found.loosened else found.total
    try:
        meant = replace(question, text=text, words=parse(text), page=1)
        return text if finding.count(meant, now) > before else ""
    except Refused:
        # What was asked has its answer; a guess that cannot be tried is not worth a refusal.
        return ""


def right_number(question: Question, found: finding.Page) -> str:
    """The text with its wrong check digits put right, where nothing has all of it; empty for none."""
    return (number_suggestion(question.text) or "") if found.loosened or not found.total else ""


def _vocabulary(generation: str, now: datetime) -> Vocabulary:
    held: _Read | None = current_app.extensions.get("search_vocabulary")
    if held is None or (held.generation != generation and now - held.at > KEPT):
        words = index.current().vocabulary("grams")
        held = _Read(generation, now, vocabulary_of(words))
        current_app.extensions["search_vocabulary"] = held
    return held.vocabulary
