import json
from pathlib import Path

import pytest
from conftest import SHARED
from flask import Flask

from auctions import commands
from auctions.formats import FORMATS
from auctions.scenarios.scenario import load, replay, run
from auctions.written.state_json import read_state, write_state
from auctions.written.terms import read_terms, write_terms

OWN = sorted((Path(__file__).parent / "scenarios").glob("*.json"))
GIVEN = sorted((SHARED / "scenarios").glob("*.json")) if SHARED.is_dir() else []
OFFERED = [path for path in GIVEN if json.loads(path.read_bytes())["auction"]["format"] in FORMATS]


@pytest.mark.parametrize("path", OWN + OFFERED, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_scenario_ends_as_it_expects(path: Path) -> None:
    assert replay(load(path))["differences"] == []


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_terms_and_state_are_stored_and_read_back_the_same(path: Path) -> None:
    scenario = load(path)
    state = run(scenario).state
    assert read_terms(write_terms(scenario.terms)) == scenario.terms
    assert read_state(json.loads(json.dumps(write_state(state)))) == state


def test_there_are_scenarios_for_every_rule() -> None:
    assert len(OWN) >= 40


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_replay_prints_one_object_per_file_and_exits_0(app: Flask) -> None:
    files = [str(path) for path in OWN[:3]]
    answer = app.test_cli_runner().invoke(commands.group, ["replay", *files])
    printed = [json.loads(line) for line in answer.stdout.splitlines()]
    assert (answer.exit_code, [entry["ok"] for entry in printed]) == (0, [True, True, True])
    assert list(printed[0]) == ["scenario", "ok", "decisions", "outcome", "differences"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_replay_exits_1_for_a_difference_and_2_for_a_malformed_file(app: Flask, tmp_path: Path) -> None:
    raw = json.loads((OWN[0].parent / "court-soft-close.json").read_bytes())
    wrong, broken = tmp_path / "wrong.json", tmp_path / "broken.json"
    wrong.write_text(json.dumps(raw | {"expect": {"price": "1.00", "ladder": [], "decisions": []}}))
    broken.write_text("{")
    runner = app.test_cli_runner()
    differs = runner.invoke(commands.group, ["replay", str(OWN[0]), str(wrong)])
    assert differs.exit_code == 1
    found = json.loads(differs.stdout.splitlines()[1])["differences"]
    assert [entry["field"] for entry in found] == ["decisions", "price", "ladder"]
    malformed = runner.invoke(commands.group, ["replay", str(broken), str(wrong), str(OWN[0])])
    assert malformed.exit_code == 2
    assert f"{broken}: file: is not JSON" in malformed.stderr
    assert json.loads(malformed.stdout.splitlines()[0])["field"] == "file"
    assert len(malformed.stdout.splitlines()) == 3
