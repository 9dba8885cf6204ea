"""PaymentIntents and refunds: what is held on cards and taken from them."""

from stripe_fake.answers import (
    DAY,
    Form,
    Row,
    bad_request,
    card_error,
    clock_seconds,
    missing,
    under,
    unknown_request,
)
from stripe_fake.cards import CUSTOMER_FAIL, DECLINED, NEEDS_PAYER, Cards

# How long a hold lasts: placed by its holder, without its holder, extended.
WEEK = 7 * DAY
WITHOUT_HOLDER = 4 * DAY + 18 * 3600
EXTENDED = 30 * DAY

_CARD_OPTIONS = "payment_method_options[card]"


class Intents(Cards):
    """Holds, charges and refunds.

    Attributes:
        extends, increments: whether the network and issuer of all cards take part in longer and raised holds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.intents: dict[str, Row] = {}
        self.extends = False
        self.increments = False

    def pass_time(self) -> None:
        """The card networks drop the holds that have run out."""
        super().pass_time()
        now = clock_seconds()
        for intent in list(self.intents.values()):
            until = intent["latest_charge"]["payment_method_details"]["card"]["capture_before"]
            if intent["status"] == "requires_capture" and until <= now:
                self.expire_hold(intent["id"])

    def expire_hold(self, intent_id: str) -> None:
        """The card network drops the hold."""
        with self.lock:
            intent = self.intents[intent_id]
            intent.update(status="canceled", amount_capturable=0)
            self.emit("payment_intent.canceled", intent)

    def route_payment_intents(self, method: str, rest: list[str], form: Form) -> Row:
        match (method, *rest):
            case ("POST",):
                return self.create_intent(form)
            case ("GET", name):
                return self.intent(name)
            case ("POST", name, "capture"):
                return self._capture(self.intent(name), int(form["amount_to_capture"]))
            case ("POST", name, "increment_authorization"):
                return self._increment(self.intent(name), int(form["amount"]))
            case ("POST", name, "cancel"):
                return self._cancel(self.intent(name))
        raise unknown_request(method, "payment_intents")

    def route_refunds(self, method: str, rest: list[str], form: Form) -> Row:
        if (method, rest) != ("POST", []):
            raise unknown_request(method, "refunds")
        return self._refund(self.intent(form["payment_intent"]), int(form["amount"]))

    def intent(self, name: str) -> Row:
        if name not in self.intents:
            raise missing("payment_intent", name)
        return self.intents[name]

    def create_intent(self, form: Form) -> Row:
        amount = int(form["amount"])
        if not 0 < amount <= 99_999_999:
            raise bad_request("Amount must be no more than eight digits", "amount_too_large")
        method, alone = self.method(form["payment_method"]), form.get("off_session") == "true"
        if alone and method["customer"] != form["customer"]:
            raise bad_request("the payment method is not the customer's")
        intent = self.new_intent(form, amount)
        if method["does"] in {DECLINED, CUSTOMER_FAIL}:
            self._fail(intent, "Your card was declined.", "card_declined")
        if alone and method["does"] == NEEDS_PAYER:
            message = "Your card was declined. This transaction requires authentication."
            self._fail(intent, message, "authentication_required")
        self._authorise(intent, form, alone=alone)
        return intent

    def new_intent(self, form: Form, amount: int) -> Row:
        manual = form["capture_method"] == "manual"
        charge = {
            "id": self.name("ch"),
            "object": "charge",
            "amount": amount,
            "amount_refunded": 0,
            "captured": False,
            "payment_method_details": {"card": {"capture_before": None}},
        }
        intent: Row = {
            "id": self.name("pi"),
            "object": "payment_intent",
            "amount": amount,
            "currency": form["currency"],
            "capture_method": "manual" if manual else "automatic",
            "status": "requires_payment_method",
            "amount_capturable": 0,
            "amount_received": 0,
            "latest_charge": charge,
            "last_payment_error": None,
            "metadata": under(form, "metadata"),
        }
        self.intents[intent["id"]] = intent
        return intent

    def _fail(self, intent: Row, message: str, code: str) -> None:
        intent["last_payment_error"] = {"message": message, "code": code}
        self.emit("payment_intent.payment_failed", intent)
        raise card_error(message, code)

    def _authorise(self, intent: Row, form: Form, *, alone: bool) -> None:
        if intent["capture_method"] != "manual":
            intent["latest_charge"]["captured"] = True
            intent.update(status="succeeded", amount_received=intent["amount"])
            self.emit("payment_intent.succeeded", intent)
            return
        extended = self.extends and f"{_CARD_OPTIONS}[request_extended_authorization]" in form
        raisable = self.increments and f"{_CARD_OPTIONS}[request_incremental_authorization]" in form
        life = EXTENDED if extended else WITHOUT_HOLDER if alone else WEEK
        intent["latest_charge"]["payment_method_details"]["card"] = {
            "capture_before": clock_seconds() + life,
            "extended_authorization": {"status": "enabled" if extended else "disabled"},
            "incremental_authorization": {"status": "available" if raisable else "unavailable"},
        }
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        self.emit("payment_intent.amount_capturable_updated", intent)

    def _capture(self, intent: Row, amount: int) -> Row:
        if intent["status"] != "requires_capture":
            raise bad_request(f"status is {intent['status']}", "payment_intent_unexpected_state")
        if not 0 < amount <= intent["amount_capturable"]:
            raise bad_request("more than is capturable", "amount_too_large")
        intent.update(status="succeeded", amount_capturable=0, amount_received=amount)
        intent["latest_charge"]["captured"] = True
        self.emit("payment_intent.succeeded", intent)
        return intent

    def _increment(self, intent: Row, amount: int) -> Row:
        card = intent["latest_charge"]["payment_method_details"]["card"]
        if intent["status"] != "requires_capture":
            raise bad_request(f"status is {intent['status']}", "payment_intent_unexpected_state")
        if card["incremental_authorization"]["status"] != "available":
            raise bad_request("this authorization cannot be incremented")
        if not intent["amount"] < amount <= 99_999_999:
            raise bad_request("the amount must be greater than what is authorised, of at most eight digits")
        intent.update(amount=amount, amount_capturable=amount)
        intent["latest_charge"]["amount"] = amount
        self.emit("payment_intent.amount_capturable_updated", intent)
        return intent

    def _cancel(self, intent: Row) -> Row:
        if intent["status"] in {"canceled", "succeeded"}:
            raise bad_request(f"status is {intent['status']}", "payment_intent_unexpected_state")
        intent.update(status="canceled", amount_capturable=0)
        self.emit("payment_intent.canceled", intent)
        return intent

    def _refund(self, intent: Row, amount: int) -> Row:
        charge = intent["latest_charge"]
        if not 0 < amount <= intent["amount_received"] - charge["amount_refunded"]:
            raise bad_request("more than was received", "charge_already_refunded")
        charge["amount_refunded"] += amount
        self.emit("charge.refunded", charge | {"payment_intent": intent["id"]})
        refund = {"id": self.name("re"), "object": "refund", "amount": amount}
        return refund | {"payment_intent": intent["id"], "status": "succeeded"}
