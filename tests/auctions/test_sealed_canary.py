"""A copy of everything and one officer's key reveal nothing: a planted amount is looked for everywhere."""

import base64
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from builders import a_person, an_institution, signed_in
from databases import Databases
from flask import Flask
from flask.testing import FlaskClient
from nacl.public import PrivateKey
from redis import Redis
from sqlalchemy import select

from auctions.live.fanout import Hub
from auctions.models import Auction, JournalEntry
from auctions.sealing import invariants
from auctions.service import recording
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.config import Config
from marketplace.db import atomic, db
from marketplace.outbox import send_due
from marketplace.parties.models import Institution, Person
from search import service as search

from .adversary import Adversary, dump, files_below, spellings
from .builders_of_auctions import a_bidder, opening
from .builders_of_sealing import SealedSale, a_sealed_sale, close

AMOUNT, REFUSED, MALFORMED = "1234567.89", "71234.57", "7654321.987"
CANARIES = spellings(AMOUNT) | spellings(REFUSED) | {b"7654321.987", b"7654321987"}
REDIS = "redis://127.0.0.1:6379/0"


@dataclass(frozen=True)
class Planted:
    """A sealed auction into which the canaries were bid over HTTP."""

    sealed: SealedSale
    alias: str
    bidder: FlaskClient
    rival_id: uuid.UUID

    @property
    def bids(self) -> str:
        return f"/api/auctions/{self.sealed.auction_id}/bids"

    def bid(self, amount: str) -> int:
        body = {"action": "bid", "amount": amount, "idempotency_key": uuid.uuid4().hex}
        return self.bidder.post(self.bids, json=body).status_code


