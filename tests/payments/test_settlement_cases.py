"""Settlement cases: every file settles as expected; a malformed one is named by file, field and reason."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from payments import settlement_cases
from payments.commands import group

CASES = Path(__file__).parent / "cases"
AGENCY_SPLIT = CASES / "agency-split.json"
WINNER_DEFAULT = CASES / "winner-default.json"


def settle(*files: Path) -> Result:
    return CliRunner().invoke(group, ["settle", *(str(file) for file in files)])


def changed(tmp_path: Path, origin: Path, **fields: Any) -> Path:
    content = json.loads(origin.read_text())
    content.update(fields)
    file = tmp_path / "case.json"
    file.write_text(json.dumps({name: value for name, value in content.items() if value != "(absent)"}))
    return file


@pytest.mark.parametrize("file", sorted(CASES.glob("*.json")), ids=lambda file: file.stem)
def test_a_case_settles_as_expected(file: Path) -> None:
    answer = settlement_cases.run(settlement_cases.read(file))
    assert answer["differences"] == []
    assert answer["ok"]
    assert answer["case"] == file.stem


def test_every_case_beside_the_checkout_settles_as_expected(shared_settlements: list[Path]) -> None:
    result = settle(*shared_settlements)
    assert result.exit_code == 0, result.output


def test_one_object_per_file(tmp_path: Path) -> None:
    result = settle(AGENCY_SPLIT, WINNER_DEFAULT)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert set(answers[0]) == {"case", "ok", "payouts", "unpaid", "compensation", "differences"}
    assert set(answers[1]) == set(answers[0]) | {"pursuable"}
    assert answers[1]["pursuable"] == "0.00"


def test_a_difference_is_told_and_exits_1(tmp_path: Path) -> None:
    expect = {"payouts": {"agency:S": "6000.01", "nobody": "1"}, "unpaid": {}}
    result = settle(changed(tmp_path, AGENCY_SPLIT, expect=expect), AGENCY_SPLIT)
    answer = json.loads(result.stdout.splitlines()[0])
    assert result.exit_code == 1
    assert not answer["ok"]
    assert {"field": "payouts.agency:S", "expected": "6000.01", "actual": "6000.00"} in answer["differences"]
    assert {"field": "payouts.nobody", "expected": "1.00", "actual": "0.00"} in answer["differences"]
    assert {"field": "payouts.bank:A", "expected": "0.00", "actual": "300000.00"} in answer["differences"]


def test_a_wrong_pursuable_differs(tmp_path: Path) -> None:
    result = settle(changed(tmp_path, WINNER_DEFAULT, expect={"pursuable": "70000.00"}))
    assert result.exit_code == 1
    assert json.loads(result.stdout)["differences"] == [
        {"field": "pursuable", "expected": "70000.00", "actual": "0.00"}
    ]


def test_what_is_not_expected_is_not_compared(tmp_path: Path) -> None:
    assert settle(changed(tmp_path, AGENCY_SPLIT, expect={})).exit_code == 0
    assert settle(changed(tmp_path, AGENCY_SPLIT, expect="(absent)")).exit_code == 0
    assert settle(changed(tmp_path, AGENCY_SPLIT, expect={"unpaid": {"bank:A": "0.00"}})).exit_code == 0


COMMISSION = {"to": "agency:S", "rate": "0.03", "borne_by": "seller"}
SHARE = {"to": "agency:B", "rate": "0.4", "share_of": "agency:S"}
CLAIM = {"creditor": "bank:A", "rank": 1, "amount": "1.00"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "gift"}, "kind"),
        ({"kind": ["sale"]}, "kind"),
        ({"currency": "XAU"}, "currency"),
        ({"currency": "(absent)"}, "currency"),
        ({"case": " "}, "case"),
        ({"case": "x" * 201}, "case"),
        ({"about": 1}, "about"),
        ({"price": 333333.33}, "price"),
        ({"price": 333333}, "price"),
        ({"price": "-1.00"}, "price"),
        ({"price": "1.001"}, "price"),
        ({"price": "1e5"}, "price"),
        ({"price": "１.00"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"price": None}, "price"),
        ({"price": "(absent)"}, "price"),
        ({"surplus_to": "(absent)"}, "surplus_to"),
        ({"surplus_to": ""}, "surplus_to"),
        ({"deposit": "1.00"}, "deposit"),
        ({"supplus_to": "x"}, "supplus_to"),
        ({"costs": {}}, "costs"),
        ({"costs": ["x"]}, "costs[0]"),
        ({"costs": [{"to": "a", "kind": "b"}]}, "costs[0].amount"),
        ({"costs": [{"to": "a", "amount": "1.00"}]}, "costs[0].kind"),
        ({"costs": [{"to": "a", "kind": "b", "amount": "1.00", "tax": "0.00"}]}, "costs[0].tax"),
        ({"costs": [{"to": "a", "kind": "b", "amount": "1.00"}] * 1001}, "costs"),
        ({"claims": [CLAIM | {"rank": 0}]}, "claims[0].rank"),
        ({"claims": [CLAIM | {"rank": True}]}, "claims[0].rank"),
        ({"claims": [CLAIM | {"rank": 1.0}]}, "claims[0].rank"),
        ({"claims": [CLAIM | {"amount": "-0.01"}]}, "claims[0].amount"),
        ({"claims": "(absent)"}, "claims"),
        ({"commissions": "(absent)"}, "commissions"),
        ({"commissions": [{"to": "a", "rate": "0.03"}]}, "commissions[0].borne_by"),
        ({"commissions": [COMMISSION | {"borne_by": "nobody"}]}, "commissions[0].borne_by"),
        ({"commissions": [COMMISSION | {"rate": 0.03}]}, "commissions[0].rate"),
        ({"commissions": [COMMISSION | {"rate": "1.01"}]}, "commissions[0].rate"),
        ({"commissions": [COMMISSION | {"rate": "3%"}]}, "commissions[0].rate"),
        ({"commissions": [COMMISSION | {"rate": "-0.1"}]}, "commissions[0].rate"),
        ({"commissions": [COMMISSION | {"table": "court-2020"}]}, "commissions[0].rate"),
        ({"commissions": [{"to": "a", "borne_by": "buyer"}]}, "commissions[0].rate"),
        ({"commissions": [{"to": "a", "table": "court-1999", "borne_by": "buyer"}]}, "commissions[0].table"),
        ({"commissions": [COMMISSION, SHARE | {"share_of": "agency:X"}]}, "commissions[1].share_of"),
        ({"commissions": [COMMISSION | {"share_of": "agency:S"}]}, "commissions[0].share_of"),
        (
            {"commissions": [SHARE, {"to": "agency:S", "rate": "0.1", "share_of": "agency:B"}]},
            "commissions[0].share_of",
        ),
        ({"commissions": [COMMISSION, COMMISSION, SHARE]}, "commissions[2].share_of"),
        ({"commissions": [COMMISSION, SHARE, SHARE | {"rate": "0.7"}]}, "commissions[2].share_of"),
        ({"commissions": [COMMISSION, SHARE | {"borne_by": "buyer"}]}, "commissions[1].borne_by"),
        (
            {"commissions": [COMMISSION, {"to": "b", "table": "court-2020", "share_of": "agency:S"}]},
            "commissions[1].table",
        ),
        ({"risk_sharing": [{"party": "a", "share": "0.6"}, {"party": "b", "share": "0.5"}]}, "risk_sharing"),
        ({"risk_sharing": [{"party": "a", "share": "1.2"}]}, "risk_sharing[0].share"),
        ({"risk_sharing": None}, "risk_sharing"),
        ({"expect": []}, "expect"),
        ({"expect": {"payout": {}}}, "expect.payout"),
        ({"expect": {"pursuable": "0.00"}}, "expect.pursuable"),
        ({"expect": {"payouts": {"agency:S": 6000.0}}}, "expect.payouts.agency:S"),
    ],
)
def test_a_malformed_field_is_named(tmp_path: Path, fields: dict[str, Any], field: str) -> None:
    file = changed(tmp_path, AGENCY_SPLIT, **fields)
    result = settle(file)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{file}: {field}: ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"pursue_shortfall": "no"}, "pursue_shortfall"),
        ({"surplus_to": "pledgor:D"}, "surplus_to"),
        ({"re_auction_price": "(absent)"}, "re_auction_price"),
        ({"claims": [CLAIM | {"creditor": "surplus"}]}, "claims[0].creditor"),
    ],
)
def test_a_malformed_default_is_named(tmp_path: Path, fields: dict[str, Any], field: str) -> None:
    result = settle(changed(tmp_path, WINNER_DEFAULT, **fields))
    assert result.exit_code == 2
    assert f"case.json: {field}: " in result.stderr


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"", "file"),
        (b"{", "file"),
        (b"[]", "file"),
        (b"\xff{}", "file"),
        (b'{"price": NaN}', "file"),
        (b'{"case": "\\ud800"}', "file"),
        (b'{"\\ud800": 1, "\\ud800": 2}', "?"),
        (b'{"price": ' + b"9" * 5000 + b"}", "file"),
        (b'{"price": 1, "price": 2}', "price"),
        (b"[" * 100_000, "file"),
        (b" " * 1_000_001, "file"),
    ],
)
def test_a_file_that_is_not_a_case(tmp_path: Path, content: bytes, field: str) -> None:
    file = tmp_path / "broken.json"
    file.write_bytes(content)
    result = settle(file)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{file}: {field}: ")


def test_a_malformed_file_does_not_hide_the_others(tmp_path: Path) -> None:
    missing = tmp_path / "missing.json"
    result = settle(missing, AGENCY_SPLIT)
    assert result.exit_code == 2
    refused, settled = (json.loads(line) for line in result.stdout.splitlines())
    assert settled["ok"]
    assert (refused["ok"], refused["file"], refused["field"]) == (False, str(missing), "file")
    assert result.stderr == f"{missing}: file: No such file or directory\n"
