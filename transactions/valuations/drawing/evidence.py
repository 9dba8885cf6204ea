"""The parts that tell of evidence: subject, value, grid, rejects, model, chance of sale."""

from collections.abc import Mapping, Sequence
from typing import Any

from marketplace.language import money
from transactions import texts as record_texts
from transactions.valuations import showing, texts
from transactions.valuations.drawing.pen import Pen
from transactions.valuations.heads import SENTENCES
from transactions.valuations.rules.watching import loan_to_value

REJECTED_PRINTED = 30
TERMS_PRINTED = 30


def subject(pen: Pen) -> None:
    """What was valued, for whom, on which basis."""
    kept, subject = pen.kept, pen.asked["subject"]
    rows = [
        (pen.head("for"), kept.institution.name),
        (pen.head("reference"), kept.reference),
        (pen.head("title"), kept.title or "–"),
        (pen.head("asset_type"), pen.voice.lines(record_texts.ASSET_TYPES[subject["asset_type"]])),
        (pen.head("rights"), _rights(pen, subject["number_of_rights"])),
        (pen.head("life"), _or_dash(subject["remaining_life_months"])),
        (pen.head("channel"), pen.voice.lines(record_texts.CHANNELS[subject["channel"]])),
        (pen.head("valued_on"), kept.valued_on.isoformat()),
        (pen.head("basis"), pen.voice.lines(texts.BASES[kept.basis])),
    ]
    pen.sheet.section(pen.head("subject"))
    pen.sheet.facts(rows)
    pen.sheet.paragraph(pen.voice.lines(texts.BASIS_SENTENCES[kept.basis]), quiet=True)
    pen.sheet.paragraph(pen.voice.lines(SENTENCES["scope"]), quiet=True)


def _rights(pen: Pen, count: int) -> str:
    named = [f"{right['number']} {right['title']}".strip() for right in pen.asked["rights"][:10]]
    return "\n".join([str(count), *named])


def value(pen: Pen) -> None:
    """The value with its ranges, grade and approach."""
    kept, value = pen.kept, pen.result["value"]
    sentence = pen.voice.lines(texts.GRADE_SENTENCES[kept.grade])
    rows = [
        (pen.head("value"), pen.money(kept.value_minor)),
        (pen.head("range_50"), pen.span(value["middle"])),
        (pen.head("range_80"), pen.span(value["wide"])),
        (
            pen.head("grade"),
            f"{kept.grade.value}\n{sentence}",
        ),
        (pen.head("approach"), pen.voice.lines(texts.APPROACHES[kept.approach])),
    ]
    if value["gap"] is not None:
        weights = f"{value['grid_weight'] / 100:.1f} % / {value['model_weight'] / 100:.1f} %"
        rows.append((pen.head("weights"), weights))
        rows.append((pen.head("gap"), f"{value['gap'] / 100:.1f} %"))
    if pen.result["offered"]:
        bound = "≤ " if pen.result["offered"]["at_most"] else ""
        rows.append((pen.head("offered"), bound + pen.money(pen.result["offered"]["minor"])))
    if kept.claim_minor is not None:
        share = loan_to_value(kept.claim_minor, kept.value_minor)
        rows.append((pen.head("claim"), pen.money(kept.claim_minor)))
        rows.append((pen.head("loan_to_value"), "–" if share is None else f"{share / 100:.1f} %"))
    pen.sheet.section(pen.head("value"))
    pen.sheet.facts(rows)
    pen.sheet.paragraph(pen.voice.lines(SENTENCES["method"]), quiet=True)


def comparables(pen: Pen) -> None:
    """The grid, line by line; unsold lots in a grid of their own."""
    grid = pen.result["grid"]
    for name in ("comparables", "attempts"):
        if grid[name]:
            pen.sheet.section(pen.head(name))
            pen.sheet.table(
                [pen.head(one) for one in ("sale_column", "scaled", "adjustments", "adjusted", "weight")],
                [_line(pen, sale) for sale in grid[name]],
                widths=(32, 18, 26, 18, 10),
                numbers=frozenset({1, 3, 4}),
            )


