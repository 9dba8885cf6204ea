"""The gateway's notices: signed, once, in any order; what never arrived is found, what is foreign refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import stripe_fake
import structlog
from builders import signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from stripe_fake import StripeFake
from stripe_fake.answers import DAY, clock_seconds

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, Refused
from marketplace.parties.models import Person
from payments import commands, service
from payments.gateways import GatewayNotice, registry
from payments.gateways.stripe import StripeGateway
from payments.models import GatewayCall, GatewayEvent
from payments.rules import CallVerb, DepositStatus, EventStatus, Method, Reason
from payments.service import events

from .card_scene import SAVED, a_notice, choose_card, gateways, poster, with_card_deposits
from .scene import a_bidder, a_scene, bid, close_auction, deposit_of, open_auction, work

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def noted(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(commands.group, ["replay-events", *arguments])


def kept() -> list[str]:
    with atomic() as session:
        return list(session.scalars(select(GatewayEvent.event_id)))


@pytest.mark.parametrize(
    "changed",
    [
        {"livemode": True},
        {"account": "acct_other"},
        {"created": 0},
        {"created": clock_seconds() * 2},
        {"created": None},
        {"data": None},
        {"object": "invoice"},
    ],
    ids=["live", "another account", "years old", "from the future", "undated", "empty", "no event"],
)
def test_what_is_not_ours_or_not_of_now_is_refused(
    app: Flask, client: FlaskClient, fake: StripeFake, changed: dict[str, Any]
) -> None:
    registry.install(app, gateways(fake))
    body = a_notice("evt_1", "pi_1", **changed)
    with structlog.testing.capture_logs() as logged:
        assert poster(client)(body, stripe_fake.sign(body)) == 400
    assert kept() == []
    assert [line["event"] for line in logged if line["log_level"] == "warning"] == ["notice_refused"]


@pytest.mark.parametrize("age", [301, 365 * DAY, -301], ids=["too old", "a year old", "from the future"])
def test_a_signature_from_another_time_is_refused(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake, age: int
) -> None:
    registry.install(app, gateways(fake))
    body, post = a_notice("evt_1", "pi_1"), poster(client)
    assert post(body, stripe_fake.sign(body, age=age)) == 400
    assert kept() == []
    assert post(body, stripe_fake.sign(body, age=300)) == 200
    assert post(body, stripe_fake.sign(body, age=-300)) == 200
    assert kept() == ["evt_1"]


def test_two_secrets_are_good_while_one_replaces_the_other(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    both = StripeGateway(stripe_fake.API_KEY, ["whsec_old", "whsec_new"], api_base=fake.base)
    registry.install(app, {Method.STRIPE: both})
    body, post = a_notice("evt_1", "pi_1"), poster(client)
    assert post(body, stripe_fake.sign(body, secret="whsec_new")) == 200
    assert post(body, stripe_fake.sign(body, secret="whsec_old")) == 200
    assert post(body, stripe_fake.sign(body, secret="whsec_none")) == 400
    none = StripeGateway(stripe_fake.API_KEY, [], api_base=fake.base)
    registry.install(app, {Method.STRIPE: none})
    assert post(body, stripe_fake.sign(body, secret="")) == 400


def test_ones_own_account_may_be_named(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    own = StripeGateway(stripe_fake.API_KEY, "whsec_fake", account="acct_1", api_base=fake.base)
    registry.install(app, {Method.STRIPE: own})
    body = a_notice("evt_1", "pi_1", account="acct_1")
    assert poster(client)(body, stripe_fake.sign(body)) == 200


def test_a_payees_account_may_tell_of_itself_only(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    registry.install(app, gateways(fake))
    itself = {"object": {"object": "account", "id": "acct_payee"}}
    body = a_notice("evt_1", "", type="account.updated", account="acct_payee", data=itself)
    assert poster(client)(body, stripe_fake.sign(body)) == 200
    other = a_notice("evt_2", "", type="account.updated", account="acct_other", data=itself)
    assert poster(client)(other, stripe_fake.sign(other)) == 400
    assert kept() == ["evt_1"]


def test_the_configuration_names_secrets_and_account(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(
        app.extensions["settings"], stripe_api_key="sk_test_x", stripe_webhook_secret="whsec_a, whsec_b"
    )
    built = registry.build(settings)[Method.STRIPE]
    assert isinstance(built, StripeGateway)
    body = a_notice("evt_1", "pi_1")
    for secret in ("whsec_a", "whsec_b"):
        assert built.read_notice(body, stripe_fake.sign(body, secret=secret)).event_id == "evt_1"


def test_what_never_arrived_is_found_and_has_its_effect_once(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    known = gateways(fake)
    registry.install(app, known)
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    work(known)
    choose_card(carol, carols)
    work(known)
    with atomic() as session:
        fake.complete(deposit_of(session, carols).gateway_object)
    assert fake.deliver(poster(client), lost=lambda _: True) == []
    first = noted(app, "--json")
    assert first.exit_code == 0
    told = [json.loads(line) for line in first.output.splitlines()]
    assert [one["new"] for one in told] == [True, True]
    assert {one["event_type"] for one in told} == {
        "checkout.session.completed", "payment_intent.amount_capturable_updated"
    }  # fmt: skip
    clock.advance(minutes=1)
    work(known)
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.HELD
        calls = session.scalar(select(func.count(GatewayCall.id)))
    second = noted(app, "--json")
    assert [json.loads(line)["new"] for line in second.output.splitlines()] == [False, False]
    assert "0 taken in" in noted(app, "--since", clock().date().isoformat()).output
    work(known)
    with atomic() as session:
        assert session.scalar(select(func.count(GatewayCall.id))) == calls


def test_a_long_list_is_read_to_its_end(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    registry.install(app, gateways(fake))
    for number in range(230):
        fake.emit("charge.succeeded", {"id": f"ch_{number}", "object": "charge", "payment_intent": None})
    clock.advance(days=20)
    fake.emit("charge.succeeded", {"id": "ch_late", "object": "charge", "payment_intent": None})
    recent = (clock() - timedelta(days=5)).date().isoformat()
    assert "1 taken in" in noted(app, "--since", recent).output
    assert "230 taken in" in noted(app).output


def test_bad_input_and_a_silent_gateway_are_told(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    registry.install(app, {})
    assert noted(app).exit_code == 2
    registry.install(app, gateways(fake))
    assert noted(app, "--since", "2020-01-01").exit_code == 2
    silent = StripeGateway(stripe_fake.API_KEY, "whsec_fake", api_base="http://127.0.0.1:9")
    registry.install(app, {Method.STRIPE: silent})
    answer = noted(app)
    assert (answer.exit_code, "cannot be read" in answer.stderr) == (1, True)


def test_notices_twice_late_and_in_reverse_lead_to_the_same_end(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    known = gateways(fake, SAVED)
    registry.install(app, known)
    scene, [(carol, carols)] = with_card_deposits(clock, known, bidders=1)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock, known)
    is_hold = "amount_capturable_updated"
    fake.deliver(
        poster(client), copies=3, order=lambda rows: rows[::-1], later=lambda row: is_hold in row["type"]
    )
    work(known)
    assert fake.deliver(poster(client), copies=2) == [200, 200]
    work(known)
    with atomic() as session:
        assert deposit_of(session, carols).captured_minor > 0
        assert deposit_of(session, carols).status is DepositStatus.HELD


def refuses(session: Any, event: GatewayEvent) -> bool:
    raise Refused(Reason.NOT_AWAITED)


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let every notice's effect be refused, until it is called."""
    before = events.EFFECTS[""]
    monkeypatch.setitem(events.EFFECTS, "", refuses)
    return lambda: monkeypatch.setitem(events.EFFECTS, "", before)


