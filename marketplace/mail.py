"""Mail to the outside world: the only user of SMTP. Without a server, mails become files to open."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from marketplace import clock
from marketplace.config import Config

_TIMEOUT_SECONDS = 20


class MailNotSent(Exception):
    """The server could not be reached or did not take the mail; trying again may help."""


class MailGateway(Protocol):
    def send(self, mail_id: str, to: str, subject: str, body: str, unsubscribe_url: str = "") -> None:
        """Hand over one mail. May be called again with the same id after a crash.

        Args:
            mail_id: the same at every attempt.
            to: its only reader.
            subject: one line.
            body: plain text.
            unsubscribe_url: where one click stops mails of this kind; empty for those that nobody can stop.

        Raises:
            MailNotSent: nothing was handed over, as far as we know.
        """


def gateway_for(settings: Config) -> MailGateway:
    """The gateway that the configuration names."""
    if settings.mail_url:
        return SmtpGateway(settings.mail_url, settings.mail_from)
    return FolderGateway(settings.home / "mail", settings.mail_from)


def compose(
    sender: str, mail_id: str, to: str, subject: str, body: str, *, unsubscribe_url: str = ""
) -> EmailMessage:
    """A plain-text mail; its Message-ID follows from the id, so that a repetition is recognised as one.

    With an address to unsubscribe, the mail programme can offer a button for it (RFC 8058).
    """
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{mail_id}@{sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe_url:
        message["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(body)
    return message


class SmtpGateway:
    """Sends over SMTP, `smtps` with TLS from the start, `smtp` with STARTTLS where the server offers it."""

    def __init__(self, url: str, sender: str) -> None:
        self._server: SplitResult = urlsplit(url)
        self._sender = sender

    def send(self, mail_id: str, to: str, subject: str, body: str, unsubscribe_url: str = "") -> None:
        message = compose(self._sender, mail_id, to, subject, body, unsubscribe_url=unsubscribe_url)
        try:
            with self._connect() as server:
                if self._server.username:
                    server.login(unquote(self._server.username), unquote(self._server.password or ""))
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotSent(str(error)[:200]) from error

    def _connect(self) -> smtplib.SMTP:
        host, port = self._server.hostname or "", self._server.port or 25
        context = ssl.create_default_context()
        if self._server.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(host, port, timeout=_TIMEOUT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        elif self._server.username:
            server.close()
            raise MailNotSent("the server offers no encryption, so the password is not sent")
        return server


class FolderGateway:
    """Writes each mail as an .eml file, readable by its owner only: it may hold a one-time password."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, mail_id: str, to: str, subject: str, body: str, unsubscribe_url: str = "") -> None:
        message = compose(self._sender, mail_id, to, subject, body, unsubscribe_url=unsubscribe_url)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self._folder / f"{mail_id}.eml"
            file.touch(mode=0o600)
            file.write_bytes(bytes(message))
        except OSError as error:
            raise MailNotSent(str(error)[:200]) from error
