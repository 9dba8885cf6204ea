"""343 eBay auctions replayed as proxies end at the prices that were paid."""

import csv
import gzip
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from auctions.scenarios.scenario import read_scenario, replay
from marketplace.clock import moment_text

OPENS = datetime(2003, 1, 1, tzinfo=UTC)
RAISES = [
    ["1.00", "0.05"],
    ["5.00", "0.25"],
    ["25.00", "0.50"],
    ["100.00", "1.00"],
    ["250.00", "2.50"],
    ["500.00", "5.00"],
    ["1000.00", "10.00"],
    ["2500.00", "25.00"],
    ["5000.00", "50.00"],
    [None, "100.00"],
]


def amount(text: str) -> str:
    return str(Decimal(text).quantize(Decimal("0.01")))


def as_scenario(auction_id: str, rows: list[dict[str, str]]) -> dict[str, Any]:
    """eBay ends on time, so the window is empty; bids arrive in the order of the file."""
    return {
        "scenario": auction_id,
        "auction": {
            "format": "english",
            "rule_pack": "open",
            "currency": "USD",
            "start_price": amount(rows[0]["open_bid_usd"]),
            "opens_at": moment_text(OPENS),
            "closes_at": moment_text(OPENS + timedelta(days=int(rows[0]["duration_days"]), seconds=60)),
            "options": {
                "proxy": True,
                "increment_table": RAISES,
                "extension_window_seconds": 0,
                "extension_seconds": 0,
            },
        },
        "bidders": [{"id": bidder} for bidder in sorted({row["bidder"] or "unnamed" for row in rows})],
        "events": [
            {
                "at": moment_text(OPENS + timedelta(days=float(row["bid_time_days"]))),
                "action": "proxy",
                "bidder": row["bidder"] or "unnamed",
                "amount": amount(row["bid_usd"]),
            }
            for row in rows
        ],
        "expect": {"price": amount(rows[0]["close_price_usd"])},
    }


@pytest.mark.shared_data
def test_the_closing_prices_of_ebay_come_out(shared_data: Path) -> None:
    with gzip.open(shared_data / "data" / "auction_bids_ebay.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    answers = [
        replay(read_scenario(as_scenario(auction_id, list(bids))))
        for auction_id, bids in groupby(rows, key=lambda row: row["auction_id"])
    ]
    exact = sum(answer["ok"] for answer in answers)
    assert len(answers) == 343
    assert exact >= 329
