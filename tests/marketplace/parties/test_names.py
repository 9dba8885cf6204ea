import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from marketplace.errors import Refused
from marketplace.parties.names import clean_email, clean_name, clean_registration_number, name_key
from marketplace.parties.rules import Reason


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Taishan Bank", "TAISHAN  BANK"),
        ("Taishan Bank", "Ｔａｉｓｈａｎ　Ｂａｎｋ"),
        ("Taishan Bank", "Таishan Ваnk"),
        ("Alice Capital", "AIice Capital"),
        ("Alice Capital", "A1ice Capital"),
        ("Apollo", "Ap0llo"),
        ("Apollo", "Αpοllο"),
        ("Societe Generale", "Société Générale"),
        ("江南银行", "江南 银行"),
        ("江南银行（上海）", "江南银行(上海)"),
        ("𝐁𝐚𝐧𝐤 One", "Bank-One"),
    ],
)
def test_names_that_look_alike_are_one(left: str, right: str) -> None:
    assert name_key(left) == name_key(right)


@pytest.mark.parametrize(("left", "right"), [("江南银行", "江南银行上海"), ("North Bank", "South Bank")])
def test_names_that_differ_differ(left: str, right: str) -> None:
    assert name_key(left) != name_key(right)


@pytest.mark.parametrize(
    "name",
    [
        "Bank\u202eknaB",
        "Ba\u200bnk",
        "Bank\nTwo",
        "Bank\x00",
        "Bank\u2066x",
        "Bank\ue000",
        "  ",
        "…!",
        "\ufeffBank",
    ],
)
def test_invisible_and_bidirectional_characters_are_refused(name: str) -> None:
    with pytest.raises(Refused, match=Reason.NAME_CHARACTERS):
        clean_name(name)


def test_a_name_is_kept_as_it_is_written() -> None:
    assert clean_name("  Société   Générale ") == "Société Générale"
    assert clean_name("江南银行（上海）") == "江南银行（上海）"


@given(st.text(max_size=80))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    try:
        name = clean_name(text)
    except Refused:
        return
    assert clean_name(name) == name
    assert name_key(name)


def test_a_social_credit_code_is_checked_by_its_last_character() -> None:
    assert clean_registration_number("CN", "9111 0000 6000 3734 1l") == "91110000600037341L"
    assert clean_registration_number("CN", "９１１１００００６０００３７３４１Ｌ") == "91110000600037341L"
    with pytest.raises(Refused, match=Reason.NUMBER_CHECK):
        clean_registration_number("CN", "91110000600073341L")
    for wrong in (
        "9111000060003734",
        "A1110000600037341L",
        "",
        "91110000600037341Ｏ",
        "91110000６０００３７３４１ß",
    ):
        with pytest.raises(Refused, match=Reason.NUMBER_FORM):
            clean_registration_number("CN", wrong)


@given(
    st.text("0123456789", min_size=8, max_size=8),
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9),
)
def test_one_wrong_character_is_always_noticed(region: str, organisation: str) -> None:
    body = region + organisation
    right = body + uscc.calc_check_digit(body)
    assert clean_registration_number("CN", right) == right
    wrong = right[:9] + ("0" if right[9] != "0" else "1") + right[10:]
    with pytest.raises(Refused):
        clean_registration_number("CN", wrong)


def test_elsewhere_only_the_form_is_checked() -> None:
    assert clean_registration_number("DE", " hrb 12345 ") == "HRB12345"
    assert clean_registration_number("GB", "SC/123.456-7") == "SC/123.456-7"
    for wrong in ("1", "-123-", "12'34", "x" * 41, "12<34", "١٢٣٤٥"):
        with pytest.raises(Refused, match=Reason.NUMBER_FORM):
            clean_registration_number("DE", wrong)


def test_one_mailbox_has_one_spelling() -> None:
    assert clean_email(" Alice@Example.COM ") == clean_email("ａｌｉｃｅ@example.com") == "alice@example.com"
