"""What happens in every story: a lot comes to market, deposits and balances arrive, title and money move."""

import re
from datetime import datetime, timedelta
from io import BytesIO

from stories.browserless import Window
from stories.cast import Changes, Player, Stage, local, reference_on

from marketplace import clock

PORTFOLIO = """\
lot_reference,lot_title,right_type,number,title,applicant,classes,filed_on,granted_on,pledgee,pledge_claim,\
loan_reference,debtor,pledgor,principal,interest,currency,reference_price,price_basis,start_price,reserve_price,\
deposit,increment,rule_pack
P-1,Vacuum interrupters,invention,CN201810512345.3,Vacuum interrupter,Example Switchgear,H01H33/664,\
2018-05-25,2020-02-11,Taishan Bank,300000.00,LOAN-1,Example Switchgear,Example Holding,250000.00,9000.00,\
CNY,200000.00,appraisal,100000.00,123456.78,20000.00,1000.00,cn-bank
P-1,,utility_model,CN201920345678.1,Spring mechanism,Example Switchgear,H01H3/30,2019-03-19,2019-11-26,,,\
LOAN-1,,,,,,,,,,,,
P-2,Circuit breakers,invention,CN201810512346.8,Circuit breaker,Example Switchgear,H01H33/664,2018-05-26,\
2020-02-12,,,,,,,,CNY,200000.00,appraisal,100000.00,,20000.00,1000.00,cn-bank
"""


def portfolio_of(bank: str = "Taishan Bank", **replaced: str) -> tuple[BytesIO, str]:
    """The file as a browser sends it."""
    text = PORTFOLIO.replace("Taishan Bank", bank)
    for before, after in replaced.items():
        text = text.replace(before, after)
    return BytesIO(text.encode()), "portfolio.csv"


def import_portfolio(officer: Player, file: tuple[BytesIO, str]) -> Window:
    """Upload, look at the preview, store."""
    officer.window.open("/portfolio").follow("/portfolio/import$").send("import", file=file)
    assert "0 refused" in officer.window.text, officer.window.words
    return officer.window.send("import")


def lot_page(player: Player, title: str) -> Window:
    """The bank's own page of the lot with a title, found in the portfolio."""
    window = player.window.open("/portfolio")
    row = rf'href="(/portfolio/lots/[0-9a-f-]{{36}})">[^<]*</a><br>{re.escape(title)}<'
    found = re.search(row, window.text)
    assert found, window.words
    return window.open(found[1])


def bring_to_market(stage: Stage, title: str, opens_at: datetime, **terms: str | None) -> str:
    """Alice completes and submits, Amy approves, Alice publishes; returns the public page's address."""
    times = {"opens_at": local(opens_at), "closes_at": local(opens_at + timedelta(hours=24))}
    lot_page(stage.alice, title).follow("/edit$").send("/edit$", **(times | terms)).send("/submit$")
    lot_page(stage.amy, title).send("/approve$")
    window = stage.alice.window.open(stage.alice.window.path).send("/publish$")
    return window.link("^/lots/[0-9a-f-]{36}$")


def schedule(stage: Stage, lot: str) -> str:
    """Alice announces the auction at the lot's own times; returns the auction's address."""
    window = stage.alice.window.open(f"{lot}/auction").follow("/schedule$").send("/schedule$")
    return window.path


def to_auction(stage: Stage, title: str, **terms: str | None) -> tuple[str, str, datetime]:
    """An imported lot on its way to the auction: the addresses of lot and auction, and the opening."""
    opens_at = clock.now() + timedelta(days=40)
    lot = bring_to_market(stage, title, opens_at, **terms)
    stage.work()
    return lot, schedule(stage, lot), opens_at


def register(stage: Stage, auction: str, *names: str) -> dict[str, str]:
    """These register, wire their deposits, Olga finds them; returns the deposit pages' addresses."""
    pages = {}
    for name in names:
        window = stage.players[name].window.open(auction).follow("/register$")
        window.send("/register$", rules_read="y")
        stage.work()
        window.open(auction).follow("/deposit$").send("/deposit", method="bank_transfer")
        pages[name] = window.path
        receive(stage, reference_on(window), "20000.00")
        assert "held" in window.open(window.path).text
    return pages


def receive(stage: Stage, reference: str, amount: str) -> None:
    """Olga finds a transfer on the bank statement."""
    desk: Changes = {
        "receipt__reference": reference,
        "receipt__amount": amount,
        "receipt__bank_reference": f"LINE-{reference}",
    }
    stage.olga.window.open("/money/desk").send("/money/desk/receipts", **desk)


def bid(player: Player, auction: str, amount: str) -> Window:
    """A bid with its two steps: the cost, then the confirmation; the room with the receipt is shown."""
    window = player.window.open(auction).send("/bids$", amount=amount)
    assert "Confirm your bid" in window.text
    window.send("/bids$")
    assert "receipt=" in window.path
    return window


def pay(stage: Stage, name: str, amount: str) -> str:
    """The winner wires the balance, Olga finds it; returns the deal's address."""
    window = stage.players[name].window.open("/deals").follow("^/deals/[0-9a-f-]{36}$")
    deal = window.path
    window.follow("/payment$").send("/payment", method="bank_transfer")
    receive(stage, reference_on(window), amount)
    stage.work()
    return deal


def declare_default(stage: Stage) -> None:
    """Olga finds nothing on the bank statement and declares the default."""
    stage.olga.window.open("/money/desk").send("/default$", reason="Nothing has arrived")
    stage.work()


def transfer_title(stage: Stage, deal: str) -> None:
    """The bank records contract and filing, the operator the register's answer."""
    for name, document in (("alice", "Contract 7"), ("alice", "Filing 8"), ("olga", "Notice 9")):
        stage.players[name].window.open(deal).send("/steps/", document_reference=document)
    stage.work()


def pay_out(stage: Stage) -> int:
    """Olga prepares, Otto approves, the bank pays; returns how many payouts there were."""
    count = 0
    while "/prepare" in stage.olga.window.open("/money/desk").text:
        stage.olga.window.send("/prepare$", reason="as settled")
        stage.otto.window.open("/money/desk").send("/approve$", reason="checked")
        count += 1
        stage.olga.window.open("/money/desk").send("/paid$", bank_reference=f"OUT-{count}")
    stage.work()
    return count
