"""Checkout: Stripe's own pages, on which a person pays, lets hold, or saves a card."""

from stripe_fake.answers import DAY, Form, Row, bad_request, clock_seconds, missing, under, unknown_request
from stripe_fake.intents import Intents

# Presentment currencies of wallets, as Stripe's pages about them say.
WALLETS = {
    "alipay": frozenset(["aud", "cad", "cny", "eur", "gbp", "hkd", "jpy", "myr", "nzd", "sgd", "usd"]),
    "wechat_pay": frozenset(["aud", "cad", "chf", "cny", "eur", "gbp", "hkd", "jpy", "sgd", "usd"]),
}


def check_wallet(form: Form) -> None:
    """Stripe's refusals of wallets: another currency, a hold, a code that nobody shows."""
    kind = form["payment_method_types[0]"]
    if kind == "card":
        return
    if kind not in WALLETS:
        raise bad_request(f"The payment method type {kind} is invalid.")
    if form["line_items[0][price_data][currency]"] not in WALLETS[kind]:
        raise bad_request(f"{kind} cannot be used with this currency")
    if form.get("payment_intent_data[capture_method]") == "manual":
        raise bad_request(f"{kind} cannot be captured manually")
    if kind == "wechat_pay" and form.get("payment_method_options[wechat_pay][client]") != "web":
        raise bad_request("wechat_pay needs its client")


class Sessions(Intents):
    """Pages; a person completes one by `complete`, and one nobody completes expires after a day."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, Row] = {}

    def pass_time(self) -> None:
        super().pass_time()
        for session in list(self.sessions.values()):
            if session["status"] == "open" and session["expires_at"] <= clock_seconds():
                self._expire(session)

    def complete(self, session_id: str, *, card: str = "pm_card_visa") -> None:
        """A person enters a card on the page, or pays by the wallet to which it leads."""
        with self.lock:
            session = self.session(session_id)
            if session["status"] != "open":
                raise bad_request("the page is closed")
            if session["mode"] == "setup":
                setup = self.new_setup({"customer": session["customer"]})
                session.update(status="complete", setup_intent=self.confirm_setup(setup, card))
            else:
                form = session["asked"] | {"payment_method": card}
                session.update(status="complete", payment_intent=self.create_intent(form)["id"])
            self.emit("checkout.session.completed", session)

    def route_sessions(self, method: str, rest: list[str], form: Form) -> Row:
        match (method, *rest):
            case ("POST",):
                return self._open(form)
            case ("GET", name):
                return self.session(name)
            case ("POST", name, "expire"):
                return self._expire(self.session(name))
        raise unknown_request(method, "checkout/sessions")

    def session(self, name: str) -> Row:
        if name not in self.sessions:
            raise missing("checkout.session", name)
        return self.sessions[name]

    def _open(self, form: Form) -> Row:
        name = self.name("cs")
        session: Row = {
            "id": name,
            "object": "checkout.session",
            "mode": form["mode"],
            "status": "open",
            "amount_total": None,
            "currency": None,
            "customer": form.get("customer"),
            "client_reference_id": form["client_reference_id"],
            "success_url": form["success_url"],
            "payment_intent": None,
            "setup_intent": None,
            "expires_at": clock_seconds() + DAY,
            "url": f"{self.base}/pay/{name}",
        }
        if form["mode"] == "payment":
            check_wallet(form)
            session |= self._asked(form)
        self.sessions[name] = session
        return session

    @staticmethod
    def _asked(form: Form) -> Row:
        """What the page will ask for once somebody enters a card."""
        amount = form["line_items[0][price_data][unit_amount]"]
        currency = form["line_items[0][price_data][currency]"]
        options = {name: value for name, value in form.items() if name.startswith("payment_method_options[")}
        intent = {
            "amount": amount,
            "currency": currency,
            "capture_method": form.get("payment_intent_data[capture_method]", "automatic"),
            "confirm": "true",
        }
        metadata = under(form, "payment_intent_data[metadata]")
        marked = {f"metadata[{name}]": value for name, value in metadata.items()}
        return {"amount_total": int(amount), "currency": currency, "asked": intent | options | marked}

    def _expire(self, session: Row) -> Row:
        if session["status"] != "open":
            raise bad_request("Only open sessions can be expired")
        session["status"] = "expired"
        self.emit("checkout.session.expired", session)
        return session