@pytest.fixture
def planted(app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Planted:
    with atomic() as session:
        sealed = a_sealed_sale(session)
        (actor, registration), (rival, _) = (a_bidder(session, sealed.sale) for _ in range(2))
        person = session.get_one(Person, actor.person_id)
    clock.move_to(opening(sealed.sale))
    window = signed_in(app.test_client(), person)
    found = Planted(sealed, registration.alias, window, rival.person_id)
    fail(found, monkeypatch)
    assert [found.bid(amount) for amount in (AMOUNT, REFUSED, MALFORMED)] == [201, 422, 422]
    form = {"idempotency_key": uuid.uuid4().hex, "amount": AMOUNT}
    assert AMOUNT in found.bidder.post(found.bids.removeprefix("/api"), data=form).text
    return found


def fail(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bid in the middle of which the platform breaks down: its report must not hold the amount."""
    with monkeypatch.context() as broken:
        broken.setattr(recording, "sign", lambda *_: 1 / 0)
        assert planted.bid(AMOUNT) == 500


def onlookers(app: Flask, planted: Planted) -> Iterator[tuple[str, FlaskClient]]:
    """Whoever might look: the keepers' people, a regulator, a rival who bids, a visitor."""
    with atomic() as session:
        regulator = a_person(session, an_institution(session, InstitutionKind.REGULATOR), "Rita")
        people = {"regulator": regulator, "rival": session.get_one(Person, planted.rival_id)}
        for name, officer in (("bank", planted.sealed.bank[0]), ("operator", planted.sealed.operator[0])):
            institution = session.get_one(Institution, officer.actor.institution_id)
            people[name] = a_person(session, institution, name)
    yield "visitor", app.test_client()
    for name, person in people.items():
        yield name, signed_in(app.test_client(), person)


def pages(app: Flask, sealed: SealedSale, window: FlaskClient) -> Iterator[tuple[str, bytes]]:
    """Every address that can be read about the auction and its lot, and all those without an id."""
    own = {"auction_id": sealed.auction_id, "lot_id": sealed.lot_id, "sequence": 2}
    values: dict[str, object] = {**own, "institution_id": sealed.sale.bank.institution_id}
    for rule in app.url_map.iter_rules():
        streams = rule.endpoint.endswith(("events", "static"))
        if "GET" in (rule.methods or ()) and rule.arguments <= set(values) and not streams:
            with app.test_request_context():
                built = rule.build({name: values[name] for name in rule.arguments})
            if built:
                yield built[1], window.get(built[1]).data


def everywhere(app: Flask, databases: Databases) -> dict[str, bytes]:
    """Databases, index, mails: what a thief of the whole server's disk would have."""
    search.index_changed()
    send_due()
    db.session.remove()
    urls = (databases.marketplace_url, databases.transactions_url)
    settings: Config = app.extensions["settings"]
    return files_below(settings.home) | {url: dump(url).encode() for url in urls}


def betrayed(contents: dict[str, bytes]) -> list[str]:
    return [
        f"{name}: {canary!r}"
        for name, content in contents.items()
        for canary in CANARIES
        if canary in content
    ]


def test_case_12_the_amount_is_in_no_database_page_index_or_mail(
    app: Flask, planted: Planted, databases: Databases, clock: FixedClock
) -> None:
    """A sealed amount could be read before its opening by whoever looked in the right place."""
    looked = 0
    for _ in ("while bidding runs", "while it waits for the officers"):
        for name, window in onlookers(app, planted):
            seen = {f"{name} {path}": content for path, content in pages(app, planted.sealed, window)}
            assert betrayed(seen) == []
            looked += len(seen)
        assert betrayed(everywhere(app, databases)) == []
        clock.move_to(planted.sealed.closes_at)
        with atomic() as session:
            close(session, planted.sealed)
    with atomic() as session:
        planted.sealed.bank[0].contribute(session, planted.sealed.auction_id)
    assert betrayed(everywhere(app, databases)) == []
    assert looked > 300


def test_the_amount_is_in_no_log_and_no_report_of_a_failure(
    app: Flask, planted: Planted, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail(planted, monkeypatch)
    assert planted.bid(AMOUNT) == 201
    log = capsys.readouterr()
    assert ("ZeroDivisionError" in log.err, '"status": 201' in log.err) == (True, True)
    assert betrayed({"log": (log.out + log.err).encode()}) == []


def test_the_search_for_the_amount_can_go_red(app: Flask, planted: Planted, databases: Databases) -> None:
    """A planted fault: somebody keeps the amount in the auction's state."""
    with atomic() as session:
        auction = session.get_one(Auction, planted.sealed.auction_id)
        standing = {planted.alias: [123456789, *auction.state["standing"][planted.alias][1:]]}
        auction.state = {**auction.state, "standing": standing}
    assert betrayed(everywhere(app, databases)) != []
    assert invariants.nothing_known_before_the_opening(db.session()) != []


def copied(app: Flask, databases: Databases, *keys: PrivateKey) -> Adversary:
    """The adversary with a dump of both databases, everything in the configuration, and these keys."""
    settings: Config = app.extensions["settings"]
    secrets = [
        settings.receipt_key,
        base64.urlsafe_b64decode(settings.field_key),
        settings.secret_key.encode()[:32],
    ]
    copy = "\n".join(dump(url) for url in (databases.marketplace_url, databases.transactions_url))
    with app.app_context():
        sealed = select(JournalEntry.commitment).where(JournalEntry.sealed.is_not(None))
        commitments = list(db.session.scalars(sealed))
        db.session.remove()
    assert len(commitments) == 3
    return Adversary(copy, secrets, keys).knows(filter(None, commitments))


def test_a_full_copy_with_one_institutions_keys_opens_nothing(
    app: Flask, planted: Planted, databases: Databases, clock: FixedClock
) -> None:
    sealed = planted.sealed
    for keys in ([one.private_key for one in sealed.bank], [sealed.operator[0].private_key], []):
        thief = copied(app, databases, *keys)
        assert thief.opened() == set()
        assert not thief.guessed(str(sealed.auction_id), planted.alias, AMOUNT)
    clock.move_to(sealed.closes_at)
    with atomic() as session:
        close(session, sealed)
    with atomic() as session:
        sealed.bank[0].contribute(session, sealed.auction_id)
    assert copied(app, databases, sealed.bank[1].private_key).opened() == set()


def test_the_adversary_can_open_what_it_has_both_keys_of(
    app: Flask, planted: Planted, databases: Databases
) -> None:
    """Otherwise its failure would prove nothing."""
    thief = copied(app, databases, planted.sealed.bank[1].private_key, planted.sealed.operator[0].private_key)
    opened = b"".join(thief.opened())
    assert all(amount.encode() in opened for amount in (AMOUNT, REFUSED, MALFORMED))


@pytest.mark.redis
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_amount_is_never_in_redis(app: Flask, planted: Planted, tmp_path: Path) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], redis_url=REDIS)
    app.extensions["auctions.live"] = Hub(app)
    with Redis.from_url(REDIS) as server, server.pubsub() as everything:
        everything.psubscribe("*")
        assert planted.bid("1234567.89") == 201
        heard = [everything.get_message(timeout=0.5) for _ in range(5)]
        kept = {str(key): server.dump(key) or b"" for key in server.scan_iter(count=1000)}
    assert betrayed({"messages": repr(heard).encode(), **kept}) == []
