"""`flask payments …` for operators, auditors and tests."""

import json
from pathlib import Path

import click

from payments import settlement_cases
from payments.settlement_cases import UnreadableCase


@click.group("payments")
def group() -> None:
    """Settlement and money."""


@group.command("settle")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def settle(files: tuple[Path, ...]) -> None:
    """Settle the cases in FILES by the live rules and compare with what they expect.

    Prints one JSON object per file. Exits 0 when every case is as expected, 1 when one differs, 2 when a file
    is malformed: its object, and a line on standard error, name file, field and reason.
    """
    code = 0
    for file in files:
        try:
            answer = settlement_cases.run(settlement_cases.read(file))
        except UnreadableCase as unreadable:
            click.echo(json.dumps(_refused(unreadable), ensure_ascii=False))
            click.echo(str(unreadable), err=True)
            code = 2
            continue
        click.echo(json.dumps(answer, ensure_ascii=False))
        code = code if answer["ok"] else max(code, 1)
    raise SystemExit(code)


def _refused(unreadable: UnreadableCase) -> dict[str, object]:
    return {
        "case": None,
        "ok": False,
        "file": str(unreadable.file),
        "field": unreadable.field,
        "reason": unreadable.reason,
    }
