"""Hashes that cost nothing, except where the hashes themselves are tested."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from marketplace.parties import passwords


@pytest.fixture(autouse=True)
def quick_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if Path(request.path).name != "test_passwords.py":
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr(passwords, "_hasher", hasher)
