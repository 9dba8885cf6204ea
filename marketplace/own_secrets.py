"""The secrets of a marketplace on one machine: made once, kept in a file that only its owner reads."""

import base64
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_FILE = "secrets"


def completed(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment with the secrets it lacks, where the databases are the embedded ones.

    Several machines must share their secrets, so with a DATABASE_URL nothing is made up: what is missing
    stays missing and stops the start.
    """
    if environment.get("DATABASE_URL"):
        return environment
    return {**kept_in(Path(environment.get("LUOCHUI_HOME", "instance")).resolve()), **environment}


def kept_in(home: Path) -> dict[str, str]:
    """The secret and the three keys of the marketplace in `home`, made at the first call."""
    home.mkdir(parents=True, exist_ok=True)
    file = home / _FILE
    with suppress(FileExistsError):  # made by an earlier start, or by another process a moment ago
        _write(file)
    lines = file.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _write(file: Path) -> None:
    values = {"SECRET_KEY": secrets.token_urlsafe(48)}
    values |= {name: _key() for name in ("RECEIPT_KEY", "FIELD_KEY", "PARENT_KEY")}
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(descriptor, "".join(f"{name}={value}\n" for name, value in values.items()).encode())
    os.close(descriptor)


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
