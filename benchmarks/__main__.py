"""`make bench`: run every package's benchmark beside its baseline, print a table, write `latest.json`."""

import json
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
    "alerts",
    "fair_play",
    "disclosure",
)


def main() -> None:
    """Run the benchmarks one after the other on an otherwise idle machine."""
    rows: list[dict[str, Any]] = []
    for package in PACKAGES:
        for row in import_module(f"benchmarks.{package}").run():
            print(
                f"{row['name']:<52} {row['value']:>12} {row['unit']:<10} × {row['ratio']!s:<8} {row['note']}"
            )
            rows.append(row)
    target = Path(__file__).with_name("latest.json")
    target.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
