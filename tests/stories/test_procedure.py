"""What follows when nobody buys: the ladder of a court's rules, redemption by the debtor, withdrawal."""

import re
from datetime import timedelta
from typing import Any

from stories import acts
from stories.browserless import Window
from stories.cast import Stage, local

from marketplace import clock

COURT: dict[str, str | None] = {
    "rule_pack": "cn-court",
    "start_price_minor": "140000.00",
    "reserve_minor": None,
    "deposit_minor": "20000.00",
}


def on_the_market(stage: Stage, **terms: str | None) -> tuple[str, str, str]:
    """A pledged lot under a court's rules with its first auction announced: lot, auction, procedure page."""
    for name in ("alice", "amy", "olga", "otto", "carol"):
        stage.players[name].sign_in()
    acts.import_portfolio(stage.alice, acts.portfolio_of())
    lot, auction, _ = acts.to_auction(stage, "Vacuum interrupters", **(COURT | terms))
    procedure = acts.lot_page(stage.alice, "Vacuum interrupters").link("/procedure$")
    return lot, auction, procedure


def pass_over(stage: Stage, hours: float) -> None:
    stage.later("alice", "amy", "olga", "otto", "carol", hours=hours)


def attempt(kind: str, days: int, start: str, length: timedelta = timedelta(hours=24)) -> dict[str, Any]:
    """What to enter for another attempt that opens in so many days."""
    opens = clock.now() + timedelta(days=days)
    entered = {"start_price_minor": start, "opens_at": local(opens), "closes_at": local(opens + length)}
    return {f"{kind}__{name}": value for name, value in (entered | {"reason": "nobody came"}).items()}


def propose(stage: Stage, procedure: str, kind: str, status: int = 200, **entered: Any) -> Window:
    return stage.alice.window.open(procedure).send(f"/procedure/{kind}$", status, **entered)


def approve(stage: Stage, procedure: str) -> Window:
    return stage.amy.window.open(procedure).send("/approve$")


def auction_of(stage: Stage, lot: str) -> str:
    return stage.visitor.open(f"{lot}/auction").link("^/auctions/[0-9a-f-]{36}$")


def test_the_whole_ladder_down_to_the_creditor(stage: Stage) -> None:
    lot, first, procedure = on_the_market(stage)
    pass_over(stage, 24 * 42)
    assert "no buyer" in stage.alice.window.open(procedure).words
    refused = propose(stage, procedure, "next_auction", 422, **attempt("next_auction", 16, "111999.99"))
    assert "112,000.00" in refused.words
    assert "法释〔2016〕18号 art. 26" in refused.words
    early = propose(stage, procedure, "next_auction", 422, **attempt("next_auction", 14, "112000.00"))
    assert "The notice is too short" in early.words
    propose(stage, procedure, "next_auction", **attempt("next_auction", 16, "112000.00"))
    assert stage.alice.window.forge(f"{procedure}/next_auction") in {409, 422}
    approve(stage, procedure)
    second = auction_of(stage, lot)
    assert second != first
    pass_over(stage, 24 * 18)
    propose(stage, procedure, "sale_off", **attempt("sale_off", 16, "112000.00", timedelta(days=60)))
    approve(stage, procedure)
    assert auction_of(stage, lot) not in {first, second}
    pass_over(stage, 24 * 78)
    page = stage.alice.window.open(procedure)
    assert not re.search("/procedure/(next_auction|sale_off)", page.text)
    taken(stage, procedure)
    settled(stage, lot)


def taken(stage: Stage, procedure: str) -> None:
    """The creditor takes the right at the reserve; its claim is larger, so only the costs are paid in."""
    entered: dict[str, Any] = {
        "taking__cost": "1500.00",
        "taking__cost_payee": "Publisher",
        "taking__reason": "no buyer",
    }
    assert "112,000.00" in propose(stage, procedure, "taking", **entered).words
    deal = re.search(r"/deals/[0-9a-f-]{36}", stage.alice.window.open("/deals").text)
    assert deal is None
    assert "taking by the creditor" not in stage.amy.window.open(procedure).words
    approve(stage, procedure)
    stage.work()


def settled(stage: Stage, lot: str) -> None:
    deal = stage.alice.window.open("/deals").follow("^/deals/[0-9a-f-]{36}$").path
    payment = stage.alice.window.follow("/payment$")
    assert "110,500.00" in payment.words
    assert "1,500.00" in payment.words
    acts.pay(stage, "alice", "1500.00")
    acts.transfer_title(stage, deal)
    assert acts.pay_out(stage) == 1
    assert "completed" in stage.alice.window.open(deal).words
    statement = stage.alice.window.follow("/settlement$").words
    assert "110,500.00" in statement
    assert "sold" in stage.visitor.open(lot).words
    record = stage.visitor.open("/sales").follow("^/sales/[0-9a-f-]{36}$")
    assert "Taken by the creditor" in record.words
    assert "112,000.00" in record.words
    timeline = stage.visitor.open(f"{lot}/procedure").words
    assert "Attempt 3" in timeline
    assert "Alice" not in timeline
    stage.all_holds()


def test_the_debtor_redeems_before_the_day_of_the_sale(stage: Stage) -> None:
    lot, auction, procedure = on_the_market(stage)
    deposits = acts.register(stage, auction, "carol")
    debt: dict[str, Any] = {"redemption__price": "258999.99", "redemption__paid_on": local(clock.now())[:10]}
    proof: dict[str, Any] = {"redemption__document": "Receipt 77", "redemption__reason": "the debtor paid"}
    short = propose(stage, procedure, "redemption", 422, **debt, **proof)
    assert "259,000.00" in short.words
    whole = debt | {"redemption__price": "259000.00"}
    propose(stage, procedure, "redemption", **whole, **proof)
    assert stage.alice.window.forge(f"{procedure}/redemption") in {409, 422}
    approve(stage, procedure)
    stage.work()
    assert "has been paid: it is not sold" in stage.carol.window.open("/notices").words
    assert "the debtor paid" in stage.visitor.open(auction).words
    assert acts.pay_out(stage) == 1
    assert "released" in stage.carol.window.open(deposits["carol"]).words
    stage.visitor.open(lot, 404)
    pass_over(stage, 24 * 42)
    stage.all_holds()


def test_a_withdrawal_says_why_and_who_bears_the_cost(stage: Stage) -> None:
    lot, auction, procedure = on_the_market(stage)
    acts.register(stage, auction, "carol")
    own = acts.lot_page(stage.alice, "Vacuum interrupters").path
    assert stage.alice.window.forge(f"{own}/withdraw", reason="alone") == 409
    why: dict[str, Any] = {"withdrawal__reason": "the court asked for it", "withdrawal__cost": "300.00"}
    assert "Say who gets" in propose(stage, procedure, "withdrawal", 422, **why).words
    propose(stage, procedure, "withdrawal", **why, withdrawal__cost_payee="Publisher")
    refused = stage.amy.window.open(procedure).send("/refuse$", reason="not yet")
    assert "not yet" in refused.words
    propose(stage, procedure, "withdrawal", **why, withdrawal__cost_payee="Publisher")
    approve(stage, procedure)
    stage.work()
    page = stage.alice.window.open(procedure).words
    assert "300.00" in page
    assert "borne by the seller" in page
    assert "has been withdrawn by its seller" in stage.carol.window.open("/notices").words
    assert acts.pay_out(stage) == 1
    stage.visitor.open(lot, 404)
    stage.all_holds()
