"""A stateful Stripe on a local port: the few v1 calls the adapter makes, with Stripe's own refusals.

It honours idempotency keys, refuses over-capture, over-refund and capture of a cancelled hold, expires holds
when told to, and hands out signed notices once, twice or in any order. What it cannot do it answers with 404.
"""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

API_KEY = "sk_test_fake"
WEBHOOK_SECRET = "whsec_fake"
WEEK = 7 * 24 * 3600

Row = dict[str, Any]
Form = dict[str, str]


class Refusal(Exception):
    """An error as Stripe answers it."""

    def __init__(self, status: int, kind: str, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.content = {"error": {"type": kind, "message": message, "code": code}}


def bad_request(message: str, code: str | None = None) -> Refusal:
    return Refusal(400, "invalid_request_error", message, code)


def _unknown(method: str, path: str) -> Refusal:
    return Refusal(404, "invalid_request_error", f"Unrecognized request URL ({method}: {path})")


def clock_seconds() -> int:
    return int(time.time())  # noqa: TID251 - the stripe library compares signatures with the system's clock


class StripeFake:
    """The state behind the port. Everything happens under one lock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.intents: dict[str, Row] = {}
        self.sessions: dict[str, Row] = {}
        self.events: list[Row] = []
        self.answers: dict[str, tuple[str, int, Row]] = {}
        self.calls: list[tuple[str, str]] = []
        self.broken_answers = 0
        self.base = ""
        self._numbers = count(1)

    # What a buyer or the passing of time does.

    def complete(self, session_id: str, *, card: str = "pm_card_visa") -> None:
        """The buyer enters a card on the hosted page."""
        with self.lock:
            session = self.sessions[session_id]
            form = {"amount": str(session["amount_total"]), "currency": session["currency"]}
            form |= {"capture_method": session["capture_method"], "payment_method": card, "confirm": "true"}
            intent = self.create_intent(form | {"metadata[row]": session["client_reference_id"]})
            session.update(status="complete", payment_intent=intent["id"])
            self._emit("checkout.session.completed", session)

    def expire_hold(self, intent_id: str) -> None:
        """The card network drops the hold."""
        with self.lock:
            intent = self.intents[intent_id]
            intent.update(status="canceled", amount_capturable=0)
            self._emit("payment_intent.canceled", intent)

    def deliver(
        self,
        post: Callable[[bytes, str], int],
        *,
        copies: int = 1,
        order: Callable[[Sequence[Row]], Sequence[Row]] = tuple,
    ) -> list[int]:
        """Send every waiting event, `copies` times each, in any order; returns the answers' statuses."""
        waiting, self.events = self.events, []
        bodies = [json.dumps(event).encode() for event in order(waiting) for _ in range(copies)]
        return [post(body, sign(body)) for body in bodies]

    # What the API does.

    def answer(self, method: str, path: str, form: Form, key: str) -> tuple[int, Row]:
        with self.lock:
            self.calls.append((method, path))
            seen = f"{method} {path} {sorted(form.items())}"
            if key in self.answers:
                before, status, content = self.answers[key]
                if before != seen:
                    return 400, {
                        "error": {"type": "idempotency_error", "message": "key used for another request"}
                    }
                return status, content
            try:
                status, content = 200, json.loads(json.dumps(self._route(method, path, form)))
            except Refusal as refusal:
                status, content = refusal.status, refusal.content
            if key:
                self.answers[key] = (seen, status, content)
            return status, content

    def _route(self, method: str, path: str, form: Form) -> Row:
        kind, *rest = path.removeprefix("/v1/").removeprefix("checkout/").split("/")
        match (method, kind, rest):
            case ("POST", "refunds", []):
                return self._refund(self._intent(form["payment_intent"]), int(form["amount"]))
            case (_, "payment_intents", _):
                return self._route_intent(method, rest, form)
            case (_, "sessions", _):
                return self._route_session(method, rest, form)
        raise _unknown(method, path)

    def _route_intent(self, method: str, rest: list[str], form: Form) -> Row:
        match (method, *rest):
            case ("POST",):
                return self.create_intent(form)
            case ("GET", intent_id):
                return self._intent(intent_id)
            case ("POST", intent_id, "capture"):
                return self._capture(self._intent(intent_id), form)
            case ("POST", intent_id, "cancel"):
                return self._cancel(self._intent(intent_id))
        raise _unknown(method, "payment_intents")

    def _route_session(self, method: str, rest: list[str], form: Form) -> Row:
        match (method, *rest):
            case ("POST",):
                return self._open_session(form)
            case ("GET", session_id):
                return self._session(session_id)
            case ("POST", session_id, "expire"):
                return self._expire_session(self._session(session_id))
        raise _unknown(method, "checkout/sessions")

    def create_intent(self, form: Form) -> Row:
        amount = int(form["amount"])
        if not 0 < amount <= 99_999_999:
            raise bad_request("Amount must be no more than eight digits", "amount_too_large")
        if form["payment_method"] not in {"pm_card_visa", "pm_card_mastercard"}:
            raise Refusal(402, "card_error", "Your card was declined.", "card_declined")
        manual = form["capture_method"] == "manual"
        charge = {
            "id": self._name("ch"),
            "object": "charge",
            "amount": amount,
            "amount_refunded": 0,
            "captured": not manual,
            "payment_method_details": {
                "card": {"capture_before": clock_seconds() + WEEK if manual else None}
            },
        }
        intent: Row = {
            "id": self._name("pi"),
            "object": "payment_intent",
            "amount": amount,
            "currency": form["currency"],
            "status": "requires_capture" if manual else "succeeded",
            "amount_capturable": amount if manual else 0,
            "amount_received": 0 if manual else amount,
            "latest_charge": charge,
            "last_payment_error": None,
            "metadata": {"row": form.get("metadata[row]", "")},
        }
        self.intents[intent["id"]] = intent
        self._emit(f"payment_intent.{'amount_capturable_updated' if manual else 'succeeded'}", intent)
        return intent

    def _capture(self, intent: Row, form: Form) -> Row:
        amount = int(form["amount_to_capture"])
        if intent["status"] != "requires_capture":
            raise bad_request(f"status is {intent['status']}", "payment_intent_unexpected_state")
        if not 0 < amount <= intent["amount_capturable"]:
            raise bad_request("more than is capturable", "amount_too_large")
        intent.update(status="succeeded", amount_capturable=0, amount_received=amount)
        intent["latest_charge"]["captured"] = True
        self._emit("payment_intent.succeeded", intent)
        return intent

    def _cancel(self, intent: Row) -> Row:
        if intent["status"] in {"canceled", "succeeded"}:
            raise bad_request(f"status is {intent['status']}", "payment_intent_unexpected_state")
        intent.update(status="canceled", amount_capturable=0)
        self._emit("payment_intent.canceled", intent)
        return intent

    def _refund(self, intent: Row, amount: int) -> Row:
        charge = intent["latest_charge"]
        if not 0 < amount <= intent["amount_received"] - charge["amount_refunded"]:
            raise bad_request("more than was received", "charge_already_refunded")
        charge["amount_refunded"] += amount
        self._emit("charge.refunded", charge | {"payment_intent": intent["id"]})
        return {"id": self._name("re"), "object": "refund", "amount": amount, "payment_intent": intent["id"]}

    def _open_session(self, form: Form) -> Row:
        name = self._name("cs")
        session: Row = {
            "id": name,
            "object": "checkout.session",
            "status": "open",
            "amount_total": int(form["line_items[0][price_data][unit_amount]"]),
            "currency": form["line_items[0][price_data][currency]"],
            "capture_method": form["payment_intent_data[capture_method]"],
            "client_reference_id": form["client_reference_id"],
            "success_url": form["success_url"],
            "payment_intent": None,
            "url": f"{self.base}/pay/{name}",
        }
        self.sessions[name] = session
        return session

    def _expire_session(self, session: Row) -> Row:
        if session["status"] != "open":
            raise bad_request("Only open sessions can be expired")
        session["status"] = "expired"
        self._emit("checkout.session.expired", session)
        return session

    def _intent(self, intent_id: str) -> Row:
        if intent_id not in self.intents:
            raise Refusal(404, "invalid_request_error", f"No such payment_intent: '{intent_id}'")
        return self.intents[intent_id]

    def _session(self, session_id: str) -> Row:
        if session_id not in self.sessions:
            raise Refusal(404, "invalid_request_error", f"No such checkout.session: '{session_id}'")
        return self.sessions[session_id]

    def _name(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers):06}"

    def _emit(self, event_type: str, subject: Row) -> None:
        event = {"id": self._name("evt"), "object": "event", "type": event_type, "api_version": None}
        self.events.append(event | {"data": {"object": json.loads(json.dumps(subject))}})


def sign(body: bytes, *, secret: str = WEBHOOK_SECRET, age: int = 0) -> str:
    """The Stripe-Signature header of a body, `age` seconds old."""
    moment = clock_seconds() - age
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
