"""Models from the record: too few fit nothing, enough are fitted, kept, checked, and weekly again."""

import json
import math
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.clock import FixedClock
from marketplace.db import atomic
from transactions import service as records
from transactions.backtest import errand
from transactions.backtest import invariants as backtest_invariants
from transactions.backtest import service as backtests
from transactions.hedonics import invariants, loading, queries, service
from transactions.hedonics.errand import Look, fit_weekly
from transactions.hedonics.models import FittedModel
from transactions.rules.facts import SaleFacts
from transactions.rules.words import AssetFamily, AssetType, Channel, ConsentTier, ProofGrade, SaleOutcome

from .offered_lots import lots
from .sale_builders import a_sale_of


def sales(count: int) -> list[SaleFacts]:
    """Offered lots as records, those without a bid too."""
    found: list[SaleFacts] = []
    for one in lots(count):
        price = round(math.exp(one.log_bid) * 100) if one.log_bid is not None else None
        found.append(
            a_sale_of(
                one.identity,
                asset_type=AssetType(one.lot.asset_type),
                outcome=SaleOutcome.SOLD if one.sold else SaleOutcome.UNSOLD,
                price_minor=price,
                start_price_minor=round(math.exp(one.log_start or 0) * 100),
                reference_price_minor=round(math.exp(one.log_start or 0) * 125),
                number_of_rights=one.lot.number_of_rights,
                sold_on=date(2022, 1, 1) + timedelta(days=4 * len(found)),
            )
        )
    return found


def holds(session: Session, checks: object) -> list[str]:
    return [problem for _, ask in checks for problem in ask(session)]  # type: ignore[attr-defined]


def test_fit_keep_and_backtest(app: Flask, session: Session, clock: FixedClock) -> None:
    look = Look()
    with atomic() as writing:
        records.append(writing, sales(40))
    assert fit_weekly(look) == 0
    too_few = app.test_cli_runner().invoke(args=["transactions", "fit", "--json"])
    facts = json.loads(too_few.output)["fits"][-1]
    assert (too_few.exit_code, facts["fitted"], facts["least_priced"]) == (1, False, 30)
    assert service.latest(session) is None
    assert backtests.try_records(session).scored == []
    session.rollback()
    with atomic() as writing:
        records.append(writing, [replaced for replaced in sales(150) if int(replaced.source_id[-3:]) >= 40])
    assert fit_weekly(look) == 0  # it has just looked
    clock.advance(hours=2)
    assert fit_weekly(look) == 1
    kept = queries.latest(session, AssetFamily.PATENT)
    assert kept is not None
    model = service.of_version(session, kept.version)
    assert model is not None
    assert (model.version, model.priced + model.unsold) == (kept.version, 150)
    assert service.latest(session) == model
    assert service.of_version(session, "0" * 64) is None
    session.rollback()
    again = app.test_cli_runner().invoke(args=["transactions", "fit", "--family", "patent"])
    assert (again.exit_code, kept.version in again.output) == (0, True), again.output
    clock.advance(days=8)
    assert fit_weekly(Look()) == 0  # nothing is new
    watch = errand.Look()
    assert errand.backtest_weekly(watch) == 1
    assert errand.backtest_weekly(watch) == 0  # it has just looked
    assert errand.backtest_weekly(errand.Look()) == 0  # nothing is new
    told = app.test_cli_runner().invoke(args=["transactions", "backtest", "--records", "--no-challenger"])
    assert "each lot was estimated from all the others" in told.output, told.output
    assert holds(session, invariants.CHECKS) + holds(session, backtest_invariants.CHECKS) == []
    _a_changed_model_is_found(session, kept)


def _a_changed_model_is_found(session: Session, kept: FittedModel) -> None:
    session.rollback()
    row = session.get(FittedModel, kept.version)
    assert row is not None
    with session.no_autoflush:
        row.document = row.document | {"sigma": 9.0}
        row.priced += 10**6
        assert any("version" in problem for problem in invariants.versions_are_digests(session))
        row.document = {"method": "?"}
        assert any("cannot be read" in problem for problem in invariants.versions_are_digests(session))
        row.number = 7
    session.rollback()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"proof_grade": ProofGrade.D}, "grade"),
        ({"currency": "USD"}, "currency"),
        ({"price_minor": None, "outcome": SaleOutcome.UNSOLD}, "no_price"),
        ({"consent_tier": ConsentTier.SEALED}, ""),
        ({"outcome": SaleOutcome.WITHDRAWN, "price_minor": None}, ""),
        ({"arms_length": False}, ""),
        ({"channel": Channel.COMPANY_TAKEOVER}, ""),
        ({"asset_type": AssetType.TRADEMARK}, ""),
    ],
)
def test_what_a_model_is_not_fitted_to(
    session: Session, changes: dict[str, object], reason: str, request: pytest.FixtureRequest
) -> None:
    if "postgresql" in request.node.name and not reason:
        return
    with atomic() as writing:
        records.append(writing, [a_sale_of(1), a_sale_of(2), a_sale_of(3, **changes)])
    loaded = loading.load(session, date(2026, 3, 1))
    assert len(loaded.observations) == 2
    assert dict(loaded.left_out) == ({reason: 1} if reason else {})


def test_foreign_prices_by_the_rate_of_the_record_and_attempts_of_one_lot(session: Session) -> None:
    rated = {"currency": "USD", "base_currency": "CNY", "rate_to_base": "7.2"}
    with atomic() as writing:
        first = records.append(writing, [a_sale_of(1), a_sale_of(2)])[0]
        records.append(writing, [a_sale_of(3, previous=first.id, **rated)])
    loaded = loading.load(session, date(2026, 3, 1))
    by_price = sorted(loaded.observations, key=lambda one: one.log_bid or 0)
    assert math.exp(by_price[-1].log_bid or 0) == pytest.approx(720_000)
    assert by_price[-1].family == str(first.id)
