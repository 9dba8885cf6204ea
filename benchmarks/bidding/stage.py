"""What measuring bidding needs in the database: a bank, buyers with people who are signed in, auctions."""

import base64
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, g
from flask import session as cookie_session
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from auctions import service
from auctions.models import Registration
from auctions.rules import Options, Terms
from auctions.service.scheduling import add_auction
from marketplace import clock, config, rule_packs
from marketplace.access import InstitutionKind, Role
from marketplace.db import atomic, db
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.money import decimal_text
from marketplace.parties.models import Institution, Person, SignIn
from marketplace.parties.rules import InstitutionStatus
from marketplace.parties.service.sign_ins import token_hash
from migrations.commands import upgrade_all
from wsgi import create_app

START, STEP = 10_000_000, 100_000


@dataclass(frozen=True)
class Bidder:
    """One signed-in person as the load generator needs it: the cookie and the token of its forms."""

    cookie: str
    csrf: str


def environment(home: Path, database_url: str) -> dict[str, str]:
    """The variables of a marketplace of its own under `home`; an empty URL means SQLite."""
    key = base64.urlsafe_b64encode(bytes(range(32))).decode()
    variables = {
        "LUOCHUI_HOME": str(home),
        "SECRET_KEY": "only-for-benchmarks-" * 2,
        "RECEIPT_KEY": key,
        "FIELD_KEY": key,
        "SECURE_COOKIES": "no",
        "MARKETPLACE_NAME": "benchmark",
        "TRANSACTIONS_URL": f"sqlite:///{home / 'transactions.sqlite'}",
    }
    return {**variables, "DATABASE_URL": database_url} if database_url else variables


@contextmanager
def application(variables: dict[str, str]) -> Iterator[Flask]:
    """The application with its context pushed and its databases made."""
    app = create_app(config.from_environment(variables))
    with app.app_context():
        upgrade_all()
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def terms(opens_at: datetime) -> Terms:
    """An English auction of a week, raised by 1,000.00 CNY."""
    return Terms(
        auction_format="english",
        pack=rule_packs.load("open"),
        currency="CNY",
        start_price=START,
        increment=STEP,
        reserve_price=None,
        reference_price=None,
        deposit=None,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=7),
        options=Options(),
    )


def amount(number: int) -> str:
    """The amount of the bid with this number, so that each is one raise above the one before."""
    return decimal_text(START + number * STEP, "CNY")


def institution(session: Session, kind: InstitutionKind) -> Institution:
    """A verified institution."""
    name = uuid.uuid4().hex
    row = Institution(
        kind=kind,
        status=InstitutionStatus.VERIFIED,
        name=name,
        registration_number=name,
        registered_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def open_auctions(count: int, buyers: list[Institution]) -> list[uuid.UUID]:
    """So many running auctions, in each of which every buyer may bid."""
    now = clock.now()
    with atomic() as session:
        bank = institution(session, InstitutionKind.BANK)
        auctions = []
        for number in range(count):
            auction = add_auction(session, _lot(session, bank, number), terms(now - timedelta(seconds=1)), 1)
            auctions.append(auction.id)
            for place, buyer in enumerate(buyers):
                registration = Registration(auction_id=auction.id, institution_id=buyer.id)
                registration.alias, registration.registered_at = f"B{place:03}", now
                registration.admitted = registration.deposit_held = True
                session.add(registration)
        session.flush()
        while service.open_due(session):
            pass
    return auctions


def _lot(session: Session, bank: Institution, number: int) -> Lot:
    lot = Lot(
        institution_id=bank.id,
        reference=f"benchmark {number}",
        title="benchmark",
        status=LotStatus.PUBLISHED,
        currency="CNY",
        rule_pack="open",
        rule_pack_version="1",
        drafted_at=clock.now(),
        changed_at=clock.now(),
    )
    session.add(lot)
    session.flush()
    return lot


def buyers(count: int) -> list[Institution]:
    """So many verified buyers."""
    with atomic() as session:
        return [institution(session, InstitutionKind.BUYER) for _ in range(count)]


def bidders(app: Flask, houses: list[Institution], people_each: int) -> list[Bidder]:
    """People of the buyers, signed in; neighbours in the list belong to different buyers."""
    found = []
    with atomic() as session:
        for number in range(people_each * len(houses)):
            token = _sign_in(session, houses[number % len(houses)], number)
            found.append(_browser(app, token))
    return found


def _sign_in(session: Session, house: Institution, number: int) -> str:
    token, now = secrets.token_urlsafe(16), clock.now()
    person = Person(
        institution_id=house.id,
        email=f"{number}.{token.lower()}@example.com",
        name=f"Person {number}",
        password_hash="!",  # noqa: S106 - no password verifies against it
        roles=[str(role) for role in (Role.OFFICER, Role.APPROVER)],
        second_factor_secret="!",  # noqa: S106
        language="en",
        registered_at=now,
    )
    session.add(person)
    session.flush()
    row = SignIn(token_hash=token_hash(token), person_id=person.id, signed_in_at=now, last_seen_at=now)
    row.second_factor_at = now
    session.add(row)
    return token


def _browser(app: Flask, token: str) -> Bidder:
    """What a browser would hold after signing in."""
    with app.test_request_context():
        g.pop("csrf_token", None)  # the context outlives this request, and the token would too
        cookie_session["_user_id"] = token
        csrf = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        value = signer.dumps(dict(cookie_session))
    return Bidder(f"{app.config['SESSION_COOKIE_NAME']}={value}", csrf)
