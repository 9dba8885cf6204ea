"""An agency brings a buyer: mandate, offer, two persons of the bank, and its commission in the settlement."""

from datetime import timedelta

from stories import acts
from stories.browserless import Window
from stories.cast import CAST, Stage, local

from demo.cast import registration_number
from marketplace import clock


def test_an_agency_brings_a_price_and_earns_its_commission(stage: Stage) -> None:
    for name in stage.players:
        stage.players[name].sign_in()
    acts.import_portfolio(stage.alice, acts.portfolio_of())
    opens_at = clock.now() + timedelta(days=30)
    lot = acts.bring_to_market(stage, "Vacuum interrupters", opens_at)
    mandate = mandated(stage)
    offer = offered(stage, lot, opens_at)
    deal = agreed(stage, offer)
    acts.pay(stage, "carol", "154500.00")  # the price and 3 % for the agency
    acts.transfer_title(stage, deal)
    assert acts.pay_out(stage) >= 2
    settlement = stage.bob.window.open(deal).follow("/settlement$").path
    assert "4,500.00" in stage.bob.window.text  # 3 % of the price, and no other share
    assert "9,000.00" not in stage.bob.window.text
    for path in (mandate, offer, deal, settlement):
        stage.dave.window.open(path, 404)
        stage.mallory.window.open(path, 404)
    record = stage.visitor.open("/sales").follow("^/sales/[0-9a-f-]{36}$")
    assert "150,000.00" in record.text
    assert "Daizong" not in record.text
    stage.all_holds()


def mandated(stage: Stage) -> str:
    window = stage.bob.window.open("/mandates").follow("/mandates/new$")
    last_day = local(clock.now() + timedelta(days=200))[:10]
    client = registration_number(CAST["carol"][2])
    window.send("/mandates/new", client=client, commission="3.00", valid_until=last_day)
    inbox = stage.carol.window.open("/notices")
    inbox.follow(window.path).send("/accept$")
    assert "in force" in stage.bob.window.open(window.path).text
    return window.path


def offered(stage: Stage, lot: str, opens_at: object) -> str:
    """Bob offers from the lot's page; whoever must act hears of it."""
    window = stage.bob.window.open(lot).follow(r"/offers/new\?")
    choice = next(iter(_choices(window, "mandate_id")))
    expires_at = local(clock.now() + timedelta(days=5))
    window.send("/offers/new", mandate_id=choice, price="150000.00", expires_at=expires_at)
    return window.path


def _choices(window: Window, name: str) -> set[str]:
    return next(form.choices[name] for form in window.forms() if name in form.choices)


def agreed(stage: Stage, offer: str) -> str:
    """The buyer confirms where it has to, one person of the bank accepts, another approves."""
    buyer = stage.carol.window.open(offer)
    if '/confirm"' in buyer.text:
        buyer.send("/confirm$")
    stage.alice.window.open("/notices").follow(offer).send("/accept$")
    assert stage.alice.window.forge(f"{offer}/approve") == 403
    stage.amy.window.open(offer).send("/approve$")
    stage.work()
    return stage.amy.window.open(offer).link("^/deals/[0-9a-f-]{36}$")
