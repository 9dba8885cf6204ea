"""What must always hold of the register and of what was submitted: each question must find nothing."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from transactions.log import signing
from transactions.models import TransactionRecord
from transactions.sharing.models import Contributor, ContributorAct, Submission
from transactions.sharing.rules.contributors import ContributorStatus
from transactions.sharing.rules.statements import line_statement
from transactions.sharing.service.acts import settings

_LIMIT = 100
# Signatures take a tenth of a millisecond each, so the latest are checked.
_SIGNATURES = 10_000

# A key is revoked at one marketplace while another takes a line, each by its own clock.
_CLOCKS_DIFFER = timedelta(minutes=5)

# Admitted by a command, because nobody's prices are in a sandbox.
_BY_COMMAND = "admit_to_sandbox"


def decisions_take_two_persons(session: Session) -> list[str]:
    """Admissions and refusals name a proposer, who is another person."""
    act = ContributorAct
    alone = or_(act.first_person_id.is_(None), act.person_id.is_(None), act.first_person_id == act.person_id)
    query = select(act).where(act.act.in_(["admitted", "refused"]), alone).limit(_LIMIT)
    return [
        f"contributor {one.contributor_id} was {one.act} without two persons"
        for one in session.scalars(query)
    ]


def who_contributes_was_admitted(session: Session) -> list[str]:
    """Whoever is or was in the register has an act that admitted it."""
    admitting = select(ContributorAct.id).where(
        ContributorAct.contributor_id == Contributor.id, ContributorAct.act.in_(["admitted", _BY_COMMAND])
    )
    states = [ContributorStatus.ADMITTED, ContributorStatus.SUSPENDED]
    query = select(Contributor).where(Contributor.status.in_(states), ~admitting.exists())
    return [f"contributor {one.code} was never admitted" for one in session.scalars(query.limit(_LIMIT))]


def submissions_are_of_their_contributor(session: Session) -> list[str]:
    """Each submission's record stands under its contributor's name."""
    query = (
        select(Submission, Contributor.code)
        .join(Contributor, Contributor.id == Submission.contributor_id)
        .join(TransactionRecord, TransactionRecord.id == Submission.record_id)
        .where(TransactionRecord.source_marketplace != Contributor.code)
    )
    return [
        f"submission {row.own_id} of {code} became a record of somebody else"
        for row, code in session.execute(query.limit(_LIMIT))
    ]


def submissions_are_signed(session: Session) -> list[str]:
    """The signatures of the latest submissions fit their keys, which were not over when they came."""
    query = (
        select(Submission, Contributor.code)
        .join(Contributor, Contributor.id == Submission.contributor_id)
        .order_by(Submission.received_at.desc())
        .limit(_SIGNATURES)
    )
    problems = []
    for row, code in session.execute(query):
        statement = line_statement(code, row.digest, sandbox=settings().sandbox)
        if not signing.is_signed(row.key.public_key, row.signature, statement):
            problems.append(f"submission {row.own_id} of {code} does not bear its signature")
        if row.key.as_rule().ended_at(row.received_at - _CLOCKS_DIFFER):
            problems.append(f"submission {row.own_id} of {code} came with a key that was over")
    return problems


CHECKS: Sequence[tuple[str, Callable[[Session], list[str]]]] = (
    ("contributors are admitted and refused by two persons", decisions_take_two_persons),
    ("whoever contributes was admitted", who_contributes_was_admitted),
    ("submissions became records of their contributor", submissions_are_of_their_contributor),
    ("submissions bear their signatures", submissions_are_signed),
)
