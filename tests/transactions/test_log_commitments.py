"""What a leaf seals: each field by itself, nothing that could be guessed, nothing that names anybody."""

import hashlib
import hmac
import json
import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.canonical import canonical_bytes
from transactions.log.commitments import (
    FIRST_NAMES,
    Shown,
    commitment,
    field_salt,
    is_committed,
    leaf_data,
    plain,
    shown,
)
from transactions.rules.facts import FACT_NAMES, SaleFacts
from transactions.rules.words import AssetType

from .sale_builders import a_sale_of

RECORD = uuid.UUID(int=5)
AT = "2026-03-02T02:00:00Z"
SALT = "00112233445566778899aabbccddeeff"
SALE = a_sale_of(1, title='A "pump" 泵\n', classes=("H02K17/02",), evidence_url="https://example.com")
JSON = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))


def sealed(facts: SaleFacts = SALE, salt: str = SALT) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(leaf_data(RECORD, AT, salt, facts))
    return answer


def test_a_leaf_holds_a_commitment_for_each_field_and_no_value() -> None:
    leaf = sealed()
    assert set(leaf) == {"id", "recorded_at", "record_version", "commitments"}
    assert set(leaf["commitments"]) == set(FACT_NAMES)
    text = leaf_data(RECORD, AT, SALT, SALE).decode()
    for value in ("pump", "10000000", "2025-06-01", SALT, "elsewhere"):
        assert value not in text


def test_a_commitment_is_what_the_documentation_says() -> None:
    salt = hmac.new(bytes.fromhex(SALT), b"price_minor", hashlib.sha256).digest()
    expected = hashlib.sha256(salt + b"10000000").hexdigest()
    assert sealed()["commitments"]["price_minor"] == expected
    assert commitment(salt.hex(), 10_000_000) == expected
    assert field_salt(SALT, "price_minor") == salt.hex()


def test_equal_values_of_two_fields_or_two_records_do_not_look_equal() -> None:
    first, second = sealed()["commitments"], sealed(salt=SALT[::-1])["commitments"]
    assert len(set(first.values())) == len(FACT_NAMES)
    assert not set(first.values()) & set(second.values())


@given(JSON | st.lists(JSON, max_size=3))
def test_every_value_is_spelled_canonically(value: Any) -> None:
    salt = bytes(32)
    assert commitment(salt.hex(), value) == hashlib.sha256(salt + canonical_bytes(value)).hexdigest()


def test_facts_are_spelled_as_json_has_them() -> None:
    assert plain(date(2026, 3, 2)) == "2026-03-02"
    assert plain(RECORD) == str(RECORD)
    assert plain(("a", 1)) == ["a", 1]
    assert type(plain(AssetType.INVENTION)) is str


@given(st.sets(st.sampled_from(FACT_NAMES), max_size=5))
def test_a_shown_field_proves_itself_and_a_changed_one_does_not(names: set[str]) -> None:
    commitments = sealed()["commitments"]
    fields = shown(SALE, SALT, names)
    assert set(fields) == names
    for name, field in fields.items():
        through_json = Shown(json.loads(json.dumps(field.value)), field.salt)
        assert is_committed(commitments, name, through_json)
        assert not is_committed(commitments, name, replace(field, value="another"))
        assert not is_committed(commitments, name, replace(field, salt="00" * 32))
        assert not is_committed(commitments, "no such field", field)


@pytest.mark.parametrize("field", [Shown(1, "no salt"), Shown(0.5, "00"), Shown(1, "0")])
def test_what_cannot_be_a_field_is_not_committed(field: Shown) -> None:
    assert not is_committed(sealed()["commitments"], "price_minor", field)


def test_a_record_from_before_there_were_commitments_keeps_its_leaf() -> None:
    old = replace(SALE, record_version=0)
    leaf = sealed(old)
    assert set(leaf) == {*FIRST_NAMES, "id", "recorded_at", "salt"}
    assert leaf["salt"] == SALT
    assert shown(old, SALT, FACT_NAMES) == {}
