from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Refused
from marketplace.parties import second_factor
from marketplace.parties.second_factor import accepted_step, canonical_code, code_at, step_of

SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the seed of RFC 6238, appendix B
NOW = datetime(2026, 3, 2, 2, 0, 5, tzinfo=UTC)
KEY = Fernet.generate_key().decode()


def test_the_codes_are_those_of_rfc_6238() -> None:
    # The RFC prints eight digits; six are their end.
    for seconds, code in (
        (59, "287082"),
        (1111111109, "081804"),
        (1234567890, "005924"),
        (20000000000, "353130"),
    ):
        assert code_at(SEED, datetime.fromtimestamp(seconds, UTC)) == code


@pytest.mark.parametrize(
    "text", ["123456", " 123 456 ", "１２３４５６", "123\u3000456", "１２３-456", "123\u00a0456\n"]
)
def test_one_code_has_one_canonical_form(text: str) -> None:
    assert canonical_code(text) == "123456"


@pytest.mark.parametrize(
    "text", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "12345²x", "+12345", "1_2345", "①②③④⑤⑥⑦"]
)
def test_nothing_else_is_a_code(text: str) -> None:
    with pytest.raises(Refused):
        canonical_code(text)


@given(st.text(max_size=60))
def test_any_text_is_six_ascii_digits_or_refused(text: str) -> None:
    try:
        code = canonical_code(text)
    except Refused:
        return
    assert len(code) == 6
    assert code.isascii()
    assert code.isdigit()


def test_a_code_is_good_in_its_own_step_only() -> None:
    code = code_at(SEED, NOW)
    assert accepted_step(SEED, code, 0, NOW) == step_of(NOW)
    for moment in (NOW - timedelta(seconds=30), NOW + timedelta(seconds=30)):
        with pytest.raises(Refused):
            accepted_step(SEED, code, 0, moment)


@pytest.mark.parametrize("dressed", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "full width"])
def test_a_used_code_stays_used_in_every_dress(dressed: str) -> None:
    code = code_at(SEED, NOW)
    wide = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in code)
    text = wide if dressed == "full width" else dressed.format(code)
    with pytest.raises(Refused):
        accepted_step(SEED, text, step_of(NOW), NOW)


def test_the_seed_is_kept_encrypted() -> None:
    kept = second_factor.encrypt(KEY, SEED)
    assert SEED not in kept
    assert second_factor.decrypt(KEY, kept) == SEED
    assert len(kept) <= 300


def test_a_seed_is_offered_to_one_sign_in_only() -> None:
    first, again = (second_factor.proposed_secret(KEY, "a" * 64) for _ in range(2))
    assert first == again
    assert len(first) == 32
    assert first != second_factor.proposed_secret(KEY, "b" * 64)


def test_the_picture_is_an_svg_that_the_policy_allows() -> None:
    address = second_factor.address(SEED, "alice@example.com", "Luochui")
    assert address.startswith("otpauth://totp/Luochui:alice%40example.com?secret=")
    assert second_factor.picture(address).startswith("data:image/svg+xml")
    assert second_factor.grouped(SEED).replace(" ", "") == SEED
