"""One real lot from a bank's file to the next valuation: the demo's play, told with its figures."""

import csv
import tempfile
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

import worker
from auctions.models import Auction, JournalEntry
from demo import cast, funding, kuaibo, portfolio, script
from marketplace import clock
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.deals.models import Deal
from marketplace.language import money
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution
from search import finding
from search import rules as questions
from transactions import valuing
from transactions.disclosure.texts import description
from transactions.models import TransactionRecord

Tell = Callable[[str], None]

# Patents the bank offers beside the trademarks; the last one is the water heater.
_OFFERED = ("L003", "L004", "L006", "L007", "L011", "L053")
_BROKERED = "L004"

# They are still on offer when the play is over: their bidding is planned for days that come after it.
LATER = timedelta(days=75)


class Play:
    """The stage: the application, a clock that the play moves, and who is told.

    Each scene tells one sentence with its figures, numbered in the order in which they are played.
    """

    def __init__(self, app: Flask, fixed: FixedClock, tell: Tell) -> None:
        self.app, self.fixed, self._tell, self._scenes = app, fixed, tell, 0

    def tell(self, text: str) -> None:
        self._scenes += 1
        self._tell(f"{self._scenes:>2}. {text}")

    def command(self, *arguments: str) -> str:
        """Run a `flask` command as an operator would; its failure ends the play."""
        result = self.app.test_cli_runner().invoke(args=list(arguments))
        if result.exit_code:
            raise SystemExit(f"flask {' '.join(arguments)} failed:\n{result.output}")
        return result.output

    def tick(self) -> int:
        """Let the worker do what is due."""
        return worker.tick(self.app) + worker.watch(self.app)

    def run(self) -> None:
        """Play every scene."""
        self.people_and_portfolio()
        self.prior_sales()
        self.tell(funding.set_up())
        lot_id = self.to_market()
        self.searching()
        deal_id = self.auction(lot_id)
        self.settlement(deal_id)
        self.brokered_deal()
        self.comparables()

    def people_and_portfolio(self) -> None:
        with atomic() as session:
            cast.enrol_all(session)
            houses = session.scalar(select(func.count()).select_from(Institution))
        self.tell(f"{houses} institutions are verified; everybody has a second factor.")
        bank = cast.CAST[1].name
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "portfolio.csv"
            rights = portfolio.write(file, pledgee=bank, today=clock.now().date())
            answer = self.command("listings", "import", str(file), "--bank", bank).strip()
        self.tell(f"The bank imports {rights} pledged patents: {answer}.")

    def prior_sales(self) -> None:
        """The published sales but the one that this play brings to a close itself."""
        self.command("transactions", "load-rates", str(portfolio.DATA / "exchange_rates.csv"))
        with (portfolio.DATA / "prior_sales.csv").open(newline="") as sales:
            rows = [row for row in csv.DictReader(sales) if row["id"] != kuaibo.RECORD]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "prior_sales.csv"
            with file.open("w", newline="") as target:
                writer = csv.DictWriter(target, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
            self.command("transactions", "import-sales", str(file))
        self.tell(
            f"{len(rows)} reported sales and failures are loaded as prior sales with their proof grade."
        )

    def to_market(self) -> uuid.UUID:
        """Draft, submit, approve, publish; the water heater and other patents beside the trademarks."""
        facts = kuaibo.published()
        lot_id = kuaibo.draft("KUAIBO-TM", facts.title, facts.registrations, facts.start, facts.deposit)
        opens_at = clock.now() + timedelta(days=10)
        with atomic() as session:
            offered = select(Lot.id).where(Lot.reference.in_(_OFFERED)).order_by(Lot.reference)
            others = session.scalars(offered).all()
        script.bring_to_market(lot_id, opens_at, opens_at + timedelta(days=1))
        for number, other in enumerate(others):
            planned = opens_at + LATER + timedelta(days=number)
            script.bring_to_market(other, planned, planned + timedelta(days=1))
        self.tick()
        self.tell(f"{len(others) + 1} lots are submitted by Alice, approved by Amy and published.")
        return lot_id

    def searching(self) -> None:
        page = finding.find(db.session(), questions.read({"q": ["热水器"]}), clock.now())
        found = ", ".join(f"{lot.reference} {lot.title}" for lot in page.lots)
        self.tell(f"A search for 热水器 finds: {found}.")

    def auction(self, lot_id: uuid.UUID) -> uuid.UUID:
        """Registration, deposits, bids, the hammer; returns the deal's id."""
        facts, auction_id = kuaibo.published(), script.schedule(lot_id)
        bidders = kuaibo.enrol_bidders(facts.bidders)
        for bidder in bidders:
            script.register(auction_id, bidder)
        self.tick()
        held = script.wire_deposits({bidder.institution_id: bidder for bidder in bidders})
        self.tell(f"{held} bidders register; {held} deposits of {facts.deposit:,} yuan are held.")
        with atomic() as session:
            auction = session.get_one(Auction, auction_id)
            opens_at, closes_at = auction.opens_at, auction.closes_at
        if closes_at is None:
            raise AssertionError("an English auction has an end")
        kuaibo.bid_to_the_close(auction_id, bidders, self.fixed, opens_at, closes_at)
        return self._hammer(auction_id)

    def _hammer(self, auction_id: uuid.UUID) -> uuid.UUID:
        with atomic() as session:
            end = session.get_one(Auction, auction_id).closes_at
        if end is None:
            raise AssertionError("an English auction has an end")
        self.fixed.move_to(end)
        self.tick()
        with atomic() as session:
            auction = session.get_one(Auction, auction_id, populate_existing=True)
            entries = session.scalar(
                select(func.count()).where(JournalEntry.auction_id == auction_id)  # receipts, one for each
            )
            deal = session.scalars(select(Deal).where(Deal.source_id == auction_id)).one()
            self.tell(
                f"{auction.bid_count} bids from {money(auction.lot.start_price_minor, 'CNY')}; the hammer "
                f"falls at {money(auction.price_minor, 'CNY')}; {entries} signed receipts in the journal."
            )
            return deal.id

    def settlement(self, deal_id: uuid.UUID) -> None:
        """Balance, title, waterfall, payouts, record."""
        carol = script.actor("carol")
        returned = script.pay_out()
        due = script.pay_balance(deal_id, carol)
        self.tick()
        rest = money(due, "CNY")
        self.tell(f"{len(returned)} losers get their deposits back; the winner's is applied, {rest} paid.")
        self.fixed.advance(days=20)
        script.transfer_title(deal_id)
        self.tick()
        paid = script.pay_out()
        self.tick()
        parts = "; ".join(f"{payee} {money(minor, currency)}" for payee, minor, currency in paid)
        self.tell(
            f"Title is transferred in three recorded steps and the money released by two persons: {parts}."
        )
        self._recorded()

    def _recorded(self) -> None:
        self.tick()
        with atomic() as session:
            latest = session.scalars(
                select(TransactionRecord).order_by(TransactionRecord.leaf_index.desc()).limit(1)
            ).one()
            self.tell(
                f"The sale is record number {latest.leaf_index + 1} of the shared database, proof grade "
                f"{latest.proof_grade}, under a signed root."
            )

    def brokered_deal(self) -> None:
        """The same road for a price that an agency brings."""
        with atomic() as session:
            lot = session.scalars(select(Lot).where(Lot.reference == _BROKERED)).one()
            lot_id, price = lot.id, (lot.start_price_minor or 0) * 11 // 10
        deal_id = script.broker(lot_id, price)
        self.tick()
        script.pay_balance(deal_id, script.actor("carol"))
        self.tick()
        script.transfer_title(deal_id)
        self.tick()
        paid = script.pay_out()
        self.tick()
        parts = "; ".join(f"{payee} {money(minor, currency)}" for payee, minor, currency in paid)
        self.tell(
            f"Agency Bob brings {money(price, 'CNY')} for {_BROKERED}; accepted, approved, paid: {parts}."
        )

    def comparables(self) -> None:
        """What the record says about the next trademark lot."""
        lot_id = kuaibo.draft("TM-2", "演示商标一批（200项）", 200, 20_000, 2_000)
        with atomic() as session:
            valuation = valuing.value_lot(session, session.get_one(Lot, lot_id))
            near = [valuation.views[one.candidate.identity] for one in valuation.comparison.comparables]
            prices = [money(view.facts.price_minor, view.facts.currency) for view in near]
            names = [view.facts.title or description(view) for view in near]
            titles = "; ".join(f"{name} at {price}" for name, price in zip(names, prices, strict=True))
            self.tell(
                f"Comparables of the next trademark lot: {titles} (verdict: {valuation.comparison.verdict})."
            )
