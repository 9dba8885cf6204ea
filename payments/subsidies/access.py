"""Who sees an application: whoever made it, the firm it is for, the programme's keeper, the overseers."""

from marketplace.access import Actor, Subject, Verb, may, require
from payments.subsidies.models import SubsidyApplication, SubsidyProgramme


def subject_of(application: SubsidyApplication) -> Subject:
    """The application as access sees it: the applicant's, shared with its firm and the keeper."""
    parties = {application.programme.keeper_id}
    if application.payee_id is not None:
        parties.add(application.payee_id)
    return Subject(owner_id=application.applicant_id, parties=frozenset(parties))


def require_to_see(actor: Actor, application: SubsidyApplication) -> None:
    """Raise NotFound for a stranger.

    Raises:
        NotFound, NotAllowed: as `access.require`.
    """
    if not may(actor, Verb.SEE_OPERATIONS):
        require(actor, Verb.SEE_SUBSIDY, subject_of(application))


def keeps(actor: Actor | None, programme: SubsidyProgramme) -> bool:
    """Whether the reader sees everything of a programme: its keeper, the operator, the regulator."""
    if actor is None or not actor.verified:
        return False
    return actor.institution_id == programme.keeper_id or may(actor, Verb.SEE_OPERATIONS)
