"""Sales to compare with, a bank with a lot to be valued, and its people at their browsers."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from builders import a_lot, a_person, actor_for, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Role
from marketplace.db import atomic
from marketplace.listings.models import DefaultCase, Lot
from marketplace.parties.models import Institution, Person
from transactions import service as record
from transactions.hedonics.method import METHOD
from transactions.hedonics.model import Chance, HedonicModel, Terms
from transactions.hedonics.models import FittedModel
from transactions.models import TransactionRecord

from ..sale_builders import a_sale_of  # noqa: TID252 -- the builders of the package above

BOTH = frozenset({Role.OFFICER, Role.APPROVER})


def sales(count: int, **changes: Any) -> Sequence[TransactionRecord]:
    """So many sales of like inventions in 2024 and 2025, 100,000.00 CNY and more."""
    with atomic() as session:
        return record.append(
            session,
            [
                a_sale_of(
                    f"{changes.get('title', 'sale')}-{number}",
                    **{
                        "sold_on": date(2025, 6, 1) - timedelta(days=20 * number),
                        "price_minor": 100_000_00 + number * 10_000_00,
                        **changes,
                    },
                )
                for number in range(count)
            ],
        )


def a_bank() -> tuple[Institution, Person, Actor]:
    """A bank with one person who may do everything."""
    with atomic() as session:
        bank = an_institution(session, InstitutionKind.BANK)
        alice = a_person(session, bank, "Alice", BOTH)
        return bank, alice, actor_for(alice, bank)


def a_lot_of(bank: Institution, *, claim_minor: int | None = None, **changes: Any) -> Lot:
    """A lot of the bank; with a claim it is sold for a failed loan."""
    with atomic() as session:
        if claim_minor is not None:
            case = DefaultCase(
                institution_id=bank.id,
                reference=f"C-{claim_minor}-{len(changes)}-{changes.get('reference', '')}",
                debtor="Taishan Motors",
                pledgor="Taishan Motors",
                currency="CNY",
                principal_minor=claim_minor,
                interest_minor=0,
                penalty_minor=0,
                damages_minor=0,
                costs_minor=0,
                opened_at=clock.now(),
            )
            session.add(case)
            session.flush()
            changes["default_case_id"] = case.id
        return a_lot(session, bank, **changes)


def browser_of(app: Flask, person: Person) -> FlaskClient:
    """A browser in which the person has signed in."""
    return signed_in(app.test_client(), person)


def a_model(**changes: Any) -> HedonicModel:
    """A model made by hand: 120,000 CNY for anything, half of it sold at 100,000."""
    scores = tuple(step / 20 - 1 for step in range(41))
    values: dict[str, Any] = {
        "method": METHOD,
        "currency": "CNY",
        "cut_off": date(2026, 2, 1),
        "data_digest": "0" * 64,
        "priced": 200,
        "unsold": 50,
        "price": Terms(round(math.log(120_000), 6), measures={"log_rights": 0.8}, levels={"2025-Q1": 0.05}),
        "start": Terms(round(math.log(90_000), 6)),
        "signal": 0.3,
        "start_spread": 0.4,
        "sigma": 0.5,
        "means": {"log_rights": 0.0},
        "spreads": {"log_rights": 1.0},
        "lots": {},
        "errors": {"constant": 0.05},
        "scores": {"": scores},
        "penalties": {"terms": 0.2, "groups": 8.0, "steps": 60.0},
        "chance": Chance(learned=True),
    }
    return HedonicModel(**(values | changes))


def keep_model(model: HedonicModel, number: int = 1) -> None:
    """As the weekly errand keeps one."""
    with atomic() as session:
        session.add(
            FittedModel(
                version=model.version,
                number=number,
                data_digest=model.data_digest,
                method=model.method,
                family=model.family,
                currency=model.currency,
                priced=model.priced,
                unsold=model.unsold,
                cut_off=model.cut_off,
                tree_size=0,
                document=model.to_json(),
                fitted_at=clock.now(),
            )
        )
