"""Who sees what of risk compensation: a bank its own claims, a keeper its pools', the regulator all of it."""

from marketplace.access import Actor, InstitutionKind, Subject, Verb, may, require
from payments.compensation.models import CompensationClaim, CompensationPool

# Who may read an agreement: whoever may claim under one, or be a party to one.
READERS = frozenset(
    {
        InstitutionKind.BANK,
        InstitutionKind.AGENCY,
        InstitutionKind.FUND,
        InstitutionKind.INSURER,
        InstitutionKind.GUARANTOR,
    }
)


def subject_of(claim: CompensationClaim) -> Subject:
    """The claim as access sees it: the bank's, shared with the keeper and whoever bears a part of it."""
    parties = {claim.pool.keeper_id, *(part.institution_id for part in claim.parts)}
    return Subject(owner_id=claim.bank_id, parties=frozenset(parties))


def require_to_see(actor: Actor, claim: CompensationClaim) -> None:
    """Raise NotFound for a stranger.

    Raises:
        NotFound, NotAllowed: as `access.require`.
    """
    if not may(actor, Verb.SEE_OPERATIONS):
        require(actor, Verb.SEE_CLAIM, subject_of(claim))


def keeps(actor: Actor | None, pool: CompensationPool) -> bool:
    """Whether the reader sees everything of a pool: its keeper, the operator, the regulator."""
    if actor is None or not actor.verified:
        return False
    return actor.institution_id == pool.keeper_id or may(actor, Verb.SEE_OPERATIONS)


def reads_terms(actor: Actor | None, pool: CompensationPool) -> bool:
    """Whether the reader may read the pool's agreement."""
    return keeps(actor, pool) or (actor is not None and actor.verified and actor.kind in READERS)


def sees_pool(actor: Actor | None, pool: CompensationPool) -> bool:
    """Whether the reader may know the pool at all."""
    return pool.public_totals or reads_terms(actor, pool)
