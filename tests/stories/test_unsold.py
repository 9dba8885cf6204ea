"""What does not sell is recorded too: nobody came, or the reserve was not met and stays a secret."""

from datetime import timedelta

from stories import acts
from stories.cast import Stage

RESERVE = ("12345678", "123,456", "123456.78")


def prepared(stage: Stage, title: str) -> tuple[str, str]:
    """The lot's and the auction's addresses; carol is registered for it and the bidding has just opened."""
    for name in ("alice", "amy", "olga", "carol"):
        stage.players[name].sign_in()
    acts.import_portfolio(stage.alice, acts.portfolio_of())
    lot, auction, opens_at = acts.to_auction(stage, title)
    acts.register(stage, auction, "carol")
    stage.at(opens_at + timedelta(minutes=1), "alice", "carol")
    return lot, auction


def ended_unsold(stage: Stage, lot: str, auction: str) -> str:
    """The end comes; the seller is asked how to go on; returns the public record's page."""
    stage.later("alice", "olga", "otto", "mallory", hours=25)
    assert "not sold" in stage.visitor.open(auction).words.casefold()
    assert "not sold" in stage.visitor.open(lot).words.casefold()
    assert auction in stage.alice.window.open("/notices").text
    assert acts.pay_out(stage) == 1  # the deposit goes back
    record = stage.visitor.open("/sales").follow("^/sales/[0-9a-f-]{36}$")
    assert "not sold" in record.words.casefold()
    stage.all_holds()
    return record.words


def test_without_a_bid_the_failure_is_recorded(stage: Stage) -> None:
    lot, auction = prepared(stage, "Circuit breakers")
    record = ended_unsold(stage, lot, auction)
    assert "100,000.00" in record  # the start price at which nobody came


def test_below_the_reserve_the_best_bid_is_recorded_and_the_reserve_nowhere(stage: Stage) -> None:
    lot, auction = prepared(stage, "Vacuum interrupters")
    acts.bid(stage.carol, auction, "110000.00")
    record = ended_unsold(stage, lot, auction)
    assert "110,000.00" in record
    for path in (lot, auction, f"{auction}/journal", f"/api{auction}", f"/api{auction}/bids", "/sales.csv"):
        stage.visitor.open(path)
    for window in (stage.visitor, stage.carol.window, stage.olga.window, stage.mallory.window):
        found = [path for path, page in window.seen.items() for secret in RESERVE if secret in page]
        assert found == []
    assert RESERVE[1] in acts.lot_page(stage.alice, "Vacuum interrupters").text
