import threading

import argon2
import pytest

from marketplace.errors import Refused
from marketplace.parties import passwords
from marketplace.parties.passwords import check_password
from marketplace.parties.rules import Reason

GOOD = "correct horse battery"


@pytest.mark.parametrize(
    "password", [GOOD, "a" + "bcdefgh9" * 15 + "z!xy", "江南春雨杏花烟柳小桥流水", "Tr0ub4dor&3 walks"]
)
def test_long_and_uncommon_is_enough(password: str) -> None:
    check_password(password)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("elevenchars", Reason.PASSWORD_SHORT),
        ("x" * 129, Reason.PASSWORD_LONG),
        ("password1234", Reason.PASSWORD_COMMON),
        ("Password!2026", Reason.PASSWORD_COMMON),
        ("ｐａｓｓｗｏｒｄ１２３４", Reason.PASSWORD_COMMON),
        ("123412341234", Reason.PASSWORD_COMMON),
        ("123456789012", Reason.PASSWORD_COMMON),
        ("aaaaaaaaaaaa", Reason.PASSWORD_COMMON),
        ("abcdefghijkl", Reason.PASSWORD_COMMON),
        ("qwertyqwerty", Reason.PASSWORD_COMMON),
        ("woaini woaini", Reason.PASSWORD_COMMON),
        ("2026!!03!!02", Reason.PASSWORD_COMMON),
        ("my alice.wang x", Reason.PASSWORD_PERSONAL),
        ("hello TAISHANBANK", Reason.PASSWORD_PERSONAL),
    ],
)
def test_what_anybody_would_try_is_refused(password: str, reason: Reason) -> None:
    with pytest.raises(Refused, match=reason):
        check_password(password, ("alice.wang@example.com", "Taishan Bank"))


def test_a_password_is_kept_as_argon2id_in_the_low_memory_profile_of_rfc_9106() -> None:
    kept = passwords.hash_password(GOOD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.verify(kept, GOOD)
    assert passwords.verify(kept, "ｃｏｒｒｅｃｔ horse battery")
    assert not passwords.verify(kept, GOOD.upper())
    assert not passwords.verify(kept, GOOD + "\0")
    assert not passwords.needs_rehash(kept)


def test_nothing_verifies_for_nobody_or_against_a_broken_hash() -> None:
    assert not passwords.verify(None, GOOD)
    assert not passwords.verify("!", GOOD)


def test_older_parameters_are_noticed() -> None:
    old = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    assert passwords.verify(old, GOOD)
    assert passwords.needs_rehash(old)


def test_a_flood_of_hashes_waits_and_then_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "_QUEUE_SECONDS", 0.01)
    with passwords._place(), pytest.raises(passwords.TooBusy):
        passwords.verify(None, GOOD)
    assert passwords.TooBusy.status == 503


def test_one_time_passwords_are_accepted_and_never_the_same() -> None:
    made = {passwords.one_time_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_password(password)
