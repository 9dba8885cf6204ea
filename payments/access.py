"""Who may see the money of a deal or deposit: its parties, and whoever oversees the platform."""

from marketplace.access import Actor, Subject, Verb, may, require


def require_to_see(actor: Actor, subject: Subject) -> None:
    """Raise NotFound for a stranger.

    Raises:
        NotFound, NotAllowed: as `access.require`.
    """
    if may(actor, Verb.SEE_OPERATIONS):
        return
    require(actor, Verb.SEE_DEAL, subject)


def sees_whole_settlement(actor: Actor, subject: Subject) -> bool:
    """The seller and the overseers see who gets what; a buyer or agency sees what concerns itself."""
    return may(actor, Verb.SEE_OPERATIONS) or actor.institution_id == subject.owner_id
