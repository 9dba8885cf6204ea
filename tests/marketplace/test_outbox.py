"""Mails: queued with the act, sent once by whoever claims them, tried again when the server is away."""

import email
import email.policy
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import outbox
from marketplace.clock import FixedClock
from marketplace.config import BadConfiguration, from_environment
from marketplace.db import atomic
from marketplace.mail import FolderGateway, MailGateway, MailNotSent, SmtpGateway, compose, gateway_for
from marketplace.outbox import ATTEMPTS_LIMIT, CLAIM, Mail

SENDER = "market@example.com"


class Recorder:
    """Takes what it is given, or is away."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str, str]] = []
        self.away = False

    def send(self, mail_id: str, to: str, subject: str, body: str, unsubscribe_url: str = "") -> None:
        del unsubscribe_url
        if self.away:
            raise MailNotSent("away")
        self.sent.append((mail_id, to, subject, body))


@pytest.fixture
def mail(app: Flask) -> Mail:
    with atomic() as session:
        return outbox.queue(session, "amy@example.com", "Hello\r\nBcc: eve@example.com", "a secret")


def test_a_mail_is_sent_once_and_its_body_forgotten(session: Session, mail: Mail) -> None:
    gateway = Recorder()
    assert outbox.send_next(gateway)
    assert not outbox.send_next(gateway)
    assert gateway.sent == [(str(mail.id), "amy@example.com", "Hello Bcc: eve@example.com", "a secret")]
    kept = session.get_one(Mail, mail.id, populate_existing=True)
    assert kept.body == ""
    assert kept.sent_at is not None


def test_a_server_that_is_away_is_tried_again_later_and_not_for_ever(
    session: Session, mail: Mail, clock: FixedClock
) -> None:
    gateway = Recorder()
    gateway.away = True
    for _ in range(ATTEMPTS_LIMIT):
        assert outbox.send_next(gateway)
        assert not outbox.send_next(gateway)
        clock.advance(hours=6)
    gateway.away = False
    assert not outbox.send_next(gateway)
    assert outbox.count_stuck() == 1
    assert session.get_one(Mail, mail.id, populate_existing=True).error == "away"


def test_a_claimed_mail_is_left_alone_until_the_claim_runs_out(
    session: Session, mail: Mail, clock: FixedClock
) -> None:
    with atomic():
        assert outbox.claim_next(session)
    gateway = Recorder()
    assert not outbox.send_next(gateway)
    clock.advance(seconds=CLAIM.total_seconds())
    assert outbox.send_next(gateway)
    assert len(gateway.sent) == 1


def test_the_worker_sends_through_the_configured_gateway(app: Flask, mail: Mail, tmp_path: Path) -> None:
    assert outbox.send_due() == 1
    assert outbox.send_due() == 0
    assert (tmp_path / "mail" / f"{mail.id}.eml").exists()


def test_one_tick_sends_a_limited_number(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MAILS_A_TICK", 1)
    with atomic() as session:
        for _ in range(2):
            outbox.queue(session, "amy@example.com", "x", "y")
    assert [outbox.send_due() for _ in range(3)] == [1, 1, 0]


def test_an_act_that_fails_queues_nothing(app: Flask, session: Session) -> None:
    def fail() -> None:
        outbox.queue(session, "amy@example.com", "x", "y")
        raise RuntimeError

    with pytest.raises(RuntimeError), atomic():
        fail()
    assert session.scalars(select(Mail)).all() == []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A real SMTP server that keeps its mails in a Maildir."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Mailbox(tmp_path / "maildir"), hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture(params=["smtp", "folder"])
def gateway(request: pytest.FixtureRequest, tmp_path: Path) -> MailGateway:
    if request.param == "smtp":
        return SmtpGateway(request.getfixturevalue("server"), SENDER)
    return FolderGateway(tmp_path / "maildir" / "new", SENDER)


def test_the_contract_of_gateways(gateway: MailGateway, tmp_path: Path) -> None:
    gateway.send("7", "amy@example.com", "落槌：已核验", "Dear Amy,\n\n已核验。\n")
    files = list((tmp_path / "maildir" / "new").iterdir())
    message = email.message_from_bytes(files[0].read_bytes(), policy=email.policy.default)
    assert message["To"] == "amy@example.com"
    assert message["From"] == SENDER
    assert message["Subject"] == "落槌：已核验"
    assert message["Message-ID"] == "<7@example.com>"
    assert message.get_content().replace("\r\n", "\n").strip() == "Dear Amy,\n\n已核验。"


def test_a_gateway_that_cannot_send_says_so(tmp_path: Path) -> None:
    with pytest.raises(MailNotSent):
        SmtpGateway("smtp://127.0.0.1:1", SENDER).send("7", "amy@example.com", "x", "y")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MailNotSent):
        FolderGateway(tmp_path / "file", SENDER).send("7", "amy@example.com", "x", "y")


def test_a_password_is_not_sent_over_an_open_line(server: str) -> None:
    open_line = server.replace("smtp://", "smtp://user:secret@")
    with pytest.raises(MailNotSent, match="encryption"):
        SmtpGateway(open_line, SENDER).send("7", "amy@example.com", "x", "y")


def test_mails_in_the_folder_are_for_their_owner_only(tmp_path: Path) -> None:
    FolderGateway(tmp_path / "mail", SENDER).send("7", "amy@example.com", "x", "y")
    assert (tmp_path / "mail" / "7.eml").stat().st_mode & 0o077 == 0


def test_a_mail_that_can_be_stopped_says_how_and_another_does_not() -> None:
    stop = "https://market.example/watching/stop/token"
    message = compose(SENDER, "7", "amy@example.com", "x", "y", unsubscribe_url=stop)
    assert message["List-Unsubscribe"] == f"<{stop}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert compose(SENDER, "7", "amy@example.com", "x", "y")["List-Unsubscribe"] is None


def test_a_line_break_in_a_header_is_refused() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        compose(SENDER, "7", "amy@example.com", "x\nBcc: eve@example.com", "y")


@pytest.mark.parametrize("url", ["http://x:25", "smtp://", "smtp://host", "mail"])
def test_a_mail_address_that_is_none_stops_the_start(url: str) -> None:
    key = "A" * 43 + "="
    environment = {"SECRET_KEY": "x" * 32, "RECEIPT_KEY": key, "FIELD_KEY": key}
    assert isinstance(gateway_for(from_environment(environment)), FolderGateway)
    smtp = environment | {"MAIL_URL": "smtp://mail.example:25"}
    assert isinstance(gateway_for(from_environment(smtp)), SmtpGateway)
    with pytest.raises(BadConfiguration, match="MAIL_URL"):
        from_environment(environment | {"MAIL_URL": url})
