"""Making valuations again from the command line. Exit codes: 0 the same, 1 differs, 2 bad input."""

import json
import uuid

import click

from marketplace.db import db
from transactions.valuations.queries.valuations import whole
from transactions.valuations.service.making import make_again


@click.command()
@click.argument("valuation_id", type=click.UUID)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def revalue(valuation_id: uuid.UUID, *, as_json: bool) -> None:
    """Make VALUATION_ID again from its stored inputs and the log as of its size; exit 1 if it differs."""
    kept = whole(db.session(), valuation_id)
    if kept is None:
        click.echo(f"there is no valuation {valuation_id}", err=True)
        raise SystemExit(2)
    again = make_again(db.session(), kept)
    facts = {
        "valuation": str(kept.id),
        "same": again.same,
        "digest": kept.digest,
        "digest_again": again.digest,
        "tree_size": kept.tree_size,
        "model_version": kept.model_version,
        "problem": again.problem,
    }
    if as_json:
        click.echo(json.dumps(facts))
    elif again.same:
        click.echo(f"the same to the byte: {kept.digest}")
    else:
        click.echo(f"differs: {again.problem}")
    raise SystemExit(0 if again.same else 1)
