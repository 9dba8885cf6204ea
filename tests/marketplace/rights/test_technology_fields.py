import csv
import gzip
from pathlib import Path

import pytest

from marketplace.rights.fields import all_fields, field_name, field_of, sector_name


@pytest.mark.parametrize(
    ("symbol", "number"),
    [
        ("H02K17/02", 1),
        ("h02k 17/02", 1),
        ("H02K", 1),
        ("H04N5/225", 2),
        ("H04N0005/225", 2),
        ("H04N1/00", 3),
        ("H04N1", 3),
        ("G01N33/50", 11),
        ("G01N3/00", 10),
        ("G01N30/02", 10),
        ("H10B12/00", 8),
        ("A61K8/00", 14),
        ("A61K31/00", 16),
        ("E04B1/00", 35),
        ("G01N", None),
        ("07-01", None),
        ("", None),
        ("H0", None),
        ("Y02E10/50", None),
        ("A99Z", 34),
        ("H02K1/27（2006.01）I", 1),
    ],
)
def test_a_symbol_belongs_to_the_field_with_the_longest_prefix(symbol: str, number: int | None) -> None:
    assert field_of(symbol) == number


def test_there_are_thirty_five_fields_in_five_sectors_with_names_in_both_languages() -> None:
    fields = all_fields()
    assert [field.number for field in fields] == list(range(1, 36))
    assert len({field.sector for field in fields}) == 5
    assert field_name(8) == "Semiconductors"
    assert field_name(8, "zh_CN") == "半导体"
    assert sector_name(8) == "Electrical engineering"
    assert sector_name(8, "zh") == "电气工程"


@pytest.mark.parametrize("number", [0, 36])
def test_a_number_outside_the_table_has_no_name(number: int) -> None:
    with pytest.raises(KeyError):
        field_name(number)


@pytest.mark.shared_data
def test_every_invention_and_utility_model_of_a_chinese_city_has_a_field(shared_data: Path) -> None:
    with gzip.open(shared_data / "data" / "patents_cn.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        symbols = [row["class_main"] for row in csv.DictReader(lines) if row["class_scheme"] == "IPC"]
    assert [symbol for symbol in symbols if field_of(symbol) is None] == []
    assert len(symbols) > 7_000
