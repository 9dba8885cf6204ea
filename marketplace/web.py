"""What every page shares: who is asking, what the route allows, how a refusal becomes a page.

A view declares its access with exactly one of `@public`, `@signed_in`, `@enrolling` and `@allowed(verb)`; a
view without one answers nobody. The check runs before the view, the object is checked by the service.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, has_request_context, redirect, request, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from marketplace import arrivals
from marketplace.access import Actor, Verb, may
from marketplace.arrivals import Arrival
from marketplace.errors import NotAllowed, Refused
from marketplace.rule_packs.words import source_text

View = TypeVar("View", bound=Callable[..., Any])

limiter = Limiter(get_remote_address, headers_enabled=True, default_limits=["600/minute"])
csrf = CSRFProtect()

# A view that many ask at once takes no more than this in one request.
CROWD_BYTES = 64 * 1024


class Access(StrEnum):
    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    ENROLLING = "enrolling"


@dataclass(frozen=True, slots=True)
class Visitor:
    """The signed-in person of this request.

    Attributes:
        second_factor: whether this sign-in has passed the second factor; without it only enrolment is open.
    """

    actor: Actor
    name: str
    institution: str
    language: str
    second_factor: bool


def public(view: View) -> View:
    """Anybody may ask; the view itself shows only what is public."""
    return _declare(view, Access.PUBLIC)


def signed_in(view: View) -> View:
    """Anybody who has signed in with both factors may ask."""
    return _declare(view, Access.SIGNED_IN)


def enrolling(view: View) -> View:
    """Somebody whose password was accepted and whose second factor is still to come."""
    return _declare(view, Access.ENROLLING)


def allowed(verb: Verb) -> Callable[[View], View]:
    """Only those may ask to whom the access table grants the verb for some subject."""
    return lambda view: _declare(view, verb)


def _declare(view: View, access: Access | Verb) -> View:
    cast("Any", view).access = access
    return view


def declared_access(view: Any) -> Access | Verb | None:
    """What the view declared, or None: the census of routes fails on None."""
    return getattr(view, "access", None)


def confirming_sign_in(view: View) -> View:
    """The view begins with what is remembered of a sign-in, and confirms it in the transaction that acts."""
    cast("Any", view).confirms_sign_in = True
    return view


def confirms_sign_in() -> bool:
    """Whether the view of this request confirms its visitor's sign-in itself."""
    if not has_request_context():
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "confirms_sign_in", False)


def visitor() -> Visitor | None:
    """The signed-in person of this request, or None."""
    return cast("Visitor | None", g.get("visitor"))


def current_actor() -> Actor:
    """The actor of this request; raises NotAllowed for somebody not signed in."""
    person = visitor()
    if person is None or not person.second_factor:
        raise NotAllowed("sign_in")
    return person.actor


def arrival() -> Arrival | None:
    """This request as it came to the process; None outside of one."""
    return cast("Arrival | None", g.get("arrival"))


@contextmanager
def standing_aside() -> Iterator[None]:
    """Let others pass while this request waits for the database on its way to where many go."""
    came = arrival()
    if came is None:
        yield
        return
    came.stand()
    try:
        yield
    finally:
        came.come_out()


def optional_actor() -> Actor | None:
    """The actor of this request, or None on a public page seen without signing in."""
    person = visitor()
    return person.actor if person is not None and person.second_factor else None


def identify_again() -> None:
    """Read anew who is asking and what the view allows; raises as at the beginning of the request."""
    g.visitor = current_app.extensions["identify_anew"]()
    _admit(current_app.view_functions.get(request.endpoint or ""))


def install(
    app: Flask, identify: Callable[[], Visitor | None], identify_anew: Callable[[], Visitor | None]
) -> None:
    """Check access, cross-site posts and headers around every request of `app`."""
    app.extensions["identify_anew"] = identify_anew

    def admit() -> Response | None:
        g.visitor = identify() if request.endpoint != "static" else None
        _refuse_foreign_post()
        return _admit(app.view_functions.get(request.endpoint or ""))

    app.before_request_funcs.setdefault(None, []).insert(0, _arrive)
    app.before_request(admit)
    app.teardown_request(_go)


def _arrive() -> None:
    """Let those who crowd pass in their order; their requests are read first, for one may come slowly."""
    g.arrival = arrivals.current()
    if not confirms_sign_in():
        g.arrival.settle()
        return
    request.max_content_length = CROWD_BYTES
    with suppress(HTTPException):
        request.get_data()  # what cannot be read is refused by the view
    g.arrival.crowd(tuple((request.view_args or {}).values()))


def _go(_error: BaseException | None) -> None:
    came: Arrival | None = g.pop("arrival", None)
    if came is not None and not came.by_server:
        came.go()


def _admit(view: Any) -> Response | None:
    """None lets the request through; a response sends the visitor to sign in or to the second factor."""
    if view is None or request.endpoint == "static":
        return None
    access, person = declared_access(view), visitor()
    if access is Access.PUBLIC:
        return None
    if access is None:
        raise NotAllowed("undeclared")
    if person is None:
        return _send_to("parties.sign_in")
    if access is Access.ENROLLING:
        return None
    if not person.second_factor:
        return _send_to("parties.second_factor")
    if isinstance(access, Verb) and not may(person.actor, access):
        raise NotAllowed(access)
    return None


def _send_to(endpoint: str) -> Response:
    if request.method not in {"GET", "HEAD"} or request.path.startswith("/api/"):
        abort(401)
    return redirect(url_for(endpoint, next=request.full_path.rstrip("?")), code=303)


def _refuse_foreign_post() -> None:
    """A second wall beside the CSRF token: browsers say where a request comes from."""
    changes = request.method not in {"GET", "HEAD", "OPTIONS"}
    if changes and request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise NotAllowed("cross_site")


def register_texts(app: Flask, texts: Mapping[StrEnum, Any]) -> None:
    """Add the words for a package's refusals; two packages may not give the same member two texts."""
    app.extensions.setdefault("refusal_texts", {}).update(
        {_text_key(reason): text for reason, text in texts.items()}
    )


def _text_key(reason: StrEnum) -> tuple[str, str]:
    return f"{type(reason).__module__}.{type(reason).__qualname__}", reason.value


def refusal_text(refused: Refused) -> str:
    """The sentence for a refusal in the reader's language, its details filled in."""
    details = refused.details
    if "article" in details:
        details = {**details, "article": source_text(str(details["article"]))}
    text = current_app.extensions.get("refusal_texts", {}).get(_text_key(refused.reason))
    return str(refused.reason) if text is None else str(text) % details


def show_refusal(form: FlaskForm, refused: Refused) -> None:
    """Put a refusal beside the field it names, or at the head of the form."""
    message = refusal_text(refused)
    if refused.field is not None and refused.field in form:
        field = form[refused.field]
        field.errors = [*field.errors, message]
    else:
        form.form_errors.append(message)
