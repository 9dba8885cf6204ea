"""The winner does not pay: the deposit is forfeited, and the rule pack says what becomes of the lot."""

from datetime import timedelta

from stories import acts
from stories.cast import Stage, local

from marketplace import clock


def won_and_unpaid(stage: Stage, title: str, **terms: str | None) -> tuple[str, str]:
    """Carol outbids Dave and lets the deadline pass; returns the lot's and the auction's addresses."""
    for name in ("alice", "amy", "olga", "carol", "dave"):
        stage.players[name].sign_in()
    acts.import_portfolio(stage.alice, acts.portfolio_of())
    lot, auction, opens_at = acts.to_auction(stage, title, **terms)
    acts.register(stage, auction, "carol", "dave")
    stage.at(opens_at + timedelta(minutes=1), "carol", "dave")
    acts.bid(stage.dave, auction, "140000.00")
    acts.bid(stage.carol, auction, "150000.00")
    stage.later("carol", hours=25)
    window = stage.carol.window.open("/deals").follow("^/deals/[0-9a-f-]{36}$").follow("/payment$")
    assert "130,000.00" in window.text
    stage.later("alice", "amy", "olga", "otto", "carol", "dave", days=16)
    assert "forfeited" not in stage.carol.window.open("/notices").words
    acts.declare_default(stage)
    assert "forfeited" in stage.carol.window.open("/notices").words
    return lot, auction


def test_at_a_bank_the_next_bidder_gets_the_lot(stage: Stage) -> None:
    lot, _ = won_and_unpaid(stage, "Vacuum interrupters")
    acts.pay_out(stage)
    offered = stage.dave.window.open("/notices").follow("/runner-up$")
    assert "140,000.00" in offered.text
    offered.send("/accept$")
    stage.work()
    deal = acts.pay(stage, "dave", "140000.00")  # his deposit went back after the auction
    acts.transfer_title(stage, deal)
    acts.pay_out(stage)
    assert "completed" in stage.dave.window.open(deal).text
    assert "sold" in stage.visitor.open(lot).text
    assert "140,000.00" in stage.visitor.open("/sales").text
    stage.all_holds()


def test_at_a_court_the_lot_is_auctioned_again(stage: Stage) -> None:
    lot, auction = won_and_unpaid(
        stage, "Circuit breakers", rule_pack="cn-court", start_price_minor="140000.00", reserve_minor=None
    )
    acts.pay_out(stage)
    again = stage.alice.window.open(f"{lot}/auction").follow("/procedure$")
    assert again.open(f"{lot}/auction/schedule").path.endswith("/procedure")
    opens = local(clock.now() + timedelta(days=31))
    closes = local(clock.now() + timedelta(days=32))
    entered = {"reason": "the winner did not pay", "opens_at": opens, "closes_at": closes}
    again.send("/procedure/next_auction$", **{f"next_auction__{name}": to for name, to in entered.items()})
    stage.amy.window.open(again.path).send("/approve$")
    second = stage.visitor.open(f"{lot}/auction").link("^/auctions/[0-9a-f-]{36}$")
    stage.carol.window.open(second).follow("/register$").send("/register$", 422, rules_read="y")
    assert "did not pay" in stage.carol.window.words
    assert "/deals/" not in stage.dave.window.open("/deals").text.replace("/deals/today", "")
    stage.carol.window.open(auction)
    stage.all_holds()
