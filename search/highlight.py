"""The words that were found, marked in the text as it was written. Text is escaped before a mark goes in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from search.analysis import Run, fold_with_places, runs, stem

EXCERPT = 90
"""Characters of a text that a list shows."""

LOOKED_THROUGH = 3_000
"""Characters of each text that are looked through for a marked word."""

LOOKED_THROUGH_ALTOGETHER = 12_000
"""Characters of all texts of a lot: to fold a thousand of them takes half a millisecond."""

_LEAD = 20


def highlight(text: str, marks: Sequence[str]) -> Markup:
    """The text as HTML with `<mark>` around what `parsing.Words.marks` name."""
    parts, end = [Markup()], 0
    for start, stop in spans(text, marks):
        parts += [escape(text[end:start]), Markup("<mark>{}</mark>").format(text[start:stop])]
        end = stop
    return Markup().join([*parts, escape(text[end:])])


def place(text: str, details: Mapping[str, Any]) -> Markup | None:
    """The text with the piece that a refusal names (`position` from 1, `piece`) marked; None for none."""
    start = details.get("position", 0) - 1
    if not 0 <= start < len(text):
        return None
    stop = start + max(len(details.get("piece", "")), 1)
    marked = Markup('<mark class="wrong">{}</mark>').format(text[start:stop])
    return Markup("{}{}{}").format(text[:start], marked, text[stop:])


def excerpt(texts: Sequence[str], marks: Sequence[str]) -> Markup:
    """A piece of the first text with a marked word, around it; else the beginning of the first text."""
    given = [" ".join(text.split()) for text in texts if text.strip()]
    left = LOOKED_THROUGH_ALTOGETHER if marks else 0
    for text in given:
        read = text[: min(left, LOOKED_THROUGH)]
        if found := spans(read, marks):
            return _piece(text, max(found[0][0] - _LEAD, 0), marks)
        left -= len(read)
    return _piece(given[0], 0, marks) if given else Markup()


def _piece(text: str, start: int, marks: Sequence[str]) -> Markup:
    stop = start + EXCERPT
    before, after = "… " if start else "", " …" if stop < len(text) else ""
    return Markup("{}{}{}").format(before, highlight(text[start:stop], marks), after)


def spans(text: str, marks: Sequence[str]) -> list[tuple[int, int]]:
    """Places of the marked words in the text, in order and not overlapping."""
    _, places = fold_with_places(text)
    found = sorted(span for run in runs(text) for span in _spans_in(run, marks))
    merged: list[tuple[int, int]] = []
    for start, stop in found:
        here, there = places[start], places[stop - 1] + 1
        if merged and here <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(there, merged[-1][1]))
        else:
            merged.append((here, there))
    return merged


def _spans_in(run: Run, marks: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Spans within the folded text: a word whole, Chinese wherever it stands."""
    for mark in marks:
        if run.unspaced:
            at = run.text.find(mark)
            while at >= 0:
                yield run.start + at, run.start + at + len(mark)
                at = run.text.find(mark, at + 1)
        elif _is_marked(run.text, mark):
            yield run.start, run.start + len(run.text)


def _is_marked(word: str, mark: str) -> bool:
    return word.startswith(mark[:-1]) if mark.endswith("*") else mark in {word, stem(word)}
