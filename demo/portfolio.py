"""The bank's portfolio file: real patents, pledged after the pattern of a real register (data/SOURCES.md).

Prices, claims and dates of the pledges are the demo's model: 60,000 yuan for a patent that is new, 3,000 less
for every year of its age, lent on at 60 %, pledged two years before today.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

DATA = Path(__file__).parent / "data"

COLUMNS = (
    "lot_reference", "lot_title", "right_type", "number", "title", "abstract", "applicant", "classes",
    "filed_on", "loan_reference", "debtor", "pledgor", "principal", "interest", "pledge_number", "pledgee",
    "pledge_claim", "pledge_rank", "pledged_on", "currency", "reference_price", "price_basis", "start_price",
    "deposit", "increment", "auction_format", "rule_pack",
)  # fmt: skip

_NEW_PATENT_YUAN, _LESS_A_YEAR_YUAN, _LEAST_YUAN = 60_000, 3_000, 9_000
_PLEDGE_AGE_DAYS = 730


def write(target: Path, *, pledgee: str, today: date) -> int:
    """Write the portfolio as CSV; returns the number of rights in it."""
    with (DATA / "patents.csv").open(newline="") as patents:
        groups = [list(group) for _, group in groupby(csv.DictReader(patents), key=lambda row: row["group"])]
    with (DATA / "security_interests.csv").open(newline="") as interests:
        documents = list(csv.DictReader(interests))
    rows = [
        row
        for index, group in enumerate(groups)
        for row in _lot(index, group, documents[index % len(documents)], pledgee, today)
    ]
    with target.open("w", newline="", encoding="utf-8-sig") as opened:
        writer = csv.DictWriter(opened, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def _lot(
    index: int, patents: list[dict[str, str]], document: dict[str, str], pledgee: str, today: date
) -> Iterator[dict[str, str]]:
    """The rows of one pledge: its patents, with the loan and the terms on each row."""
    reference = sum(_worth(patent, today) for patent in patents)
    start, principal = reference * 7 // 10, reference * 6 // 10
    signed, recorded = (date.fromisoformat(document[name]) for name in ("execution_date", "recorded_date"))
    pledged = today - timedelta(days=_PLEDGE_AGE_DAYS + index) + (recorded - signed)
    shared = {
        "lot_reference": f"L{index + 1:03d}",
        "lot_title": _title(patents),
        "loan_reference": f"DK-{today.year - 2}-{index + 1:04d}",
        "debtor": f"演示债务人{index + 1:02d}",
        "pledgor": f"演示出质人{index + 1:02d}",
        "principal": f"{principal}.00",
        "interest": f"{principal * 4 // 100}.00",
        "pledge_number": f"Y{pledged.year}37{index + 1:07d}",
        "pledgee": pledgee,
        "pledge_claim": f"{principal * 104 // 100}.00",
        "pledge_rank": "1",
        "pledged_on": pledged.isoformat(),
        "currency": "CNY",
        "reference_price": f"{reference}.00",
        "price_basis": "internal",
        "start_price": f"{start}.00",
        "deposit": f"{start // 10}.00",
        "increment": "500.00" if start < 100_000 else "2000.00",
        "auction_format": "english",
        "rule_pack": "cn-bank",
    }
    for patent in patents:
        yield shared | {
            "right_type": "invention",
            "number": patent["number"],
            "title": patent["title"],
            "abstract": patent["abstract"],
            "applicant": patent["applicant"],
            "classes": patent["class_main"],
            "filed_on": patent["filing_date"],
        }


def _worth(patent: dict[str, str], today: date) -> int:
    filed = date.fromisoformat(patent["filing_date"]) if patent["filing_date"] else today
    years = (today - filed).days // 365
    return max(_LEAST_YUAN, _NEW_PATENT_YUAN - _LESS_A_YEAR_YUAN * years)


def _title(patents: list[dict[str, str]]) -> str:
    first = patents[0]["title"]
    return first if len(patents) == 1 else f"{first}等{len(patents)}件发明专利"
