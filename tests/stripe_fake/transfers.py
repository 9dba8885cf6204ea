"""Connect: payees' accounts, transfers to them, and reversals that their balances may not cover."""

from stripe_fake.answers import Form, Row, bad_request, missing, under, unknown_request
from stripe_fake.sessions import Sessions

# Where Stripe pays across borders by itself; elsewhere only payees of the platform's own country.
SELF_SERVE = frozenset({"US", "GB", "DE", "FR", "NL", "IE", "CA", "CH"})


class Transfers(Sessions):
    """Accounts and transfers.

    Attributes:
        balances: what each account holds, in minor units by its id; a test empties one by paying it out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.accounts: dict[str, Row] = {}
        self.transfers: dict[str, Row] = {}
        self.balances: dict[str, int] = {}

    def onboard(self, account_id: str) -> None:
        """The payee tells Stripe everything it wants to know."""
        with self.lock:
            account = self.accounts[account_id]
            account.update(payouts_enabled=True, capabilities={"transfers": "active"})
            account["requirements"] = {"currently_due": []}
            self.emit("account.updated", account)

    def pay_out(self, account_id: str) -> None:
        """The payee's balance goes to its bank."""
        with self.lock:
            self.balances[account_id] = 0

    def route_accounts(self, method: str, rest: list[str], form: Form) -> Row:
        match (method, *rest):
            case ("POST",):
                return self._open_account(form)
            case ("GET", name):
                return self._account(name)
        raise unknown_request(method, "accounts")

    def route_account_links(self, method: str, rest: list[str], form: Form) -> Row:
        if (method, rest) != ("POST", []):
            raise unknown_request(method, "account_links")
        account = self._account(form["account"])
        return {"object": "account_link", "url": f"{self.base}/onboard/{account['id']}"}

    def route_transfers(self, method: str, rest: list[str], form: Form) -> Row:
        match (method, *rest):
            case ("POST",):
                return self._transfer(form)
            case ("POST", name, "reversals"):
                return self._reverse(name, int(form["amount"]))
        raise unknown_request(method, "transfers")

    def _open_account(self, form: Form) -> Row:
        if form["country"] not in SELF_SERVE:
            raise bad_request(f"{form['country']} is not currently supported by Stripe for this platform")
        account: Row = {
            "id": self.name("acct"),
            "object": "account",
            "country": form["country"],
            "payouts_enabled": False,
            "capabilities": {"transfers": "inactive"},
            "requirements": {"currently_due": ["external_account", "tos_acceptance.date"]},
            "metadata": under(form, "metadata"),
        }
        self.accounts[account["id"]] = account
        self.balances[account["id"]] = 0
        return account

    def _account(self, name: str) -> Row:
        if name not in self.accounts:
            raise missing("account", name)
        return self.accounts[name]

    def _transfer(self, form: Form) -> Row:
        account, amount = self._account(form["destination"]), int(form["amount"])
        if account["capabilities"]["transfers"] != "active":
            raise bad_request("the destination account needs the transfers capability")
        charge = form.get("source_transaction", "")
        if charge and amount > self._left_of(charge):
            raise bad_request("more than is left of the charge", "balance_insufficient")
        transfer: Row = {
            "id": self.name("tr"),
            "object": "transfer",
            "amount": amount,
            "amount_reversed": 0,
            "currency": form["currency"],
            "destination": account["id"],
            "source_transaction": charge or None,
            "transfer_group": form.get("transfer_group"),
            "metadata": under(form, "metadata"),
        }
        self.transfers[transfer["id"]] = transfer
        self.balances[account["id"]] += amount
        return transfer

    def _left_of(self, charge_id: str) -> int:
        """What of a charge is neither given back nor transferred."""
        found = [one for one in self.intents.values() if one["latest_charge"]["id"] == charge_id]
        if not found or found[0]["status"] != "succeeded":
            raise missing("charge", charge_id)
        spent = sum(
            one["amount"] for one in self.transfers.values() if one["source_transaction"] == charge_id
        )
        return int(found[0]["amount_received"] - found[0]["latest_charge"]["amount_refunded"] - spent)

    def _reverse(self, name: str, amount: int) -> Row:
        if name not in self.transfers:
            raise missing("transfer", name)
        transfer = self.transfers[name]
        if not 0 < amount <= transfer["amount"] - transfer["amount_reversed"]:
            raise bad_request("more than is left of the transfer")
        if self.balances[transfer["destination"]] < amount:
            raise bad_request("The connected account has insufficient funds.", "balance_insufficient")
        self.balances[transfer["destination"]] -= amount
        transfer["amount_reversed"] += amount
        return {"id": self.name("trr"), "object": "transfer_reversal", "amount": amount, "transfer": name}
