"""Canaries: strings that nobody else may read are planted; after a story, everything is searched for them."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from stories import acts
from stories.cast import PASSWORD, SEED, Stage
from stories.conftest import site  # noqa: F401 - the application as it runs
from stories.crawler import addresses, everybody_looks, ids, readable, without_numbers
from werkzeug.routing import Rule

from marketplace.audit import AuditEntry
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.notices.models import Notice
from marketplace.web import Access, declared_access
from transactions.models import TransactionRecord

# As minor units, as decimals, with thousands commas.
RESERVE = ("12345678", "123456.78", "123,456.78")
MAXIMUM = ("17777700", "177777.00", "177,777.00")
DRAFT = ("Canary breakers", "canarydebtor", "canaryreason")
SECRETS = (PASSWORD, SEED)

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def told(site: Flask, clock: FixedClock) -> Stage:  # noqa: F811
    """An auction with a secret reserve, a hidden maximum and a draft beside it, sold, paid and recorded."""
    stage = Stage(site, clock).with_cast()
    for name in ("alice", "amy", "olga", "carol", "dave"):
        stage.players[name].sign_in()
    file = acts.portfolio_of(
        **{"P-2,Circuit breakers": "P-2,Canary breakers", "20000.00,1000.00,cn-bank": "20000.00,1000.00,open"}
    )
    acts.import_portfolio(stage.alice, file)
    draft = acts.lot_page(stage.alice, "Canary breakers").follow("/edit$")
    draft.send("/edit$", description="canarydebtor owes", reserve_minor="123456.78")
    _, auction, opens_at = acts.to_auction(stage, "Vacuum interrupters", options="proxy = yes")
    acts.register(stage, auction, "carol", "dave")
    stage.at(opens_at + timedelta(minutes=1), "carol", "dave")
    maximum = stage.carol.window.open(auction).send("/maximum$", maximum="177777.00")
    maximum.send("/maximum$")
    acts.bid(stage.dave, auction, "130000.00")
    everybody_looks(stage)
    stage.later("alice", "amy", "olga", "otto", "carol", "dave", "mallory", "bob", hours=25)
    deal = acts.pay(stage, "carol", "111000.00")
    acts.pay_out(stage)
    acts.transfer_title(stage, deal)
    acts.pay_out(stage)
    everybody_looks(stage)
    stage.all_holds()
    return stage


def test_case_12_nothing_secret_gets_out(told: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    """A secret number leaked in pages, e-mail and exports: one telling for all, because it is long."""
    log = capsys.readouterr()
    assert found_in({"log": log.out + log.err}, (*RESERVE, *MAXIMUM, *DRAFT, *SECRETS)) == []
    no_page_says_it(told)
    nothing_else_says_it(told)
    what_is_foreign_looks_like_what_does_not_exist(told)


def found_in(pages: dict[str, str], canaries: tuple[str, ...]) -> list[str]:
    return [f"{path}: {canary}" for path, page in pages.items() for canary in canaries if canary in page]


def but_the_record(pages: dict[str, str]) -> dict[str, str]:
    """Without the record of the ended auction, which holds maxima so that the rules can be run again."""
    ended = ("/replay", "/record.json", "/record")
    return {path: page for path, page in pages.items() if not path.endswith(ended)}


def no_page_says_it(told: Stage) -> None:
    """A draft and a reserve leave the bank in no page, a maximum its bidder, a password nobody."""
    for name, player in told.players.items():
        pages = {path: page for path, page in player.window.seen.items() if "/edit" not in path}
        hidden = SECRETS if name in {"alice", "amy"} else (*RESERVE, *DRAFT, *SECRETS)
        assert found_in(pages, hidden) == [], name
        if name != "carol":
            assert found_in(but_the_record(pages), MAXIMUM) == [], name
    assert found_in(told.visitor.seen, (*RESERVE, *DRAFT, *SECRETS)) == []
    assert found_in(but_the_record(told.visitor.seen), MAXIMUM) == []
    assert len(told.visitor.seen) > 30
    assert any("150" in page or "131,000.00" in page for page in told.visitor.seen.values())


def nothing_else_says_it(told: Stage) -> None:
    """Search index, mails, notices, audit entries, shared records."""
    home = told.app.extensions["settings"].home
    files = [file for name in ("index", "mail") for file in (home / name).rglob("*") if file.is_file()]
    for file in files:
        content = file.read_bytes()
        for canary in (*RESERVE, *MAXIMUM, *DRAFT, *SECRETS):
            assert canary.encode() not in content, file
            assert canary.encode("utf-16-le") not in content, file
    with told.app.app_context(), atomic() as session:
        for model in (Notice, AuditEntry, TransactionRecord):
            rows = [" ".join(map(str, vars(row).values())) for row in session.scalars(select(model))]
            assert rows
            assert not [row for row in rows for canary in (*RESERVE, *MAXIMUM, *SECRETS) if canary in row], (
                model
            )


def what_is_foreign_looks_like_what_does_not_exist(told: Stage) -> None:
    """For Mallory and Bob: nothing of Taishan Bank, and no difference from a random id."""
    with told.app.app_context():
        known = ids()
        db.session.remove()
    random = {name: [uuid.uuid4()] for name in known} | {"sequence": [1]}
    compared = 0
    for window in (told.mallory.window, told.bob.window):
        for rule in readable(told.app):
            view = told.app.view_functions[rule.endpoint]
            if not rule.arguments or declared_access(view) is Access.PUBLIC:
                continue
            with told.app.test_request_context():
                paths, unknown = list(addresses(rule, known)), next(addresses(rule, random))
            for path in paths:
                compared += compare(window.client, path, unknown, rule)
    assert compared > 30


def compare(client: FlaskClient, path: str, unknown: str, rule: Rule) -> int:
    """Both refused alike; 1 when there was a 404 to compare, 0 for a role's refusal or an own object."""
    answer, other = client.get(path), client.get(unknown)
    if answer.status_code in {200, 303} and rule.endpoint in OWN_OR_PUBLIC:
        return 0
    assert answer.status_code in {403, 404}, (rule, path)
    assert answer.status_code == other.status_code, (rule, path)
    assert without_numbers(answer.text, path) == without_numbers(other.text, unknown), rule
    return 1


# Pages of their own people, of auctions and lots that are public, and the way back after a bid.
OWN_OR_PUBLIC = {
    "parties.person",
    "auctions.after_bid",
    "auctions.register",
    "auctions.claim_priority",
    "valuations.panel",
    "watching.buyers",
}
