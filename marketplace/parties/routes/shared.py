"""What the pages of parties share."""

from flask import Blueprint, current_app, request
from flask_limiter.util import get_remote_address

from marketplace.config import Config
from marketplace.parties import sign_in
from marketplace.parties.names import clean_email
from marketplace.parties.service.sign_ins import Browser

blueprint = Blueprint("parties", __name__, template_folder="../templates")


def settings() -> Config:
    found: Config = current_app.extensions["settings"]
    return found


def browser() -> Browser:
    return Browser(get_remote_address(), request.user_agent.string)


def account_key() -> str:
    """Limits count per account as well as per address, so that many addresses do not help to guess."""
    return "account:" + clean_email(request.form.get("email", ""))


def person_key() -> str:
    """The same for codes, which come after the password; limits are counted before access is checked."""
    row = sign_in.current_or_none()
    return f"person:{row.person_id}" if row else get_remote_address()


def safe_path(text: str | None) -> str:
    """A path of this site to go on to, or the first page where a browser might read another site."""
    path = text or ""
    odd = "\\" in path or any(ord(character) <= 32 or ord(character) == 127 for character in path)
    return path if path.startswith("/") and not path.startswith("//") and not odd else "/"
