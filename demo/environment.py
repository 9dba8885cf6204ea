"""The secrets of a marketplace on one machine: made once, kept in a file that only its owner reads."""

import base64
import os
import secrets
from pathlib import Path

_FILE = "environment"


def prepare(home: Path) -> None:
    """Put the marketplace's variables into this process's environment; what is set already stays.

    The first call writes `home/environment` with fresh secrets, later ones read it.
    """
    home.mkdir(parents=True, exist_ok=True)
    file = home / _FILE
    if not file.exists():
        _write(file)
    lines = file.read_text().splitlines()
    for name, _, value in (line.partition("=") for line in lines):
        os.environ.setdefault(name, value)
    os.environ.setdefault("LUOCHUI_HOME", str(home))


def _write(file: Path) -> None:
    values = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "RECEIPT_KEY": _key(),
        "FIELD_KEY": _key(),
        "SECURE_COOKIES": "no",
    }
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.writelines(f"{name}={value}\n" for name, value in values.items())


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
