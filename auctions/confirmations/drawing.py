"""Drawing a confirmation from its facts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from auctions.confirmations import words
from auctions.texts import FORMATS
from marketplace.clock import LOCAL_ZONE, parse_moment
from marketplace.language import money
from marketplace.money import parse_minor
from marketplace.papers import Sheet, both, grouped, label, lines, yuan_in_capitals
from marketplace.rights.rules import RightType
from marketplace.rights.texts import RIGHT_TYPES
from marketplace.rule_packs.words import TITLES

Facts = Mapping[str, Any]


def draw(facts: Facts, issued_at: datetime, url: str) -> bytes:
    """The document as PDF; `url` is the page that checks it."""
    chinese, english = both(words.TITLE)
    sheet = Sheet(
        title=f"{chinese} {facts['auction']}",
        issuer=facts["marketplace"],
        foot=f"{chinese} {english} · {grouped(facts['code'])}",
        issued_at=issued_at,
    )
    sheet.code(url)
    sheet.heading(chinese, english)
    sheet.paragraph(lines(words.OPENING))
    for head, rows in _parts(facts):
        sheet.section(label(head))
        sheet.facts(rows)
    sheet.section(label(words.PROOF))
    sheet.facts(_proof(facts, url))
    sheet.space(1.5)
    for sentence in words.CLOSING:
        sheet.paragraph(lines(sentence), quiet=True)
    return sheet.finished()


def _parts(facts: Facts) -> list[tuple[Any, list[tuple[str, str]]]]:
    return [
        (words.LOT, _lot(facts)),
        (words.PARTIES, _parties(facts)),
        (words.PRICE, _price(facts)),
    ]


def _row(name: str, value: str) -> tuple[str, str]:
    return label(words.LABELS[name]), value


def _lot(facts: Facts) -> list[tuple[str, str]]:
    lot, pack = facts["lot"], facts["rule_pack"]
    rights = [_right(right) for right in lot["rights"]]
    if lot["more_rights"]:
        rights.append(f"… + {lot['more_rights']}")
    procedure = f"{label(TITLES[pack.split()[0]])} ({pack}) · {label(FORMATS[facts['format']])}"
    return [
        _row("lot", lot["title"]),
        _row("reference", lot["reference"]),
        *([_row("rights", "\n".join(rights))] if rights else []),
        _row("auction", facts["auction"]),
        _row("procedure", procedure),
        _row("time", f"{_moment(facts['opens_at'])} – {_moment(facts['closed_at'])}"),
    ]


def _right(right: Mapping[str, str]) -> str:
    return f"{right['number']} {right['title']} ({' '.join(both(RIGHT_TYPES[RightType(right['type'])]))})"


def _parties(facts: Facts) -> list[tuple[str, str]]:
    rows = [_row("seller", _party(facts["seller"])), _row("buyer", _party(facts["buyer"]))]
    if facts["agency"]:
        rows.append(_row("agency", _party(facts["agency"])))
    return [
        *rows,
        _row("alias", facts["alias"]),
        _row("bids", f"{facts['bidders']} · {facts['bids']}"),
    ]


def _party(party: Mapping[str, str]) -> str:
    return f"{party['name']} · {party['number']}"


def _price(facts: Facts) -> list[tuple[str, str]]:
    currency = facts["currency"]
    price, deposit = (parse_minor(facts[name], currency) for name in ("price", "deposit"))
    written = money(price, currency)
    if currency == "CNY":
        written += f"\n{yuan_in_capitals(price)}"
    return [
        _row("start_price", money(parse_minor(facts["start_price"], currency), currency)),
        _row("price", written),
        _row("deposit", money(deposit, currency)),
        _row("due", money(max(price - deposit, 0), currency)),
        _row("pay_by", _moment(facts["pay_by"])),
    ]


def _proof(facts: Facts, url: str) -> list[tuple[str, str]]:
    return [
        _row("code", grouped(facts["code"])),
        _row("address", url),
        _row("last_hash", facts["last_hash"]),
    ]


def _moment(text: str) -> str:
    """To the second, in the marketplace's zone, which is named."""
    local = parse_moment(text).astimezone(LOCAL_ZONE)
    zone = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{zone[0]}{int(zone[1:3])}"
