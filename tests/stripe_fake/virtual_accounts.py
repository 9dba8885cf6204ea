"""Charges paid by bank transfer to a customer's virtual account, and the cash balance beside them."""

from stripe_fake.answers import Form, Row, bad_request, under
from stripe_fake.sessions import Sessions

CURRENCIES = {
    "eu_bank_transfer": ("eur", "iban"),
    "gb_bank_transfer": ("gbp", "sort_code"),
    "jp_bank_transfer": ("jpy", "zengin"),
    "mx_bank_transfer": ("mxn", "spei"),
    "us_bank_transfer": ("usd", "aba"),
}
_OPTIONS = "payment_method_options[customer_balance]"


class VirtualAccounts(Sessions):
    """Transfers that arrive for a customer: first for its charge, what is too much stays in its balance."""

    def __init__(self) -> None:
        super().__init__()
        self.cash: dict[str, int] = {}

    def arrive(self, intent_id: str, minor: int) -> None:
        """The payer's bank sends money to the account of the charge."""
        with self.lock:
            intent = self.intent(intent_id)
            told = (intent["next_action"] or {}).get("display_bank_transfer_instructions")
            if intent["status"] != "requires_action" or told is None:
                self.cash[intent["customer"]] += minor
                self.emit("customer_cash_balance_transaction.created", {"customer": intent["customer"]})
                return
            part = min(minor, told["amount_remaining"])
            self.cash[intent["customer"]] += minor - part
            told["amount_remaining"] -= part
            if told["amount_remaining"]:
                self.emit("payment_intent.partially_funded", intent)
                return
            intent["latest_charge"]["captured"] = True
            intent.update(status="succeeded", amount_received=intent["amount"], next_action=None)
            self.emit("payment_intent.succeeded", intent)

    def route_customers(self, method: str, rest: list[str], form: Form) -> Row:
        if method == "GET" and rest[1:] == ["cash_balance"]:
            customer = rest[0]
            currency = next(
                (one["currency"] for one in self.intents.values() if one.get("customer") == customer), ""
            )
            return {"object": "cash_balance", "available": {currency: self.cash.get(customer, 0)}}
        return super().route_customers(method, rest, form)

    def create_intent(self, form: Form) -> Row:
        if form.get("payment_method_data[type]") != "customer_balance":
            return super().create_intent(form)
        amount, kind = int(form["amount"]), form[f"{_OPTIONS}[bank_transfer][type]"]
        if not 0 < amount <= 99_999_999:
            raise bad_request("Amount must be no more than eight digits", "amount_too_large")
        if kind not in CURRENCIES or CURRENCIES[kind][0] != form["currency"]:
            raise bad_request("this bank transfer type does not take this currency")
        if kind == "eu_bank_transfer" and not form.get(f"{_OPTIONS}[bank_transfer][{kind}][country]"):
            raise bad_request("a euro account needs a country")
        intent = self.new_intent(form | {"capture_method": "automatic"}, amount)
        self.cash.setdefault(form["customer"], 0)
        intent.update(
            status="requires_action",
            customer=form["customer"],
            payment_method_types=["customer_balance"],
            metadata=under(form, "metadata"),
            next_action={
                "type": "display_bank_transfer_instructions",
                "display_bank_transfer_instructions": _told(intent, amount, kind),
            },
        )
        return intent


def _told(intent: Row, amount: int, kind: str) -> Row:
    address = CURRENCIES[kind][1]
    number = f"{intent['id']:_>20}".replace("_", "0")
    details = {"account_holder_name": "Luochui", "bank_name": "Bank of the fake", "account_number": number}
    return {
        "amount_remaining": amount,
        "currency": intent["currency"],
        "financial_addresses": [{"type": address, address: details}],
        "reference": f"REF{intent['id'][-6:]}",
        "type": kind,
    }
