"""`flask payments …` for operators, auditors and tests."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from flask.cli import ScriptInfo, with_appcontext

from marketplace import clock
from marketplace.clock import LOCAL_ZONE, aware
from marketplace.db import db
from payments import settlement_cases
from payments.bank.on_command_line import import_statement
from payments.documents import listing
from payments.forfeiture import Default
from payments.gateways import GatewayRefused, GatewayUnreachable
from payments.gateways.registry import gateways
from payments.rehearsal.through_database import settle_through_database
from payments.replaying import Replayed, replay
from payments.rules import OLDEST_NOTICE, Method
from payments.settlement_cases import UnreadableCase
from payments.waterfall import Sale


@click.group("payments")
def group() -> None:
    """Settlement and money."""


group.add_command(import_statement)


@group.command("settle")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--through", type=click.Choice(["rules", "database"]), default="rules", show_default=True)
def settle(files: tuple[Path, ...], through: str) -> None:
    """Settle the cases in FILES by the live rules and compare with what they expect.

    `--through database` makes a real deal of each in a scratch database and settles it by the live service,
    down to the payouts: the answers are the same.

    Prints one JSON object per file. Exits 0 when every case is as expected, 1 when one differs, 2 when a file
    is malformed: its object, and a line on standard error, name file, field and reason.
    """
    runner = _through_database() if through == "database" else settlement_cases.settle_by_rules
    code = 0
    for file in files:
        try:
            answer = settlement_cases.run(settlement_cases.read(file), runner)
        except UnreadableCase as unreadable:
            click.echo(json.dumps(_refused(unreadable), ensure_ascii=False))
            click.echo(str(unreadable), err=True)
            code = 2
            continue
        click.echo(json.dumps(answer, ensure_ascii=False))
        code = code if answer["ok"] else max(code, 1)
    raise SystemExit(code)


def _through_database() -> settlement_cases.Runner:
    """The live service in a scratch database; only this way needs the application."""
    app = click.get_current_context().ensure_object(ScriptInfo).load_app()

    def runner(event: Sale | Default) -> settlement_cases.Actual:
        with app.app_context():
            return settle_through_database(event)

    return runner


def _refused(unreadable: UnreadableCase) -> dict[str, object]:
    return {
        "case": None,
        "ok": False,
        "file": str(unreadable.file),
        "field": unreadable.field,
        "reason": unreadable.reason,
    }


@group.command("documents")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The first day, in the marketplace's zone.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per document.")
@with_appcontext
def documents(since: datetime | None, *, as_json: bool) -> None:
    """List the documents issued since a day: number, kind, issuer, recipient, amount."""
    moment = aware(since.replace(tzinfo=LOCAL_ZONE)) if since else None
    for row in listing.since(db.session(), moment):
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
            continue
        amount = f"{row['total']} {row['currency']}"
        parties = f"{row['issuer']} → {row['recipient']}"
        click.echo(f"{row['issued_at']}  {row['number']}  {row['kind']:<22}{amount:>22}  {parties}")


@group.command("replay-events")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The first day, in the marketplace's zone.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per notice.")
@with_appcontext
def replay_events(since: datetime | None, *, as_json: bool) -> None:
    """Take in the card gateway's notices that never arrived, of the last thirty days at most.

    Each has its effect once, however often this runs. Exits 0, 1 when the list cannot be read, 2 when no card
    gateway is configured or the day lies further back than the gateway keeps its notices.
    """
    gateway = gateways().get(Method.STRIPE)
    oldest = clock.now() - OLDEST_NOTICE
    moment = aware(since.replace(tzinfo=LOCAL_ZONE)) if since else oldest
    if gateway is None:
        raise _bad_input("no card gateway is configured: STRIPE_API_KEY is empty")
    if moment < oldest:
        raise _bad_input(f"--since: the gateway keeps notices for {OLDEST_NOTICE.days} days only")
    count = 0
    try:
        for one in replay(gateway, moment):
            count += one.new
            click.echo(json.dumps(asdict(one)) if as_json else _line(one))
    except (GatewayRefused, GatewayUnreachable) as error:
        click.echo(f"the list of notices cannot be read: {error}", err=True)
        raise SystemExit(1) from None
    if not as_json:
        click.echo(f"{count} taken in")


def _line(one: Replayed) -> str:
    known = "new  " if one.new else "known"
    return f"{known}  {one.event_id}  {one.event_type}  {one.gateway_object}  {one.status}"


def _bad_input(words: str) -> SystemExit:
    click.echo(words, err=True)
    return SystemExit(2)
