"""The pages of sealed bids: from the officers' keys to the opened bids with their proofs."""

import io
import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from builders import a_lot, a_person, an_institution, signed_in
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from auctions.scenarios.stand_ins import StandIn, appoint_officer
from auctions.sealing import ceremony
from auctions.sealing.__main__ import tool
from auctions.sealing.queries import keys_of
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.parties.models import Institution, Person

from .builders_of_auctions import a_bidder, bid, opening
from .builders_of_sealing import SealedSale, a_sealed_sale, close

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def as_officer(app: Flask, officer: StandIn) -> FlaskClient:
    return signed_in(app.test_client(), db.session.get_one(Person, officer.actor.person_id))


@pytest.fixture
def sealed(app: Flask, clock: FixedClock) -> SealedSale:
    with atomic() as session:
        return a_sealed_sale(session)


def one_bid(sealed: SealedSale, clock: FixedClock, amount: str = "345678.90") -> None:
    with atomic() as session:
        carol, _ = a_bidder(session, sealed.sale)
    clock.move_to(opening(sealed.sale))
    with atomic() as session:
        bid(session, carol, sealed.sale, amount)


def test_an_officer_adds_a_key_and_a_colleague_confirms_it(
    app: Flask, sealed: SealedSale, tmp_path: Path
) -> None:
    with atomic() as session:
        bank = session.get_one(Institution, sealed.bank[0].actor.institution_id)
        holder, colleague = a_person(session, bank, "Alice"), a_person(session, bank, "Amy")
    alice, amy = signed_in(app.test_client(), holder), signed_in(app.test_client(), colleague)
    made = CliRunner().invoke(
        tool,
        [
            "make-opening-key",
            "--holder",
            "Alice",
            "--out",
            str(tmp_path / "my.json"),
            "--passphrase",
            "x" * 20,
        ],
    )
    assert made.exit_code == 0, made.output

    def add(file: str, last_day: str = "2027-01-31") -> Any:
        data = {"first_day": "2026-03-02", "last_day": last_day, "public_half": (tmp_path / file).open("rb")}
        return alice.post("/opening-keys", data=data)

    assert "This is your private file" in add("my.json").text
    assert "The last day must lie in the future" in add("my.public.json", "2026-01-01").text
    assert add("my.public.json").status_code == 303
    assert add("my.public.json").status_code == 409
    printed = made.output.split("fingerprint")[1].split()
    assert " ".join(printed) in amy.get("/opening-keys").text
    with atomic() as session:
        key = next(key for key in keys_of(session, bank.id) if key.person_id == holder.id)
    assert alice.post(f"/opening-keys/{key.id}/confirm").status_code == 403
    assert amy.post(f"/opening-keys/{key.id}/confirm").status_code == 303
    assert amy.post(f"/opening-keys/{key.id}/confirm").status_code == 409
    assert amy.post(f"/opening-keys/{key.id}/withdraw", data={"reason": "lost"}).status_code == 303
    assert "(lost)" in alice.get("/opening-keys").text
    foreign = as_officer(app, sealed.operator[0])
    assert foreign.post(f"/opening-keys/{key.id}/withdraw", data={"reason": "x"}).status_code == 404
    assert " ".join(printed) not in foreign.get("/opening-keys").text


def test_the_officers_open_in_the_browser_and_with_the_tool(
    app: Flask, client: FlaskClient, sealed: SealedSale, clock: FixedClock
) -> None:
    one_bid(sealed, clock)
    path = f"/auctions/{sealed.auction_id}/opening"
    page = client.get(path).text
    assert "How many have bid is not shown" in page
    assert "Key" in page
    clock.advance(days=1)
    with atomic() as session:
        close(session, sealed)
    page = client.get(path).text
    assert "awaiting opening by two officers" in page
    assert re.search(r'<code class="hash whole">[0-9a-f]{64}</code>', page)
    for officer in (sealed.bank[0], sealed.operator[1]):
        browser = as_officer(app, officer)
        assert "Take part in the opening" in browser.get(path).text
        file = json.loads(browser.get(f"/auctions/{sealed.auction_id}/opening-file").text)
        content = json.dumps(ceremony.contribute(file, officer.private_key)).encode()
        nonsense = browser.post(path, data={"contribution": (io.BytesIO(b"[[["), "c.json")})
        assert (nonsense.status_code, "not a contribution" in nonsense.text) == (422, True)
        answer = browser.post(path, data={"contribution": (io.BytesIO(content), "c.json")})
        assert answer.status_code == 303, answer.text
    page = client.get(path).text
    assert "345,678.90" in page
    command = re.search(
        r"printf &#39;%s&#39; &#39;(.*?)&#39; \| sha256sum|printf '%s' '(.*?)' \| sha256sum", page
    )
    assert command is not None
    said = next(filter(None, command.groups())).replace("&#34;", '"')
    assert sha256(said.encode()).hexdigest() in page
    assert "345,678.90" in client.get(f"/auctions/{sealed.auction_id}/journal").text
    assert "345,678.90" in client.get(f"/auctions/{sealed.auction_id}").text
    bids = client.get(f"/api/auctions/{sealed.auction_id}/bids").get_json()["bids"]
    assert [one["amount"] for one in bids] == ["345678.90"]


