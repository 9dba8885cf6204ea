"""The verbs of taxes: stating particulars, recording the registration of a contract."""

import uuid
from datetime import date

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.clock import LOCAL_ZONE
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.queries import lock_deal
from marketplace.errors import Conflict, Refused
from marketplace.parties.models import Institution
from marketplace.taxes import Treatment
from payments.service.acts import record
from payments.taxes import queries
from payments.taxes.models import ContractRegistration, Particulars
from payments.taxes.rules import TaxReason, check_registration, tax_number


def state_particulars(
    session: Session,
    actor: Actor,
    *,
    treatment: Treatment,
    number: str,
    address: str = "",
    telephone: str = "",
    bank: str = "",
    bank_account: str = "",
) -> Particulars:
    """What stands on the actor's institution's invoices from now on; those already issued stay as they are.

    Raises:
        Refused: the tax number is none of the institution's country.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.STATE_PARTICULARS, Subject(owner_id=actor.institution_id))
    institution = session.get_one(Institution, actor.institution_id, with_for_update={"of": Institution})
    stated = Particulars(
        institution_id=institution.id,
        treatment=treatment,
        tax_number=tax_number(institution.country, number),
        address=address.strip(),
        telephone=telephone.strip(),
        bank=bank.strip(),
        bank_account=bank_account.strip(),
        stated_by_id=actor.person_id,
        stated_at=clock.now(),
    )
    session.add(stated)
    session.flush()
    record(session, "state_particulars", stated.id, actor, treatment=treatment)
    return stated


def register_contract(
    session: Session, actor: Actor, deal_id: uuid.UUID, *, number: str, registered_on: date
) -> ContractRegistration:
    """Record under which number the deal's contract is registered as a technology contract.

    Raises:
        Refused: the lot was not published as exempt, there is no number, or its date is to come.
        Conflict: it is recorded already.
        NotFound, NotAllowed: as `access.require`.
    """
    deal: Deal = lock_deal(session, deal_id)
    require(actor, Verb.FILE_TRANSFER, deals.subject_of(session, deal))
    if deal.lot.price_tax is not Treatment.EXEMPT:
        raise Refused(TaxReason.NOT_EXEMPT, field="number")
    if queries.registration_of(session, deal.id) is not None:
        raise Conflict(TaxReason.CONTRACT_REGISTERED_ALREADY)
    now = clock.now()
    registration = ContractRegistration(
        deal_id=deal.id,
        number=check_registration(number, registered_on, now.astimezone(LOCAL_ZONE).date()),
        registered_on=registered_on,
        recorded_by_id=actor.person_id,
        recorded_at=now,
    )
    session.add(registration)
    session.flush()
    record(session, "register_contract", deal.id, actor, number=registration.number)
    return registration
