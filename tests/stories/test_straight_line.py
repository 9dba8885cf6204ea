"""The whole road through the pages: from registration to the next valuation."""

import re
from datetime import timedelta

from flask import Flask
from stories import acts
from stories.browserless import Window
from stories.cast import CAST, PASSWORD, Stage

from demo.cast import registration_number
from marketplace import clock
from marketplace.clock import FixedClock

RESERVE = ("12345678", "123,456", "123456.78")


def test_from_registration_to_the_next_valuation(site: Flask, clock: FixedClock) -> None:
    stage = Stage(site, clock)
    everybody_comes_in(stage)
    lot = to_market(stage)
    foreign_eyes_see_nothing(stage, lot)
    deal = auctioned(stage, lot)
    settled(stage, deal)
    recorded(stage)
    stage.all_holds()


def everybody_comes_in(stage: Stage) -> None:
    """The operator by the command line, institutions by registration, colleagues by invitation."""
    number, olga = registration_number(1), stage.add("olga")
    arguments = ("--name", "Luochui Operations", "--registration-number", number, "--person-name", "Olga")
    stage.command(
        "parties", "create-operator", *arguments, "--email", olga.address, LUOCHUI_PASSWORD=PASSWORD
    )
    olga.enrol()
    for name in ("alice", "mallory", "carol", "dave", "bob"):
        registers(stage, name)
        found = re.search(rf'href="([^"]+)">{CAST[name][1]}', olga.window.open("/operator/institutions").text)
        assert found
        olga.window.open(found[1]).send("/operator/institutions/", status="verified")
        assert any("verified" in mail for mail in stage.mails_to(stage.players[name].address))
    invites(stage, "alice", "amy")
    invites(stage, "olga", "otto")


def registers(stage: Stage, name: str) -> None:
    kind, house, serial, _ = CAST[name]
    player = stage.add(name)
    player.window.open("/register").send(
        "/register",
        kind=kind.value,
        name=house,
        registration_number=registration_number(serial),
        person_name=name.title(),
        email=player.address,
        password=PASSWORD,
    )
    player.enrol()
    assert "verif" in player.window.words  # who waits is told for what


def invites(stage: Stage, administrator: str, name: str) -> None:
    """The newcomer gets a one-time password by mail, replaces it and sets up a second factor."""
    player = stage.add(name)
    window = stage.players[administrator].window.open("/institution/people")
    window.send(
        "/institution/people$",
        person_name=name.title(),
        email=player.address,
        roles=["approver"],
        language="en",
    )
    found = re.search(r"One-time password: (\S+)", stage.mails_to(player.address)[-1])
    assert found
    player.window.open("/sign-in").send("/sign-in", email=player.address, password=found[1])
    player.window.send("new-password", password=PASSWORD)
    player.window.client.delete_cookie("luochui")
    player.enrol()


def to_market(stage: Stage) -> str:
    assert "2 lots stored" in acts.import_portfolio(stage.alice, acts.portfolio_of()).text
    lot = acts.bring_to_market(stage, "Vacuum interrupters", clock.now() + timedelta(days=10))
    stage.work()
    assert lot in stage.visitor.open("/lots").text
    assert lot in stage.visitor.open("/search?q=interrupter").text
    return lot


def foreign_eyes_see_nothing(stage: Stage, lot: str) -> None:
    """Mallory of another bank gets 404 for what is Taishan Bank's; nobody outside sees reserve or draft."""
    draft = acts.lot_page(stage.alice, "Circuit breakers").path
    own = acts.lot_page(stage.alice, "Vacuum interrupters").path
    for path in (draft, own, f"{draft}/edit", f"{own}/edit", f"/lots/{draft.rsplit('/', 1)[1]}"):
        stage.mallory.window.open(path, 404)
    stage.mallory.window.open("/")
    for act in ("submit", "approve", "publish", "withdraw"):
        assert stage.mallory.window.forge(f"{draft}/{act}", reason="mine", seen_hash="0" * 64) in {403, 404}
    for window in (stage.visitor, stage.mallory.window, stage.carol.window):
        for path in (lot, "/lots", "/search?q=breaker", f"{lot}/auction", f"{lot}/comparables"):
            window.open(path)
            assert not [secret for secret in (*RESERVE, "Circuit breakers") if secret in window.text], path


def auctioned(stage: Stage, lot: str) -> str:
    auction = acts.schedule(stage, lot)
    deposits = acts.register(stage, auction, "carol", "dave")
    opens_at = clock.now() + timedelta(days=10)
    stage.mallory.window.open(deposits["carol"], 404)
    assert "register" not in stage.mallory.window.open(auction).text.casefold()
    stage.at(opens_at, "carol", "dave")
    acts.bid(stage.carol, auction, "100000.00")
    acts.bid(stage.dave, auction, "130,000.00")
    assert "outbid" in stage.carol.window.open(auction).words.casefold()
    assert "outbid" in stage.carol.window.open("/notices").words
    stage.carol.window.open(auction)
    assert stage.carol.window.send("/bids$", 422, amount="130000.00").status == 422
    receipt = acts.bid(stage.carol, auction, "150000.00").follow("/receipts/")
    assert "150,000.00" in receipt.text
    stage.dave.window.open(receipt.path, 404)
    stage.later("alice", "olga", "otto", "carol", "dave", hours=25)
    assert "150,000.00" in stage.visitor.open(auction).text
    assert "Carol" not in stage.visitor.text
    assert "won" in stage.carol.window.open("/notices").words.casefold()
    return acts.pay(stage, "carol", "130000.00")


def settled(stage: Stage, deal: str) -> None:
    assert acts.pay_out(stage) == 1  # Dave's deposit
    acts.transfer_title(stage, deal)
    assert acts.pay_out(stage) >= 1
    assert "completed" in stage.alice.window.open(deal).text
    statement = stage.alice.window.follow("/settlement$")
    assert "150,000.00" in statement.text
    stage.later("dave", "mallory")
    for name in ("dave", "mallory"):
        stage.players[name].window.open(deal, 404)
        stage.players[name].window.open(statement.path, 404)


def recorded(stage: Stage) -> None:
    """The price is public with its proof, without names, and counts in the next valuation."""
    record = stage.visitor.open("/sales").follow("^/sales/[0-9a-f-]{36}$")
    assert "150,000.00" in record.text
    assert stage.visitor.open(record.link("proof.json")).text.startswith("{")
    next_lot = acts.lot_page(stage.alice, "Circuit breakers")
    comparables = next_lot.open(next_lot.link("/comparables$"))
    assert "Vacuum interrupters" in comparables.text
    assert _without(stage.visitor, (*RESERVE, "Carol Carbon", "Dave Dynamics", "Circuit breakers"))


def _without(window: Window, secrets: tuple[str, ...]) -> bool:
    found = [(path, secret) for path, page in window.seen.items() for secret in secrets if secret in page]
    assert found == []
    return True
