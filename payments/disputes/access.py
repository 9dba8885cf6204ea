"""Who may see disputes and debts: the overseers all of them, a debtor its own debts."""

from marketplace.access import Actor, Subject, Verb, may, require
from payments.disputes.models import Debt


def require_to_see_debt(actor: Actor, debt: Debt) -> None:
    """Raise NotFound for a stranger.

    Raises:
        NotFound, NotAllowed: as `access.require`.
    """
    if not may(actor, Verb.SEE_OPERATIONS):
        require(actor, Verb.SEE_DEAL, Subject(owner_id=debt.institution_id))
