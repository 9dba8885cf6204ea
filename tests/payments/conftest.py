"""Fixtures of the payments tests."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe_server
from flask import Flask
from stripe_fake import StripeFake

from marketplace.clock import FixedClock
from payments.gateways.stripe import StripeGateway

from .bank_cast import Desk, Owing, Waiting, a_bidder_who_has_to_pay, a_desk, a_loser_to_be_paid
from .card_scene import saved_card

LOCALSTRIPE = Path(__file__).resolve().parents[2] / ".venv" / "localstripe" / "bin" / "localstripe"


@pytest.fixture
def shared_settlements(shared_data: Path) -> list[Path]:
    """The settlement cases beside the checkout."""
    return sorted((shared_data / "settlements").glob("*.json"))


@pytest.fixture(scope="session")
def stripe_port() -> Iterator[StripeFake]:
    with stripe_server.running() as running:
        yield running


@pytest.fixture
def fake(stripe_port: StripeFake) -> StripeFake:
    """The Stripe fake on its local port, without notices of earlier tests."""
    stripe_port.intents.clear()
    stripe_port.sessions.clear()
    stripe_port.events.clear()
    stripe_port.undelivered.clear()
    stripe_port.extends = stripe_port.increments = False
    return stripe_port


@pytest.fixture(scope="session")
def localstripe_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A localstripe of its own on a free port: a separate program, because of its licence."""
    program = str(LOCALSTRIPE) if LOCALSTRIPE.exists() else shutil.which("localstripe")
    if program is None:
        pytest.skip("localstripe is not installed: run .ci/services")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path_factory.mktemp("localstripe") / "log").open("wb")
    process = subprocess.Popen(
        [program, "--port", str(port), "--from-scratch"], stdout=log, stderr=log, cwd=Path(log.name).parent
    )
    _await_port(port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)
    log.close()


def _await_port(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("localstripe did not start")


@pytest.fixture(params=["fake", pytest.param("localstripe", marks=pytest.mark.localstripe)])
def address(request: pytest.FixtureRequest) -> str:
    if request.param == "fake":
        base: str = request.getfixturevalue("fake").base
        return base
    local: str = request.getfixturevalue("localstripe_address")
    return local


@pytest.fixture
def gateway(address: str) -> StripeGateway:
    return saved_card(address)


@pytest.fixture
def waiting(app: Flask, clock: FixedClock) -> Waiting:
    """A bidder whose deposit is asked for, and the operator's bank account."""
    return a_bidder_who_has_to_pay(app, clock)


@pytest.fixture
def desk(app: Flask, clock: FixedClock) -> Desk:
    """The operator's bank account with such a bidder, and browsers."""
    return a_desk(app, clock)


@pytest.fixture
def owing(app: Flask, clock: FixedClock) -> Owing:
    """A loser whose deposit came from two accounts and has to go back."""
    return a_loser_to_be_paid(app, clock)
