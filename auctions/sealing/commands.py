"""The officers' own tool: make a key, and unlock an institution's shares. It asks no server and no database.

`flask auctions make-opening-key` and `flask auctions open-share`; `python -m auctions.sealing` on a machine
without a marketplace.
"""

import json
import os
from pathlib import Path
from typing import Any

import click

from auctions.sealing import ceremony, keys
from auctions.sealing.ceremony import BadDocument
from auctions.sealing.keys import BadKeyFile

BAD_INPUT = 2


@click.command("make-opening-key")
@click.option("--holder", required=True, help="Your name and institution, as it should stand in the file.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The private file to write.")
@click.password_option("--passphrase", help="At least 12 characters; asked for when not given.")
def make_key_command(holder: str, out: Path, passphrase: str) -> None:
    """Make an opening key: a private file for you alone, and beside it the public half to hand over.

    Exit code 2 when the passphrase is too short or a file stands there already.
    """
    public = out.with_suffix(".public.json")
    try:
        made = keys.make_key_file(holder[:200], passphrase)
        _write(out, made, private=True)
        _write(public, keys.public_half(made), private=False)
    except (BadKeyFile, OSError) as fault:
        _stop(fault.strerror or str(fault) if isinstance(fault, OSError) else str(fault), out)
    click.echo(f"private file   {out}   (keep it; without it and its passphrase you open nothing)")
    click.echo(f"public half    {public}   (hand this one over)")
    click.echo(f"fingerprint    {grouped(made['fingerprint'])}")


@click.command("open-share")
@click.argument("opening_file", type=click.Path(path_type=Path))
@click.option("--key", "key_file", required=True, type=click.Path(path_type=Path), help="Your private file.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The contribution to write.")
@click.password_option("--passphrase", confirmation_prompt=False)
def open_share_command(opening_file: Path, key_file: Path, out: Path, passphrase: str) -> None:
    """Unlock your institution's shares in OPENING_FILE with your key, and write them as a contribution.

    Exit code 1 when a share would not open (they are named), 2 when a file cannot be used.
    """
    try:
        opening = _read(opening_file, ceremony.MOST_BYTES * 4)
        private = keys.unlock(_read(key_file, keys.MOST_BYTES), passphrase)
        made = ceremony.contribute(opening, private)
        _write(out, made, private=False)
    except (BadKeyFile, BadDocument, OSError) as fault:
        _stop(fault.strerror or str(fault) if isinstance(fault, OSError) else str(fault), opening_file)
    click.echo(f"auction        {made['auction']}")
    click.echo(f"journal closed {made['closing_hash']}")
    click.echo(f"shares         {len(made['shares'])}")
    for sequence in made["unopenable"]:
        click.echo(f"entry {sequence} would not open", err=True)
    raise SystemExit(1 if made["unopenable"] else 0)


def _read(path: Path, most: int) -> dict[str, Any]:
    with path.open("rb") as file:
        content = file.read(most + 1)
    try:
        found = json.loads(content) if len(content) <= most else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadDocument(f"{path} is not a file of this tool")
    return found


def _write(path: Path, content: dict[str, Any], *, private: bool) -> None:
    """Write a new file, the private one readable by nobody else; one that is there already is left alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.write("\n")


def _stop(reason: str, path: Path) -> None:
    click.echo(f"{path}: {reason}", err=True)
    raise SystemExit(BAD_INPUT)


def grouped(fingerprint: str) -> str:
    """A fingerprint in groups of four, to be read out."""
    return " ".join(fingerprint[place : place + 4] for place in range(0, len(fingerprint), 4))


COMMANDS = (make_key_command, open_share_command)
