"""What an officer confirms by hand is not on an imported statement: from there it is matched, never twice."""

from sqlalchemy.orm import Session

from marketplace.errors import Conflict
from payments.bank import queries
from payments.bank.rules.words import Reason


def require_not_on_statement(session: Session, bank_reference: str) -> None:
    """Raise Conflict where a statement with this line has been imported."""
    if queries.is_on_statement(session, bank_reference):
        raise Conflict(Reason.LINE_ON_STATEMENT, field="bank_reference")
