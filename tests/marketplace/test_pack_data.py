"""A rule pack as data: what a record carries reads back as the same pack."""

from typing import Any

import pytest

from marketplace.canonical import canonical_bytes
from marketplace.rule_packs import NAMES, BadPack, as_data, from_data, load, pack_digest


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_reads_back_as_itself(name: str) -> None:
    pack = load(name)
    assert from_data(as_data(pack)) == pack
    assert canonical_bytes(as_data(pack))
    assert len({pack_digest(load(other)) for other in NAMES}) == len(NAMES)


@pytest.mark.parametrize("raw", [None, [], {}, {"name": "x"}, {"reserve": 3}, {"notice_days": {"value": 1}}])
def test_what_is_no_pack_is_refused(raw: Any) -> None:
    with pytest.raises(BadPack):
        from_data(raw)


def test_a_number_without_a_source_is_refused() -> None:
    raw = as_data(load("open"))
    raw["payment_days"] = {**raw["payment_days"], "source": ""}
    with pytest.raises(BadPack, match="where it comes from"):
        from_data(raw)
