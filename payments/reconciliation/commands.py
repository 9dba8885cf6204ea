"""`flask payments reconcile`, beside the other commands of payments."""

import json

import click
from flask.cli import with_appcontext

from marketplace.access import InstitutionKind
from marketplace.clock import moment_text
from marketplace.db import db
from marketplace.parties.queries import person_by_email
from payments.commands import group
from payments.gateways.registry import gateways
from payments.reconciliation import asking
from payments.reconciliation.models import Reconciliation


@group.command("reconcile")
@click.option("--json", "as_json", is_flag=True, help="The whole result as one JSON object.")
@click.option("--most", type=click.IntRange(0, 100_000), default=asking.MOST, help="Look up at most so many.")
@click.option("--by", "email", help="The operator's person who asks, by e-mail address.")
@with_appcontext
def reconcile(*, as_json: bool, most: int, email: str | None) -> None:
    """Lay the ledger beside its entries, our rows, the gateway and the bank; list every difference.

    Nothing is changed or netted. Exits 0 when everything was compared and agrees, 1 when something differs or
    was left out, 2 when the call itself is wrong. The money desk shows each run.
    """
    person_id = None
    if email is not None:
        person = person_by_email(db.session(), email)
        if person is None or person.institution.kind is not InstitutionKind.OPERATOR:
            raise click.BadParameter("nobody of the operator has this address", param_hint="--by")
        person_id = person.id
    run = asking.reconcile(gateways(), most=most, person_id=person_id)
    click.echo(json.dumps(_written(run), ensure_ascii=False) if as_json else _told(run))
    raise SystemExit(0 if run.agrees else 1)


def _written(run: Reconciliation) -> dict[str, object]:
    return {
        "run": str(run.id),
        "began_at": moment_text(run.began_at),
        "ended_at": moment_text(run.ended_at),
        "agrees": run.agrees,
        "compared": run.compared,
        "difference_count": run.difference_count,
        "differences": run.differences,
    }


def _told(run: Reconciliation) -> str:
    compared = ", ".join(f"{part} {count}" for part, count in run.compared.items())
    lines = [f"compared: {compared}"]
    lines += [
        f"{row['part']}: {row['what']}: ours {row['ours']}; theirs {row['theirs']}" for row in run.differences
    ]
    more = run.difference_count - len(run.differences)
    lines += [f"and {more} more"] if more else []
    lines.append("agrees" if run.agrees else f"differs: {run.difference_count} differences")
    return "\n".join(lines)


__all__ = ["group"]
