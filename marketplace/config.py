"""Configuration from the environment. A missing secret or an unsafe value stops the start."""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from marketplace.money import EXPONENTS


class BadConfiguration(Exception):
    """A variable is missing or wrong; the message names it."""


@dataclass(frozen=True)
class Config:
    """What the environment decides. Times are seconds.

    Attributes:
        home: folder for the embedded databases, the index and uploads.
        secret_key: signs cookies and forms; at least 32 characters.
        receipt_key: 32 bytes, the Ed25519 seed that signs bid receipts and log checkpoints.
        field_key: 32 bytes, urlsafe base64, encrypts TOTP seeds at rest (Fernet).
        parent_key: keys the tokens by which the shared record counts sellers' parents; who shares a record
            shares it. Made of the receipt key where none is given.
        base_currency: into which records of sales carry the rate of the day.
        search_url: `whoosh:///path` or `tantivy:///path`, without a path the folder under `home`, or
            `postgresql://user@host/database`, where `?schema=` names the schema of the index.
        redis_url: fan-out of live prices and rate limits over several processes; empty means in-process.
        mail_url: `smtp://host:port`, `smtps://user:password@host:port`, or empty for files under `home`/mail.
        mail_from: the sender of every mail.
        public_url: where people reach this marketplace, for links in mails; never taken from a request.
        live_streams: how many live pages one web process streams to, each an open file; the rest poll.
        security_contact: a URI (`mailto:…`) for reports of weaknesses; empty means no security.txt.
        stripe_*: empty api key switches the `stripe` deposit method off; while a webhook secret is replaced,
            the old and the new one stand there with a comma between them; the account is our own one's id.
        bank_account: holder, bank and number that buyers transfer to, as they are shown.
        time_stamp_url: of an RFC 3161 authority that stamps the log's checkpoints; empty for none.
        time_stamp_roots: PEM file with the certificates under which its stamps are believed.
        sandbox: this instance is for trying out: its shared record is marked as such and may be wiped.
        ocid_prefix: begins the open contracting ids of exported sales, until one is registered our own.
    """

    home: Path
    secret_key: str
    receipt_key: bytes
    field_key: str
    database_url: str
    transactions_url: str
    search_url: str
    redis_url: str
    marketplace_name: str
    stripe_api_key: str
    stripe_api_base: str
    stripe_webhook_secret: str
    secure_cookies: bool
    trusted_proxies: int
    live_streams: int = 500
    security_contact: str = ""
    mail_url: str = ""
    mail_from: str = "marketplace@localhost"
    public_url: str = "http://localhost:8000"
    bank_account: str = ""
    stripe_account: str = ""
    time_stamp_url: str = ""
    time_stamp_roots: Path | None = None
    parent_key: bytes = b""
    base_currency: str = "CNY"
    sandbox: bool = False
    ocid_prefix: str = "ocds-luochui"


def from_environment(environment: Mapping[str, str]) -> Config:
    """Read a Config.

    Raises:
        BadConfiguration: naming the variable that is missing or malformed.
    """
    home = Path(environment.get("LUOCHUI_HOME", "instance")).resolve()
    return Config(
        home=home,
        secret_key=_secret(environment, "SECRET_KEY"),
        receipt_key=_key_bytes(environment, "RECEIPT_KEY"),
        field_key=base64.urlsafe_b64encode(_key_bytes(environment, "FIELD_KEY")).decode(),
        database_url=_database(environment, "DATABASE_URL", home / "marketplace.sqlite"),
        transactions_url=_database(environment, "TRANSACTIONS_URL", home / "transactions.sqlite"),
        search_url=environment.get("SEARCH_URL", f"whoosh://{home / 'index'}"),
        redis_url=environment.get("REDIS_URL", ""),
        marketplace_name=environment.get("MARKETPLACE_NAME", "luochui"),
        stripe_api_key=environment.get("STRIPE_API_KEY", ""),
        stripe_api_base=environment.get("STRIPE_API_BASE", ""),
        stripe_webhook_secret=environment.get("STRIPE_WEBHOOK_SECRET", ""),
        secure_cookies=_flag(environment, "SECURE_COOKIES", default=True),
        trusted_proxies=_whole_number(environment, "TRUSTED_PROXIES", default=0, most=10),
        live_streams=_whole_number(environment, "LIVE_STREAMS", default=500, most=10_000),
        security_contact=environment.get("SECURITY_CONTACT", ""),
        mail_url=_mail(environment),
        mail_from=environment.get("MAIL_FROM", "marketplace@localhost"),
        public_url=environment.get("PUBLIC_URL", "http://localhost:8000").rstrip("/"),
        bank_account=environment.get("BANK_ACCOUNT", ""),
        stripe_account=environment.get("STRIPE_ACCOUNT", ""),
        time_stamp_url=_time_stamps(environment),
        time_stamp_roots=_file(environment, "TIME_STAMP_ROOTS"),
        parent_key=_parent_key(environment),
        base_currency=_currency(environment, "BASE_CURRENCY"),
        sandbox=_flag(environment, "SANDBOX", default=False),
        ocid_prefix=_ocid_prefix(environment),
    )


