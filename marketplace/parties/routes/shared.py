"""What the pages of parties share."""

import re
import secrets
from datetime import timedelta

from flask import Blueprint, Response, after_this_request, current_app, request
from flask_limiter.util import get_remote_address

from marketplace.config import Config
from marketplace.parties import sign_in
from marketplace.parties.names import clean_email
from marketplace.parties.service.sign_ins import Browser

blueprint = Blueprint("parties", __name__, template_folder="../templates")


def settings() -> Config:
    found: Config = current_app.extensions["settings"]
    return found


# The browser's own mark: random, of no use to anybody else, and forgotten after this time.
DEVICE_COOKIE = "luochui-device"
DEVICE_KEPT = timedelta(days=180)
_MARK = re.compile(r"[A-Za-z0-9_-]{22}")


def browser() -> Browser:
    """Where this request comes from; a browser without a mark of its own is given one with the answer."""
    known = request.cookies.get(DEVICE_COOKIE, "")
    mark = known if _MARK.fullmatch(known) else secrets.token_urlsafe(16)

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            DEVICE_COOKIE,
            mark,
            max_age=DEVICE_KEPT,
            secure=settings().secure_cookies,
            httponly=True,
            samesite="Lax",
            path="/sign-in",
        )
        return response

    return Browser(get_remote_address(), request.user_agent.string, mark)


def account_key() -> str:
    """Limits count per account as well as per address, so that many addresses do not help to guess."""
    return "account:" + clean_email(request.form.get("email", ""))


def person_key() -> str:
    """The same for codes, which come after the password; limits are counted before access is checked."""
    person = sign_in.visitor()
    return f"person:{person.actor.person_id}" if person else get_remote_address()


def safe_path(text: str | None) -> str:
    """A path of this site to go on to, or the first page where a browser might read another site."""
    path = text or ""
    odd = "\\" in path or any(ord(character) <= 32 or ord(character) == 127 for character in path)
    return path if path.startswith("/") and not path.startswith("//") and not odd else "/"
