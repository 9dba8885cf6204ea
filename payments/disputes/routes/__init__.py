"""The pages of disputes, debts, and what two persons decide about money."""

from payments.disputes.routes import debts, decisions, disputes
from payments.disputes.routes.shared import blueprint

__all__ = ["blueprint", "debts", "decisions", "disputes"]
