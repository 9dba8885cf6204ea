"""An institution's own account at the gateway: opened here, completed on the gateway's pages."""

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.parties.models import Institution
from payments.connect import queries
from payments.connect.models import ConnectedAccount
from payments.connect.rules import ConnectReason, served
from payments.gateways.transferring import AccountState
from payments.service.acts import record


def country_to_open(session: Session, actor: Actor) -> str:
    """In which country the actor's institution opens its account.

    Raises:
        Refused: the gateway pays nobody there; the bank does.
        Conflict: there is an account already.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.MANAGE_PEOPLE, Subject(owner_id=actor.institution_id))
    country = session.get_one(Institution, actor.institution_id).country
    if not served(country):
        raise Refused(ConnectReason.COUNTRY_NOT_SERVED)
    if queries.account_of(session, actor.institution_id) is not None:
        raise Conflict(ConnectReason.ACCOUNT_THERE_ALREADY)
    return country


def keep(session: Session, actor: Actor, state: AccountState) -> ConnectedAccount:
    """Keep the account that the gateway has opened; one that is kept already stays.

    Raises:
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.MANAGE_PEOPLE, Subject(owner_id=actor.institution_id))
    known = queries.account_of(session, actor.institution_id)
    if known is not None:
        return known
    account = ConnectedAccount(
        institution_id=actor.institution_id,
        gateway_object=state.object_id,
        country=state.country,
        ready=state.ready,
        missing=_missing(state),
        opened_at=clock.now(),
        looked_at=clock.now(),
    )
    session.add(account)
    session.flush()
    record(session, "open_account", account.id, actor, account=state.object_id, country=state.country)
    return account


def stands(session: Session, state: AccountState) -> None:
    """The gateway has said how an account stands; one that is none of ours is passed over."""
    account = queries.lock_account(session, state.object_id)
    if account is None:
        return
    changed = account.ready is not state.ready
    account.ready, account.missing, account.looked_at = state.ready, _missing(state), clock.now()
    if changed:
        record(session, "account_changed", account.id, None, ready=state.ready)


def _missing(state: AccountState) -> str:
    return ", ".join(state.missing)[:500]
