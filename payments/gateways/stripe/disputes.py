"""Disputes as Stripe has them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from payments.gateways.disputing import DisputeState
from payments.gateways.stripe.calling import Calling


class Disputes:
    """The calls about disputes.

    Args:
        calling: the connection.
    """

    def __init__(self, calling: Calling) -> None:
        self.calling = calling

    def look_up_dispute(self, object_id: str) -> DisputeState:
        """As `Gateway.look_up_dispute`."""
        retrieve = partial(self.calling.api.disputes.retrieve, object_id)
        return dispute_state(self.calling("disputes.retrieve", retrieve, {}))


def dispute_state(dispute: Mapping[str, Any]) -> DisputeState:
    """A dispute in our words; pure.

    Its movements are in the currency in which our balance is kept: where that is another one, they only tell
    whether the whole amount is gone.
    """
    movements = dispute.get("balance_transactions") or ()
    same = all(one["currency"] == dispute["currency"] for one in movements)
    net = -sum(one["amount"] for one in movements)
    taken = max(net, 0) if same else dispute["amount"] * (net > 0)
    due_by = (dispute.get("evidence_details") or {}).get("due_by")
    return DisputeState(
        object_id=dispute["id"],
        intent_id=str(dispute.get("payment_intent") or ""),
        minor=dispute["amount"],
        currency=dispute["currency"].upper(),
        taken_minor=taken,
        status=dispute["status"],
        why=str(dispute.get("reason") or ""),
        due_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
    )
