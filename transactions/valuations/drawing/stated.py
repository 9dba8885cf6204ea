"""The parts that people stated, and what a report rests on: income, scores, bidding, limits, proof."""

from collections.abc import Mapping, Sequence
from typing import Any

from marketplace.clock import LOCAL_ZONE
from marketplace.papers import Bar, grouped
from transactions.valuations import texts
from transactions.valuations.drawing.pen import Pen
from transactions.valuations.heads import SENTENCES
from transactions.valuations.models import ValuationDecision
from transactions.valuations.rules.words import Note

_OF_A_YEAR = ("revenue_minor", "earned_minor", "present_minor")


def income(pen: Pen) -> None:
    """The stated inputs, the years and the sensitivity."""
    stated, value = pen.asked["income"], pen.result["income"]
    if stated is None or value is None:
        return
    pen.sheet.section(pen.head("income"))
    rows = [
        (pen.voice.label(texts.INCOMES[stated["kind"]]), f"{stated['rate'] / 100:.2f} %"),
        (pen.head("discount"), f"{stated['discount'] / 100:.2f} %"),
        (pen.head("tax"), f"{stated['tax'] / 100:.2f} %"),
        (pen.head("source"), stated["source"] or "–"),
        (pen.head("value"), pen.money(value["value_minor"])),
    ]
    if stated["margin"]:
        rows.insert(1, (pen.head("margin"), f"{stated['margin'] / 100:.2f} %"))
    pen.sheet.facts(rows)
    pen.sheet.table(
        [pen.head(name) for name in ("year", "months", "revenue", "earned", "present")],
        [
            (str(year["year"]), str(year["months"]), *(pen.money(year[name]) for name in _OF_A_YEAR))
            for year in value["years"]
        ],
        widths=(10, 12, 26, 26, 26),
        numbers=frozenset({2, 3, 4}),
    )
    _sensitivity(pen, stated, value["sensitivity"])


def _sensitivity(pen: Pen, stated: Mapping[str, Any], table: Sequence[Sequence[int]]) -> None:
    head = [
        pen.head("sensitivity"),
        *(f"{max(stated['discount'] + step, 0) / 100:.2f} %" for step in (-300, 0, 300)),
    ]
    rows = [
        (f"{stated['rate'] * share / 10_000:.2f} %", *(pen.money(minor) for minor in row))
        for share, row in zip((80, 100, 120), table, strict=True)
    ]
    pen.sheet.table(head, rows, widths=(28, 24, 24, 24), numbers=frozenset({1, 2, 3}))


def score(pen: Pen) -> None:
    """The scorecard, told beside."""
    score = pen.result["score"]
    if score is None:
        return
    pen.sheet.section(pen.head("score"))
    pen.sheet.bars(
        [
            Bar(
                pen.voice.label(texts.PARTS[part["part"]]),
                f"{part['score'] / 100:.0f} %",
                0,
                part["score"],
            )
            for part in score["parts"]
            if part["answered"]
        ]
    )
    points = [(pen.voice.label(texts.FACTORS[name]), str(given)) for name, given in pen.asked["scores"]]
    pen.sheet.facts([*points, (pen.head("multiplier"), f"{score['multiplier'] / 100:.2f}")])
    pen.sheet.paragraph(pen.voice.lines(SENTENCES["multiplier"]), quiet=True)


def bids(pen: Pen) -> None:
    """The open bidding, told beside."""
    bids = pen.result["bids"]
    if bids is None:
        return
    pen.sheet.section(pen.head("bids"))
    pen.sheet.facts(
        [
            (pen.head("bidders"), str(bids["bidders"])),
            (pen.head("bid_count"), str(bids["bids"])),
            (pen.head("top_bid"), pen.money(bids["top_minor"])),
        ]
    )


def limits(pen: Pen) -> None:
    """The notes, and what is never used."""
    pen.sheet.section(pen.head("limits"))
    for note in pen.result["notes"]:
        pen.sheet.paragraph(pen.voice.lines(texts.NOTES[Note(note)]))
    pen.sheet.paragraph(pen.voice.lines(SENTENCES["prices"]), quiet=True)


def decisions(pen: Pen, decisions: Sequence[ValuationDecision]) -> None:
    """Who accepted or overrode what, and why."""
    if not decisions:
        return
    pen.sheet.section(pen.head("decisions"))
    pen.sheet.table(
        [pen.head(name) for name in ("when", "who", "what", "reason")],
        [
            (
                f"{one.at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}",
                one.person.name,
                "\n".join((pen.voice.lines(texts.DECISIONS[one.kind]), _taken(pen, one))),
                one.reason or "–",
            )
            for one in decisions
        ],
        widths=(22, 20, 28, 30),
        numbers=frozenset(),
    )


def _taken(pen: Pen, one: ValuationDecision) -> str:
    return pen.money(one.value_minor or one.start_price_minor)


def proof(pen: Pen, address: str) -> None:
    """Digests, code and the size of the log."""
    kept = pen.kept
    made = kept.made_at.astimezone(LOCAL_ZONE)
    pen.sheet.section(pen.head("proof"))
    pen.sheet.facts(
        [
            (pen.head("made_at"), f"{made:%Y-%m-%d %H:%M:%S %z}"),
            (pen.head("tree_size"), str(kept.tree_size)),
            (pen.head("method"), str(kept.inputs["method"])),
            (pen.head("settings_version"), _halves(kept.settings_version)),
            (pen.head("digest"), _halves(kept.digest)),
            (pen.head("code"), grouped(kept.code)),
            (pen.head("address"), address),
        ]
    )
    pen.sheet.paragraph(pen.voice.lines(SENTENCES["again"]), quiet=True)


def _halves(digest: str) -> str:
    return f"SHA-256 {digest[:32]}\n{digest[32:]}"
