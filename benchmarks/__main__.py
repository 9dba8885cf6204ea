"""`make bench`: run every package's benchmark beside its baseline, print a table, write `latest.json`.

`python -m benchmarks search alerts` runs these two only and writes nothing.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

PACKAGES = (
    "bidding",
    "payments",
    "statements",
    "transactions",
    "price_log",
    "sharing",
    "explorer",
    "comparables",
    "price_model",
    "search",
    "search_pages",
    "alerts",
    "fair_play",
    "disclosure",
)


def main(chosen: list[str]) -> None:
    """Run the benchmarks one after the other on an otherwise idle machine."""
    rows: list[dict[str, Any]] = []
    for package in chosen or PACKAGES:
        for row in import_module(f"benchmarks.{package}").run():
            print(
                f"{row['name']:<52} {row['value']:>12} {row['unit']:<10} × {row['ratio']!s:<8} {row['note']}"
            )
            rows.append(row)
    if not chosen:
        target = Path(__file__).with_name("latest.json")
        target.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
