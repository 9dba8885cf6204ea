"""Messages to somebody's own system: a real server over TLS, its failures, addresses not called."""

import hashlib
import hmac
import http.server
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from watching_cast import Stage, follow, notices_of, tell

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import NotFound, Refused
from search.watching import invariants
from search.watching.calling import Caller, NotDelivered
from search.watching.models import Delivery, SavedSearch, Webhook
from search.watching.rules.words import Channel, Failure
from search.watching.service import webhooks

HOST = "hooks.example.test"


class Receiver(http.server.ThreadingHTTPServer):
    """Somebody's system: keeps what it gets, answers what it is told to."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answer, self.drip = 200, False

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.server_port}/hook?from=market"

    def handle_error(self, request: object, client_address: object) -> None:
        """A line that is cut is what some of these tests are about."""


class Handler(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({**dict(self.headers), "path": self.path}, body))
        while self.server.drip:
            self.wfile.write(b"H")
            self.wfile.flush()
            time.sleep(0.05)
        self.send_response(self.server.answer)
        self.send_header("Location", "https://127.0.0.1/admin")
        self.end_headers()
        self.wfile.write(b"x" * 100_000)

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file with a key and a certificate of its own for HOST."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)  # noqa: TID251 - TLS reads the real clock
    names = x509.SubjectAlternativeName([x509.DNSName(HOST)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def receiver(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    looked_up = socket.getaddrinfo

    def look_up(host: str, *arguments: int, **options: int) -> object:
        return looked_up("127.0.0.1" if host == HOST else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with Receiver(context) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.drip = False
        server.shutdown()
        thread.join()


@pytest.fixture
def caller(certificate: Path) -> Caller:
    """As in service, but this machine may be called."""
    context = ssl.create_default_context(cafile=str(certificate))
    return Caller(lambda address: ipaddress.ip_address(address).is_loopback, context, seconds=5)


def queued(stage: Stage, url: str) -> str:
    """A message that is due; returns the secret."""
    with atomic() as session:
        secret = webhooks.set_webhook(session, stage.carol, url)
    stage.save(channels=frozenset({Channel.WEBHOOK}))
    stage.lot()
    follow()
    tell()
    return secret


def only(session: Session) -> Delivery:
    session.rollback()
    return session.scalars(select(Delivery).execution_options(populate_existing=True)).one()


def test_a_message_arrives_signed_once(
    app: Flask, session: Session, receiver: Receiver, caller: Caller
) -> None:
    secret = queued(Stage(), receiver.url)
    assert webhooks.send_next(caller)
    assert not webhooks.send_next(caller)
    ((headers, body),) = receiver.got
    moment, signed = (part.partition("=")[2] for part in headers["Luochui-Signature"].split(","))
    expected = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert signed == expected
    message = json.loads(body)
    assert (headers["path"], headers["Content-Type"]) == ("/hook?from=market", "application/json")
    assert headers["Luochui-Delivery"] == message["id"] == str(only(session).id)
    assert (message["event"], message["total"], message["lots"][0]["title"]) == (
        "search_matched",
        1,
        "Battery with a grid",
    )
    assert "reserve" not in body.decode()
    assert only(session).arrived
    assert secret not in session.scalars(select(Webhook.secret)).one()


def test_failures_are_tried_again_and_given_up(
    app: Flask, session: Session, clock: FixedClock, receiver: Receiver, caller: Caller
) -> None:
    stage = Stage()
    queued(stage, receiver.url)
    receiver.answer = 302  # a redirect is an answer like another: it is not followed
    for attempt in range(1, webhooks.ATTEMPTS_LIMIT + 1):
        assert webhooks.send_next(caller)
        assert not webhooks.send_next(caller)
        assert (only(session).attempts, only(session).answer) == (attempt, 302)
        clock.advance(hours=7)
    assert not webhooks.send_next(caller)
    assert only(session).ended_at is not None
    assert not only(session).arrived
    assert notices_of(stage.carol) == [("webhook_failed", receiver.url)]
    assert len({body for _, body in receiver.got}) == 1
    assert invariants.given_up_messages_were_tried(session) == []


def test_a_system_that_comes_back_gets_what_waited(
    app: Flask, session: Session, clock: FixedClock, receiver: Receiver, caller: Caller
) -> None:
    queued(Stage(), receiver.url)
    receiver.answer = 500
    webhooks.send_next(caller)
    session.rollback()
    assert session.scalars(select(Webhook)).one().failing_since is not None
    receiver.answer = 204
    clock.advance(minutes=2)
    assert webhooks.send_next(caller)
    assert only(session).arrived
    session.rollback()
    assert session.scalars(select(Webhook)).one().failing_since is None
    clock.advance(days=31)
    with atomic() as writing:
        assert webhooks.forget_delivered(writing)


def test_a_crash_between_claim_and_answer_tries_again(
    app: Flask, session: Session, clock: FixedClock, receiver: Receiver, caller: Caller
) -> None:
    queued(Stage(), receiver.url)
    with atomic() as writing:
        assert webhooks._claim(writing)
    assert not webhooks.send_next(caller)
    clock.advance(minutes=6)
    assert webhooks.send_next(caller)
    assert only(session).arrived


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_transaction_is_open_while_a_stranger_answers(
    app: Flask, session: Session, receiver: Receiver, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(Stage(), receiver.url)
    open_then = []
    post = Caller.post

    def look(self: Caller, *arguments: object) -> int:
        open_then.append(session.in_transaction())
        return post(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Caller, "post", look)
    webhooks.send_next(caller)
    assert open_then == [False]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_our_own_network_is_not_called(app: Flask, session: Session, receiver: Receiver) -> None:
    queued(Stage(), receiver.url)
    assert webhooks.send_next(Caller())
    assert receiver.got == []
    assert only(session).failure is Failure.ADDRESS


def test_a_name_with_one_private_address_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [(0, 0, 0, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("called"))
    with pytest.raises(NotDelivered, match="address"):
        Caller().post("https://two.example.com/", b"", {})


def test_the_address_that_was_looked_at_is_the_one_called(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[object] = []

    def connect(address: object, **_options: object) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("93.184.216.34", 443))])
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NotDelivered, match="no_answer"):
        Caller().post("https://one.example.com/", b"", {})
    assert called == [("93.184.216.34", 443)]


def test_a_line_is_cut_however_slowly_bytes_come(receiver: Receiver, caller: Caller) -> None:
    receiver.drip = True
    impatient = Caller(caller.allowed, caller.context, seconds=0.4)
    begun = time.monotonic()
    with pytest.raises(NotDelivered):
        impatient.post(receiver.url, b"{}", {})
    assert time.monotonic() - begun < 3


def test_an_unknown_certificate_plain_http_and_silence_are_no_delivery(
    receiver: Receiver, caller: Caller
) -> None:
    with pytest.raises(NotDelivered, match="certificate"):
        Caller(caller.allowed, ssl.create_default_context()).post(receiver.url, b"{}", {})
    with pytest.raises(NotDelivered, match="address"):
        caller.post(receiver.url.replace("https", "http"), b"{}", {})
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://{HOST}:{silent.getsockname()[1]}/"
        with pytest.raises(NotDelivered):
            Caller(caller.allowed, caller.context, seconds=0.3).post(url, b"{}", {})


def test_setting_anew_and_removing(app: Flask, session: Session) -> None:
    stage = Stage()
    first = queued(stage, "https://hooks.example.com/")
    with atomic() as writing:
        assert webhooks.set_webhook(writing, stage.carol, "https://other.example.com/") != first
    session.rollback()
    assert session.scalars(select(Delivery)).all() == []
    with atomic() as writing:
        webhooks.remove_webhook(writing, stage.carol)
    session.rollback()
    assert session.scalars(select(SavedSearch)).one().channels == ["notice"]
    for actor in (stage.carol, stage.dave):
        with pytest.raises(NotFound), atomic() as writing:
            webhooks.remove_webhook(writing, actor)
    with pytest.raises(Refused), atomic() as writing:
        webhooks.set_webhook(writing, stage.carol, "https://127.0.0.1/")
