"""Disputes: a payer asks the money back, and Stripe takes it from our balance until it is decided."""

from stripe_fake.answers import DAY, Form, Row, bad_request, clock_seconds, missing, unknown_request
from stripe_fake.sessions import Sessions

# Networks give a week and more; Stripe passes on most of it.
EVIDENCE_DAYS = 7


class Disputes(Sessions):
    """Disputes of charges, moved by the test as a bank would."""

    def __init__(self) -> None:
        super().__init__()
        self.disputes: dict[str, Row] = {}

    def dispute(self, intent_id: str, *, reason: str = "fraudulent", inquiry: bool = False) -> str:
        """The payer disputes the charge; an inquiry takes nothing yet. Returns the dispute's id."""
        with self.lock:
            intent = self.intent(intent_id)
            if intent["status"] != "succeeded":
                raise bad_request("only a charge that was made is disputed")
            dispute: Row = {
                "id": self.name("dp"),
                "object": "dispute",
                "amount": intent["amount_received"],
                "currency": intent["currency"],
                "charge": intent["latest_charge"]["id"],
                "payment_intent": intent_id,
                "reason": reason,
                "status": "warning_needs_response" if inquiry else "needs_response",
                "evidence_details": {"due_by": clock_seconds() + EVIDENCE_DAYS * DAY},
                "balance_transactions": [],
            }
            self.disputes[dispute["id"]] = dispute
            self.emit("charge.dispute.created", dispute)
            if not inquiry:
                self._move(dispute, -dispute["amount"], "funds_withdrawn")
            return str(dispute["id"])

    def decide(self, dispute_id: str, *, won: bool) -> None:
        """The payer's bank decides."""
        with self.lock:
            dispute = self.disputes[dispute_id]
            if dispute["status"] in {"won", "lost"}:
                raise bad_request("it is decided")
            dispute["status"] = "won" if won else "lost"
            if won and dispute["balance_transactions"]:
                self._move(dispute, dispute["amount"], "funds_reinstated")
            self.emit("charge.dispute.closed", dispute)

    def route_disputes(self, method: str, rest: list[str], form: Form) -> Row:
        del form
        if method != "GET" or len(rest) != 1:
            raise unknown_request(method, "disputes")
        if rest[0] not in self.disputes:
            raise missing("dispute", rest[0])
        return self.disputes[rest[0]]

    def _move(self, dispute: Row, minor: int, what: str) -> None:
        movement = {"object": "balance_transaction", "amount": minor, "currency": dispute["currency"]}
        dispute["balance_transactions"].append(movement)
        self.emit(f"charge.dispute.{what}", dispute)