def _line(pen: Pen, sale: Mapping[str, Any]) -> Sequence[str]:
    price = sale["price_minor"] or sale["top_bid_minor"] or sale["start_price_minor"]
    paid = "–" if price is None else money(price, sale["currency"])
    lines = [
        f"{pen.said(showing.line_word, one['line'])} {_percent(one['basis_points'])}" for one in sale["lines"]
    ]
    bound = "< " if sale["bound"] else ""
    proof = record_texts.CHANNELS[sale["channel"]]
    told = f"{showing.sale_day(sale)} · {pen.voice.says(proof)[0]} · {sale['proof']}"
    return (
        f"{pen.said(showing.sale_title, sale)}\n{told}\n{paid}\n#{sale['leaf']}",
        pen.money(sale["scaled_minor"]),
        "\n".join(lines) or "–",
        bound + pen.money(sale["adjusted_minor"]),
        f"{sale['weight'] / 1_000_000:.2f}",
    )


def rejected(pen: Pen) -> None:
    """How many were not used for which reason, and the first of them by name."""
    grid = pen.result["grid"]
    if not grid["reasons"]:
        return
    pen.sheet.section(pen.head("rejected"))
    pen.sheet.table(
        [pen.head("reason"), pen.head("count")],
        [
            (pen.voice.lines(record_texts.REJECTIONS[reason]), str(count))
            for reason, count in grid["reasons"].items()
        ],
        widths=(80, 20),
        numbers=frozenset({1}),
    )
    named = grid["rejected"][:REJECTED_PRINTED]
    if named:
        pen.sheet.table(
            [pen.head("sale_column"), pen.head("reason")],
            [
                (
                    f"{pen.said(showing.sale_title, sale)} · {showing.sale_day(sale)} · #{sale['leaf']}",
                    pen.voice.says(record_texts.REJECTIONS[sale["reason"]])[0],
                )
                for sale in named
            ],
            widths=(60, 40),
            numbers=frozenset(),
        )


def model(pen: Pen) -> None:
    """The model's estimate and what each term adds."""
    model = pen.result["model"]
    if model is None:
        return
    pen.sheet.section(pen.head("model"))
    pen.sheet.facts(
        [
            (pen.head("median"), pen.money(model["median_minor"])),
            (pen.head("mean"), pen.money(model["mean_minor"])),
            (pen.head("range_80"), pen.span(model["range_80"])),
            (pen.head("fitted_to"), f"{model['priced']} + {model['unsold']}"),
            (pen.head("cut_off"), model["cut_off"]),
            (pen.head("model_version"), f"{model['version'][:32]}\n{model['version'][32:]}"),
        ]
    )
    pen.sheet.table(
        [pen.head("term"), pen.head("effect"), pen.head("error")],
        [
            (pen.said(showing.term_word, term["name"]), term["value"], term["error"] or "–")
            for term in model["terms"][:TERMS_PRINTED]
        ],
        widths=(50, 28, 22),
        numbers=frozenset({1, 2}),
    )
    if model["index"]:
        quarters = list(model["index"].items())[-8:]
        pen.sheet.facts([(pen.head("index"), "\n".join(f"{name} {level}" for name, level in quarters))])


def sale(pen: Pen) -> None:
    """Chance of sale and the curve of start prices."""
    sale = pen.result["sale"]
    if sale is None:
        return
    pen.sheet.section(pen.head("sale"))
    rows = []
    if sale["start_minor"]:
        rows.append((pen.head("start"), pen.money(sale["start_minor"])))
        rows.append((pen.head("chance"), f"{sale['chance'] / 100:.0f} %"))
    curve = sale["curve"]
    if curve:
        rows.append((pen.head("suggested"), pen.money(curve["suggested_minor"])))
        if curve["floor_minor"]:
            rows.append((pen.head("floor"), f"{pen.money(curve['floor_minor'])}\n{curve['floor_rule']}"))
    if rows:
        pen.sheet.facts(rows)
    if curve:
        _curve(pen)
    pen.sheet.paragraph(pen.voice.lines(SENTENCES["suggestion"]), quiet=True)


def _curve(pen: Pen) -> None:
    points = showing.view(pen.kept.inputs, pen.result).points
    pen.sheet.table(
        [pen.head(name) for name in ("start", "chance", "expected", "low_high")],
        [
            (
                ("* " if point["suggested"] else "") + pen.money(point["starts"][0]),
                f"{point['chance'] / 100:.0f} %",
                pen.money(point["expected_minor"]),
                f"{pen.money(point['p10_minor'])} – {pen.money(point['p90_minor'])}",
            )
            for point in points
        ],
        widths=(24, 16, 24, 36),
        numbers=frozenset({0, 1, 2, 3}),
    )


def _or_dash(value: Any) -> str:
    return "–" if value is None else str(value)


def _percent(basis_points: int) -> str:
    return f"{basis_points / 100:+.2f} %".replace("-", "−")
