"""Status, clock, canonical bytes and configuration."""

import base64
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest

from marketplace import clock
from marketplace.canonical import canonical_bytes, digest, read_base64
from marketplace.clock import FixedClock
from marketplace.config import BadConfiguration, from_environment
from marketplace.errors import Conflict
from marketplace.own_secrets import completed
from marketplace.status import Moves, check_move, terminal

KEY = base64.urlsafe_b64encode(bytes(32)).decode()
GOOD = {"SECRET_KEY": "s" * 32, "RECEIPT_KEY": KEY, "FIELD_KEY": KEY}


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


MOVES: Moves[Light] = {Light.RED: frozenset({Light.GREEN}), Light.GREEN: frozenset()}


def test_a_move_that_is_not_in_the_table_is_a_conflict() -> None:
    check_move(MOVES, Light.RED, Light.GREEN)
    with pytest.raises(Conflict):
        check_move(MOVES, Light.GREEN, Light.RED)
    assert terminal(MOVES) == {Light.GREEN}


def test_the_clock_is_aware_and_can_be_replaced() -> None:
    assert clock.now().tzinfo is UTC
    fixed = FixedClock(datetime(2026, 3, 1, tzinfo=UTC))
    with clock.use(fixed):
        fixed.advance(seconds=5)
        assert clock.now() == datetime(2026, 3, 1, 0, 0, 5, tzinfo=UTC)
        fixed.move_to(clock.now() + timedelta(days=1))
        assert clock.now().day == 2
    assert clock.now().year >= 2026


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        clock.parse_moment("2026-03-01T00:00:00")


@pytest.mark.parametrize("text", ["2026-03-02T02:00:00Z", "2026-03-03T02:00:00.999000Z"])
def test_moments_are_written_as_they_were_read(text: str) -> None:
    assert clock.moment_text(clock.parse_moment(text)) == text


def test_canonical_bytes_do_not_depend_on_order() -> None:
    assert canonical_bytes({"b": [1, "落"], "a": None}) == '{"a":null,"b":[1,"落"]}'.encode()
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


@pytest.mark.parametrize("value", [1.0, {"a": 0.5}, [1, (2.0,)]])
def test_a_float_has_no_canonical_bytes(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_bytes(value)


def test_the_embedded_databases_are_the_default(tmp_path: Path) -> None:
    settings = from_environment({**GOOD, "LUOCHUI_HOME": str(tmp_path), "SECURE_COOKIES": "no"})
    assert settings.database_url == f"sqlite:///{tmp_path / 'marketplace.sqlite'}"
    assert settings.secure_cookies is False


def test_one_machine_makes_its_secrets_once_and_keeps_them_to_itself(tmp_path: Path) -> None:
    home = {"LUOCHUI_HOME": str(tmp_path)}
    first, again = completed(home), completed(home)
    assert first == again
    assert from_environment(first).secret_key == first["SECRET_KEY"]
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0


def test_several_machines_get_no_secrets_made_up(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="SECRET_KEY"):
        from_environment(
            completed({"LUOCHUI_HOME": str(tmp_path), "DATABASE_URL": "postgresql://db/luochui"})
        )


def test_postgresql_is_reached_through_psycopg() -> None:
    settings = from_environment({**GOOD, "DATABASE_URL": "postgresql://localhost/luochui"})
    assert settings.database_url == "postgresql+psycopg://localhost/luochui"


def test_the_key_of_parents_is_given_or_made_of_the_receipt_key() -> None:
    assert from_environment({**GOOD, "PARENT_KEY": KEY}).parent_key == base64.urlsafe_b64decode(KEY)
    made = from_environment(GOOD).parent_key
    assert len(made) == 32
    assert made == from_environment(GOOD).parent_key != base64.urlsafe_b64decode(KEY)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("RECEIPT_KEY", ""),
        ("RECEIPT_KEY", "not base64!"),
        ("PARENT_KEY", "not base64!"),
        ("FIELD_KEY", base64.urlsafe_b64encode(b"too short").decode()),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("SECURE_COOKIES", "perhaps"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "11"),
    ],
)
def test_a_wrong_variable_stops_the_start_and_is_named(name: str, value: str) -> None:
    with pytest.raises(BadConfiguration, match=name):
        from_environment({**GOOD, name: value})


def test_bytes_have_one_spelling_in_base64() -> None:
    assert read_base64("YQ==") == b"a"
    for text in ("YR==", "YQ", "YQ==\n", "Y!=="):
        with pytest.raises(ValueError, match=r".+"):
            read_base64(text)
