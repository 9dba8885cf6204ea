"""The pages of payments: a buyer's deposit and balance, the operator's money desk, statements of deals."""

from payments import webhooks
from payments.routes import buying, covering, desk, events, overdue, statements
from payments.routes.shared import blueprint

__all__ = ["blueprint", "buying", "covering", "desk", "events", "overdue", "statements", "webhooks"]
