"""What all parts of the fake share: one lock, names, idempotency keys, and the notices that wait."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Sequence
from itertools import count

from stripe_fake.answers import Form, Refusal, Row, bad_request, clock_seconds, unknown_request

WEBHOOK_SECRET = "whsec_fake"

# The most events Stripe gives in one page.
_LONGEST_PAGE = 100


class State:
    """Routes a request to the part that knows its kind, by the name of its method: `route_refunds`, …"""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.base = ""
        self.events: list[Row] = []
        self.undelivered: dict[str, Row] = {}
        self.answers: dict[str, tuple[str, int, Row]] = {}
        self.calls: list[tuple[str, str]] = []
        self.broken_answers = 0
        self._numbers = count(1)

    def pass_time(self) -> None:
        """What happens by itself once it is due."""

    def answer(self, method: str, path: str, form: Form, key: str) -> tuple[int, Row]:
        """Answer a request; the same key gets the first answer again, and none for another request."""
        with self.lock:
            self.pass_time()
            self.calls.append((method, path))
            seen = f"{method} {path} {sorted(form.items())}"
            if key in self.answers:
                before, status, content = self.answers[key]
                if before != seen:
                    mistake = {"type": "idempotency_error", "message": "key used for another request"}
                    return 400, {"error": mistake}
                return status, content
            try:
                status, content = 200, self._expanded(self._route(method, path, form), form)
            except Refusal as refusal:
                status, content = refusal.status, refusal.content
            if key:
                self.answers[key] = (seen, status, content)
            return status, content

    def deliver(
        self,
        post: Callable[[bytes, str], int],
        *,
        copies: int = 1,
        order: Callable[[Sequence[Row]], Sequence[Row]] = tuple,
        later: Callable[[Row], bool] = lambda _: False,
        lost: Callable[[Row], bool] = lambda _: False,
    ) -> list[int]:
        """Send the waiting events, `copies` times each, in any order; returns the answers' statuses.

        Args:
            later: which of them are delayed: they wait for the next delivery.
            lost: which never arrive: they can only be found in the list of events.
        """
        with self.lock:
            self.pass_time()
            waiting = [event for event in self.events if not later(event)]
            self.events = [event for event in self.events if later(event)]
        answers = []
        for event in order([event for event in waiting if not lost(event)]):
            body = json.dumps(event).encode()
            statuses = [post(body, sign(body)) for _ in range(copies)]
            if any(status < 300 for status in statuses):
                self.undelivered.pop(event["id"], None)
            answers += statuses
        return answers

    def route_events(self, method: str, rest: list[str], form: Form) -> Row:
        if method != "GET" or rest:
            raise unknown_request(method, "events")
        if form.get("delivery_success") != "false":
            raise bad_request("the fake lists only what was not delivered")
        since, limit = int(form.get("created[gte]", 0)), int(form.get("limit", 10))
        if not 0 < limit <= _LONGEST_PAGE:
            raise bad_request("limit")
        found = [event for event in reversed(self.undelivered.values()) if event["created"] >= since]
        if after := form.get("starting_after"):
            names = [event["id"] for event in found]
            found = found[names.index(after) + 1 :]
        return {"object": "list", "data": found[:limit], "has_more": len(found) > limit, "url": "/v1/events"}

    def name(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers):06}"

    def emit(self, event_type: str, subject: Row) -> None:
        """Note down what happened, to be delivered later."""
        event: Row = {
            "id": self.name("evt"),
            "object": "event",
            "type": event_type,
            "api_version": None,
            "created": clock_seconds(),
            "livemode": False,
            "data": {"object": self._expanded(subject, {})},
        }
        self.events.append(event)
        self.undelivered[event["id"]] = event

    def _route(self, method: str, path: str, form: Form) -> Row:
        kind, *rest = path.removeprefix("/v1/").replace("checkout/sessions", "sessions").split("/")
        route = getattr(self, f"route_{kind}", None)
        if route is None:
            raise unknown_request(method, path)
        answer: Row = route(method, rest, form)
        return answer

    def _expanded(self, row: Row, form: Form) -> Row:
        """A copy in which an object inside another stands by its id, unless the request asks for it."""
        wanted = {value for name, value in form.items() if name.startswith("expand[")}
        copy: Row = json.loads(json.dumps(row))
        for name, value in copy.items():
            if not isinstance(value, dict) or "id" not in value:
                continue
            below = {
                f"expand[{path}]": path[len(name) + 1 :] for path in wanted if path.startswith(f"{name}.")
            }
            asked = name in wanted or below
            copy[name] = self._expanded(value, below) if asked else value["id"]
        return copy


def sign(body: bytes, *, secret: str = WEBHOOK_SECRET, age: int = 0) -> str:
    """The Stripe-Signature header of a body, `age` seconds old; negative for one from the future."""
    moment = clock_seconds() - age
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