def _secret(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if len(value) < 32:
        raise BadConfiguration(f"{name} must be set to at least 32 characters")
    return value


def _key_bytes(environment: Mapping[str, str], name: str) -> bytes:
    try:
        key = base64.b64decode(environment.get(name, ""), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise BadConfiguration(f"{name} must be set to 32 bytes in urlsafe base64")
    return key


def _currency(environment: Mapping[str, str], name: str) -> str:
    code = environment.get(name, "CNY")
    if code not in EXPONENTS:
        raise BadConfiguration(f"{name} must be one of {', '.join(EXPONENTS)}")
    return code


def _parent_key(environment: Mapping[str, str]) -> bytes:
    if environment.get("PARENT_KEY"):
        return _key_bytes(environment, "PARENT_KEY")
    return hmac.digest(_key_bytes(environment, "RECEIPT_KEY"), b"parents of sellers", "sha256")


def _database(environment: Mapping[str, str], name: str, embedded: Path) -> str:
    url = environment.get(name) or f"sqlite:///{embedded}"
    if url.startswith("postgresql://"):
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadConfiguration(f"{name} must start with sqlite:/// or postgresql://")
    return url


def _mail(environment: Mapping[str, str]) -> str:
    url = environment.get("MAIL_URL", "")
    parts = urlsplit(url)
    if url and not (parts.scheme in {"smtp", "smtps"} and parts.hostname and parts.port):
        raise BadConfiguration("MAIL_URL must look like smtp://host:port or smtps://user:password@host:port")
    return url


def _ocid_prefix(environment: Mapping[str, str]) -> str:
    prefix = environment.get("OCID_PREFIX", "ocds-luochui")
    if not re.fullmatch(r"ocds-[a-z0-9]{1,20}", prefix):
        raise BadConfiguration("OCID_PREFIX must look like ocds- and letters or digits, as it was registered")
    return prefix


def _time_stamps(environment: Mapping[str, str]) -> str:
    url = environment.get("TIME_STAMP_URL", "")
    if url and urlsplit(url).scheme not in {"http", "https"}:
        raise BadConfiguration("TIME_STAMP_URL must start with https:// or http://")
    if url and not environment.get("TIME_STAMP_ROOTS"):
        raise BadConfiguration("TIME_STAMP_URL needs TIME_STAMP_ROOTS, the certificates of the authority")
    return url


def _file(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name, "")
    if text and not Path(text).is_file():
        raise BadConfiguration(f"{name} must name a file")
    return Path(text) if text else None


def _flag(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environment.get(name, "yes" if default else "no").lower()
    if value not in {"yes", "no", "1", "0", "true", "false"}:
        raise BadConfiguration(f"{name} must be yes or no")
    return value in {"yes", "1", "true"}


def _whole_number(environment: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    text = environment.get(name, str(default))
    if not (text.isascii() and text.isdigit() and int(text) <= most):
        raise BadConfiguration(f"{name} must be a whole number from 0 to {most}")
    return int(text)
