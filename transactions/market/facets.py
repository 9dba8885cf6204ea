"""The filters of the list with their counts: values to choose, what is chosen, and the map of regions."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from marketplace import charts
from transactions import texts as record_texts
from transactions.market import texts
from transactions.market.forms import SalesFilterForm
from transactions.market.queries import Count
from transactions.market.rules.regions import COUNTRY, UNITS, unit_of
from transactions.market.texts import field_names, language
from transactions.rules.words import FAMILIES, AssetType

ENTRIES_LIMIT = 12

SALES = "transactions.sales"


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a facet with its count and the address that chooses it, or leaves it out again."""

    label: str
    count: int
    sold: int
    url: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A region with what was offered and sold by sellers there."""

    code: str
    name: str
    count: int
    sold: int
    url: str


def facets(form: SalesFilterForm, found: Sequence[Count]) -> list[Facet]:
    """The facets that still part the list, and those that are chosen, in the order of `texts.FACETS`."""
    asked, labels = form.asked(), _labels()
    built = (_facet(name, labels[name], asked, found) for name in texts.FACETS)
    return [facet for facet in built if len(facet.entries) > 1 or facet.name in asked]


def _facet(name: str, label: Callable[[str], str], asked: Mapping[str, str], found: Sequence[Count]) -> Facet:
    entries = [
        Entry(label(value), count, sold, _toggled(asked, name, value), asked.get(name) == value)
        for value, count, sold in _values(name, asked, found)
        if value
    ]
    return Facet(name, str(texts.FACETS[name]), tuple(entries[:ENTRIES_LIMIT]))


def _values(name: str, asked: Mapping[str, str], found: Sequence[Count]) -> list[tuple[str, int, int]]:
    """Value, count and sold of a facet: years the latest first, bands in their order, others by count."""
    if name == "asset_type" and "family" not in asked:
        return []
    if name == "family":
        return _families(found)
    rows = [(one.value, one.count, one.sold) for one in found if one.facet == name]
    order = {"size": list(texts.SIZE_BANDS), "band": list(texts.PRICE_BANDS)}.get(name)
    if order:
        return sorted(rows, key=lambda row: order.index(row[0]) if row[0] else -1)
    if name in {"year", "grade"}:
        return sorted(rows, reverse=name == "year")
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _families(found: Iterable[Count]) -> list[tuple[str, int, int]]:
    offered, sold = Counter[str](), Counter[str]()
    for one in found:
        if one.facet == "asset_type":
            family = FAMILIES[AssetType(one.value)].value
            offered[family] += one.count
            sold[family] += one.sold
    return [(family, count, sold[family]) for family, count in offered.most_common()]


def _toggled(asked: Mapping[str, str], name: str, value: str) -> str:
    """The address with this value chosen, or without it where it is chosen already."""
    others = {key: text for key, text in asked.items() if key != name}
    if name == "currency":
        others = {key: text for key, text in others.items() if key not in {"band", "least", "most"}}
    if name == "family":
        others.pop("asset_type", None)
    values: dict[str, Any] = others if asked.get(name) == value else others | {name: value}
    return url_for(SALES, **values)


def _labels() -> dict[str, Callable[[str], str]]:
    names = field_names()

    def words(table: Mapping[Any, Any]) -> Callable[[str], str]:
        by_value = {str(key): str(text) for key, text in table.items()}
        return lambda value: by_value.get(value, value)

    return {
        "family": words(record_texts.FAMILIES),
        "asset_type": words(record_texts.ASSET_TYPES),
        "outcome": words(record_texts.OUTCOMES),
        "channel": words(record_texts.CHANNELS),
        "right_sold": words(record_texts.RIGHTS_SOLD),
        "technology_field": words(names),
        "grade": lambda value: f"{value} – {words(record_texts.GRADES)(value)}",
        "forced": words(texts.FORCED),
        "size": words(texts.SIZE_BANDS),
        "band": words(texts.PRICE_BANDS),
        "year": str,
        "currency": str,
    }


def chosen(form: SalesFilterForm) -> list[tuple[str, str, str]]:
    """What is asked for: heading, value in words, and the address without it."""
    asked, labels = form.asked(), _labels()
    found = []
    for name, value in asked.items():
        label = texts.region_name(value.upper()) if name == "region" else value
        label = labels[name](value) if name in labels else label
        found.append((str(form[name].label.text), label, _toggled(asked, name, value)))
    return found


def places(form: SalesFilterForm, found: Iterable[Count]) -> list[Place]:
    """The regions of what was counted, the most frequent first; both ways of writing a code are one."""
    offered, sold = Counter[str](), Counter[str]()
    for one in found:
        if one.facet == "region":
            code = _place_code(one.value)
            offered[code] += one.count
            sold[code] += one.sold
    asked = form.asked()
    return [
        Place(
            code,
            texts.region_name(code),
            count,
            sold[code],
            _toggled(asked, "region", code) if code else "",
        )
        for code, count in offered.most_common()
    ]


def _place_code(code: str) -> str:
    unit = unit_of(code)
    return unit.code if unit else code[:2]


def tiles(form: SalesFilterForm, found: Sequence[Place]) -> charts.TileMap | None:
    """The map of China's units; None when nothing comes from there."""
    by_code = {place.code: place for place in found if place.code.startswith(f"{COUNTRY}-")}
    if not by_code:
        return None
    asked = form.asked()
    chosen_unit = unit_of(asked.get("region", "").upper())
    chinese = language().startswith("zh")
    tiles = []
    for unit in UNITS:
        place = by_code.get(unit.code)
        count, sold = (place.count, place.sold) if place else (0, 0)
        tiles.append(
            charts.Tile(
                code=unit.code,
                column=unit.column,
                row=unit.row,
                short=unit.sign if chinese else unit.letters,
                name=unit.chinese if chinese else unit.english,
                count=count,
                url=place.url if place else "",
                chosen=unit is chosen_unit,
                told=gettext("%(offered)s offered, %(sold)s sold", offered=f"{count:,}", sold=f"{sold:,}"),
            )
        )
    return charts.tile_map(tiles)