def test_an_officer_tries_a_failed_notice_again(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake, refusing: Callable[[], None]
) -> None:
    known = gateways(fake, SAVED)
    registry.install(app, known)
    scene, [(_, carols)] = with_card_deposits(clock, known, bidders=1)
    with atomic() as session:
        held = deposit_of(session, carols).gateway_object
        service.receive(session, GatewayNotice("evt_1", "payment_intent.succeeded", held, held))
    for _ in range(15):
        clock.advance(hours=3)
        work()
    with atomic() as session:
        event = session.scalars(select(GatewayEvent)).one()
        assert (event.status, event.problem) == (EventStatus.FAILED, "not_awaited")
    refusing()
    with atomic() as session:
        person = session.get_one(Person, scene.olga.person_id)
    officer = signed_in(client, person)
    page = officer.get("/money/events").text
    assert "evt_1" in page
    assert "not_awaited" in page
    assert officer.post("/money/events/evt_1/retry").status_code == 303
    with atomic() as session:
        event = session.scalars(select(GatewayEvent)).one()
        assert (event.status, event.problem) == (EventStatus.APPLIED, "")
        assert session.scalars(select(GatewayCall).where(GatewayCall.verb == CallVerb.LOOK_UP)).one()
        with pytest.raises(Conflict):
            service.retry(session, scene.olga, "evt_1")
    assert "evt_1" not in officer.get("/money/events").text
    assert "evt_1" in officer.get("/money/events?status=applied").text
    assert officer.post("/money/events/evt_none/retry").status_code == 404


def test_the_longest_beginning_of_a_type_decides(
    app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    def dispute(session: Any, event: GatewayEvent) -> bool:
        heard.append(event.subject)
        return True

    monkeypatch.setitem(events.EFFECTS, "charge.dispute.", dispute)
    with atomic() as session:
        service.receive(session, GatewayNotice("evt_1", "charge.dispute.created", "pi_9", "dp_1"))
        service.receive(session, GatewayNotice("evt_2", "charge.refunded", "pi_9", "ch_1"))
        found = {row.event_id: row.status for row in session.scalars(select(GatewayEvent))}
    assert heard == ["dp_1"]
    assert found == {"evt_1": EventStatus.APPLIED, "evt_2": EventStatus.PARKED}