def test_strangers_and_bidders_take_no_part(
    app: Flask, client: FlaskClient, sealed: SealedSale, clock: FixedClock
) -> None:
    one_bid(sealed, clock)
    clock.advance(days=1)
    with atomic() as session:
        close(session, sealed)
    path = f"/auctions/{sealed.auction_id}/opening"
    assert "Take part" not in client.get(path).text
    assert client.post(path).status_code == 401
    assert client.get(f"{path}-file").status_code == 303
    assert client.get("/auctions/00000000-0000-0000-0000-000000000007/opening").status_code == 404


def test_a_bidder_sees_its_amount_and_salt_once(app: Flask, sealed: SealedSale, clock: FixedClock) -> None:
    with atomic() as session:
        carol, _ = a_bidder(session, sealed.sale)
        person = session.get_one(Person, carol.person_id)
    clock.move_to(opening(sealed.sale))
    browser = signed_in(app.test_client(), person)
    path = f"/auctions/{sealed.auction_id}/bids"
    form = {"idempotency_key": "carols-bid-1", "amount": "345678.90"}
    asked = browser.post(path, data=form).text
    salt = re.search(r'name="salt" value="([0-9a-f]{64})"', asked)
    assert salt is not None
    confirmed = form | {"salt": salt[1], "confirmed": "yes", "seen_price": ""}
    seen = re.search(r'name="seen_price" value="([^"]*)"', asked)
    confirmed["seen_price"] = seen[1] if seen else ""
    answer = browser.post(path, data=confirmed)
    assert (answer.status_code, "Your bid is sealed" in answer.text) == (200, True)
    assert (salt[1] in answer.text, "345,678.90" in answer.text) == (True, True)
    assert answer.headers["Cache-Control"] == "no-store"
    again = browser.post(path, data=confirmed)
    assert again.text.count(salt[1]) == answer.text.count(salt[1])
    for page in (f"/auctions/{sealed.auction_id}", f"/auctions/{sealed.auction_id}/receipts/1"):
        text = browser.get(page).text
        assert ("345,678.90" in text, "345678.90" in text, salt[1] in text) == (False, False, False)


def test_the_api_seals_and_answers_with_the_salt_once(
    app: Flask, sealed: SealedSale, clock: FixedClock
) -> None:
    with atomic() as session:
        carol, _ = a_bidder(session, sealed.sale)
        person = session.get_one(Person, carol.person_id)
    clock.move_to(opening(sealed.sale))
    api = signed_in(app.test_client(), person)
    path = f"/api/auctions/{sealed.auction_id}/bids"
    body = {"action": "bid", "amount": "345678.90", "idempotency_key": "carols-bid-1"}
    first, again = api.post(path, json=body), api.post(path, json=body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.get_json()["amount"], len(first.get_json()["salt"])) == ("345678.90", 64)
    assert (again.get_json()["amount"], "salt" in again.get_json()) == (None, False)
    changed = body | {"salt": first.get_json()["salt"], "amount": "345678.91"}
    assert api.post(path, json=changed).status_code == 409
    assert api.post(path, json=body | {"salt": 7, "idempotency_key": "carols-bid-2"}).status_code == 422
    receipt = api.get(f"/api/auctions/{sealed.auction_id}/receipts/1").get_json()
    assert (receipt["amount"], len(receipt["commitment"]), len(receipt["sealed"])) == (None, 64, 64)


def test_the_seller_chooses_the_second_keeper(app: Flask, sealed: SealedSale, clock: FixedClock) -> None:
    with atomic() as session:
        bank = session.get_one(Institution, sealed.bank[0].actor.institution_id)
        regulator = an_institution(session, InstitutionKind.REGULATOR, "Notary Office")
        keyless = an_institution(session, InstitutionKind.OPERATOR, "Without a key")
        appoint_officer(session, regulator)
        options = {"auction_format": "sealed", "options": {"pricing": "first"}, "increment_minor": None}
        lot = a_lot(session, bank, rule_pack="open", reserve_minor=None, deposit_minor=None, **options)
    browser = as_officer(app, sealed.bank[0])
    form = browser.get(f"/lots/{lot.id}/auction/schedule").text
    assert ("Notary Office" in form, "Without a key" in form) == (True, False)
    dates = {"opens_at": "2026-03-05T10:00", "closes_at": "2026-03-06T10:00"}
    path = f"/lots/{lot.id}/auction/schedule"
    wrong = browser.post(path, data=dates | {"custodian_id": str(keyless.id)})
    assert wrong.status_code == 422
    answer = browser.post(path, data=dates | {"custodian_id": str(regulator.id)})
    assert answer.status_code == 303, answer.text
    assert "Notary Office" in browser.get(f"{answer.headers['Location']}/opening").text
