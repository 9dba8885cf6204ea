"""Customers, payment methods and set-ups: cards that are saved."""

from stripe_fake.answers import Form, Row, bad_request, card_error, missing, under, unknown_request
from stripe_fake.state import State

# What Stripe's test cards do, by their tokens and by their numbers.
VISA, DECLINED, CUSTOMER_FAIL, NEEDS_PAYER = "visa", "declined", "customer_fail", "needs_payer"
TOKENS = {
    "pm_card_visa": VISA,
    "pm_card_mastercard": VISA,
    "pm_card_chargeDeclined": DECLINED,
    "pm_card_chargeCustomerFail": CUSTOMER_FAIL,
    "pm_card_authenticationRequired": NEEDS_PAYER,
}
NUMBERS = {
    "4242424242424242": VISA,
    "4000000000000002": DECLINED,
    "4000000000000341": CUSTOMER_FAIL,
    "4000002760003184": NEEDS_PAYER,
}


class Cards(State):
    """A card is saved on a page or directly; off session some banks want to see their customer."""

    def __init__(self) -> None:
        super().__init__()
        self.customers: dict[str, Row] = {}
        self.methods: dict[str, Row] = {}
        self.setups: dict[str, Row] = {}

    def route_customers(self, method: str, rest: list[str], form: Form) -> Row:
        if (method, rest) != ("POST", []):
            raise unknown_request(method, "customers")
        metadata = under(form, "metadata")
        customer = {"id": self.name("cus"), "object": "customer", "name": form["name"], "metadata": metadata}
        self.customers[str(customer["id"])] = customer
        return customer

    def route_payment_methods(self, method: str, rest: list[str], form: Form) -> Row:
        match (method, *rest):
            case ("POST",):
                return self.new_method(NUMBERS[under(form, "card")["number"]])
            case ("POST", name, "detach"):
                return self._detach(self.method(name))
        raise unknown_request(method, "payment_methods")

    def route_setup_intents(self, method: str, rest: list[str], form: Form) -> Row:
        match (method, *rest):
            case ("POST",):
                return self.new_setup(form)
            case ("GET", name):
                return self._setup(name)
            case ("POST", name, "confirm"):
                return self.confirm_setup(self._setup(name), form["payment_method"])
        raise unknown_request(method, "setup_intents")

    def new_method(self, does: str, customer: str | None = None) -> Row:
        """A payment method as if its number had been entered."""
        details = {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030}
        row = {"id": self.name("pm"), "object": "payment_method", "type": "card", "card": details}
        self.methods[str(row["id"])] = row | {"customer": customer, "does": does}
        return self.methods[str(row["id"])]

    def method(self, name: str) -> Row:
        """A payment method; a test card's token makes a new one, as at Stripe."""
        if name in TOKENS:
            return self.new_method(TOKENS[name])
        if name not in self.methods:
            raise missing("PaymentMethod", name)
        return self.methods[name]

    def new_setup(self, form: Form) -> Row:
        if form["customer"] not in self.customers:
            raise missing("customer", form["customer"])
        setup: Row = {
            "id": self.name("seti"),
            "object": "setup_intent",
            "status": "requires_payment_method",
            "customer": form["customer"],
            "usage": form.get("usage", "off_session"),
            "payment_method": None,
            "metadata": under(form, "metadata"),
        }
        self.setups[setup["id"]] = setup
        return setup

    def confirm_setup(self, setup: Row, card: str) -> Row:
        method = self.method(card)
        if method["does"] == DECLINED:
            self.emit("setup_intent.setup_failed", setup)
            raise card_error("Your card was declined.", "card_declined")
        method["customer"] = setup["customer"]
        setup.update(status="succeeded", payment_method=method)
        self.emit("setup_intent.succeeded", setup)
        return setup

    def _detach(self, method: Row) -> Row:
        if method["customer"] is None:
            raise bad_request("the payment method is not attached to a customer")
        method["customer"] = None
        return method

    def _setup(self, name: str) -> Row:
        if name not in self.setups:
            raise missing("setup_intent", name)
        return self.setups[name]
