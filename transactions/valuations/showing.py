"""What pages and papers show of a valuation: its inputs and result with pictures; words are added there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask_babel import get_locale, gettext, ngettext

from marketplace import charts
from marketplace.clock import LOCAL_ZONE
from marketplace.rights import fields
from transactions import texts as record_texts
from transactions.comparables.factors import Line


@dataclass(frozen=True, slots=True)
class View:
    """A valuation as a page reads it.

    Attributes:
        inputs, result: as they are stored.
        grid_chart: the adjusted prices by date, None where none has a date.
        curve_chart: start prices, None without a fitted model.
    """

    inputs: Mapping[str, Any]
    result: Mapping[str, Any]
    grid_chart: charts.PriceChart | None
    curve_chart: charts.CurveChart | None

    @property
    def asked(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.inputs["asked"]
        return found

    @property
    def subject(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.asked["subject"]
        return found

    @property
    def currency(self) -> str:
        return str(self.subject["currency"])

    @property
    def points(self) -> list[Mapping[str, Any]]:
        """Every other point of the curve, and the suggested one: as many as a table bears."""
        curve = (self.result["sale"] or {}).get("curve") or {"points": []}
        return [
            point for number, point in enumerate(curve["points"]) if number % 2 == 0 or point["suggested"]
        ]


def view(inputs: Mapping[str, Any], result: Mapping[str, Any]) -> View:
    """The valuation with its pictures."""
    return View(inputs, result, _grid_chart(result), _curve_chart(result))


def _grid_chart(result: Mapping[str, Any]) -> charts.PriceChart | None:
    dots = [
        charts.Dot(_noon(sale["sold_on"]), sale["adjusted_minor"], sale_title(sale))
        for sale in result["grid"]["comparables"]
        if sale["sold_on"]
    ]
    wide = result["value"]["wide"]
    band = (wide["low_minor"], wide["high_minor"]) if wide else None
    return charts.scatter(dots, band=band) if dots else None


def _curve_chart(result: Mapping[str, Any]) -> charts.CurveChart | None:
    curve = (result["sale"] or {}).get("curve")
    if not curve or len(curve["points"]) < 2:
        return None
    points = [
        charts.CurvePoint(point["starts"][0], point["chance"], max(point["expected_minor"], 0))
        for point in curve["points"]
    ]
    marks = [charts.CurveMark(gettext("suggested"), curve["suggested_minor"])]
    if curve["floor_minor"]:
        marks.append(charts.CurveMark(gettext("floor"), curve["floor_minor"]))
    if result["sale"]["start_minor"]:
        marks.append(charts.CurveMark(gettext("start price"), result["sale"]["start_minor"]))
    first, last = points[0].minor, points[-1].minor
    return charts.curve(points, [mark for mark in marks if first <= mark.minor <= last])


def _noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), LOCAL_ZONE)


def sale_title(sale: Mapping[str, Any]) -> str:
    """Its title, or what it is where the title is kept back."""
    if sale["title"]:
        return str(sale["title"])
    parts = [str(record_texts.ASSET_TYPES[sale["asset_type"]])]
    if sale["rights"] and sale["rights"] > 1:
        parts.append(ngettext("%(num)s right", "%(num)s rights", sale["rights"]))
    if sale["technology_field"]:
        parts.append(fields.field_name(sale["technology_field"], str(get_locale() or "zh")))
    return " · ".join([*parts, *([sale["country"]] if sale["country"] else [])])


def sale_day(sale: Mapping[str, Any]) -> str:
    """The date as exactly as it may be told."""
    if sale["quarter"]:
        return str(sale["quarter"])
    text, precision = str(sale["sold_on"] or ""), sale["precision"]
    lengths = {"day": 10, "month": 7, "year": 4}
    return text[: lengths.get(precision, 0)]


def line_word(name: str) -> str:
    """The word of a line of the grid."""
    return str(record_texts.LINES[Line(name)])


def term_word(name: str) -> str:
    """What a term of the model is about, as well as it can be told in words."""
    kind, _, rest = name.partition(":")
    words = {
        "constant": gettext("base level"),
        "level": gettext("price level of the quarter"),
        "measure:log_rights": gettext("number of rights"),
        "measure:log_claims": gettext("number of claims"),
        "measure:log_citations": gettext("citations"),
        "measure:log_family": gettext("family size"),
        "measure:life_decades": gettext("remaining life"),
        "measure:log_life": gettext("remaining life, logarithm"),
        "measure:evidence_of_use": gettext("evidence of use"),
        "mark:forced": gettext("forced sale"),
    }
    if name in words:
        return str(words[name])
    if kind == "unknown":
        return str(gettext("not known: %(what)s", what=words.get(f"measure:{rest}", rest)))
    if kind == "group" and rest.startswith("field:"):
        return fields.field_name(int(rest.partition(":")[2]), str(get_locale() or "zh"))
    group = {"section": gettext("section"), "class": gettext("class"), "sector": gettext("sector")}
    head, _, tail = rest.partition(":")
    return f"{group.get(head, head)} {tail}".strip().replace("_", " ")
