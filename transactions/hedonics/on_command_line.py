"""`flask transactions fit`. Exit codes: 0 fitted, 1 too few records, 2 bad input."""

import json

import click
from flask.cli import with_appcontext

from marketplace.db import atomic, db
from marketplace.money import EXPONENTS
from transactions.hedonics import service
from transactions.hedonics.method import LEAST_PRICED
from transactions.rules.words import AssetFamily


@click.command("fit")
@click.option("--currency", default="", help="Of the model; by default the one most records are in.")
@click.option(
    "--family", type=click.Choice([one.value for one in AssetFamily]), help="Of one family of rights only."
)
@click.option("--dry-run", is_flag=True, help="Fit and say what came of it, and keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def fit(currency: str, family: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Fit the price model to the record, by family of rights, and keep it under its digest."""
    if currency and currency not in EXPONENTS:
        click.echo(f"--currency: {currency} is not a currency traded here", err=True)
        raise SystemExit(2)
    session = db.session()
    if family is None:
        fits = service.fit_families(session, currency)
    else:
        fits = [service.fit(session, AssetFamily(family), currency=currency)]
    session.rollback()
    if not dry_run:
        with atomic() as writing:
            for fitted in fits:
                service.keep(writing, fitted)
    if as_json:
        click.echo(json.dumps({"fits": [_facts(fitted) for fitted in fits]}))
    else:
        click.echo("\n".join(_words(fitted) for fitted in fits))
    raise SystemExit(0 if any(fitted.model for fitted in fits) else 1)


def _facts(fitted: service.Fit) -> dict[str, object]:
    model = fitted.model
    return {
        "family": fitted.family.value,
        "fitted": model is not None,
        "version": model.version if model else None,
        "currency": fitted.currency,
        "priced": fitted.priced,
        "unsold": fitted.unsold,
        "least_priced": LEAST_PRICED,
        "left_out": dict(sorted(fitted.left_out.items())),
        "cut_off": model.cut_off.isoformat() if model else None,
        "sigma": model.sigma if model else None,
        "sale_chance_learned": model.chance.learned if model else None,
    }


def _words(fitted: service.Fit) -> str:
    model, left = fitted.model, sum(fitted.left_out.values())
    counts = (
        f"{fitted.family}: {fitted.priced} priced and {fitted.unsold} unsold records in {fitted.currency}"
    )
    if model is None:
        return f"{counts}, {left} left out: too few to fit, at least {LEAST_PRICED} priced ones are needed"
    chance = "learned" if model.chance.learned else "the normal curve, too few start prices to learn from"
    return f"{counts}, {left} left out\nmodel {model.version}\nsigma {model.sigma}, chance of sale: {chance}"
