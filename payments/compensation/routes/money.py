"""Money into a pool and out of it, each time by two persons."""

import uuid

from flask_babel import gettext

from marketplace.access import Verb
from marketplace.web import allowed, current_actor, signed_in
from payments.compensation import service
from payments.compensation.routes.pools import answer
from payments.compensation.routes.shared import Page, blueprint, done, known_pool, reading
from payments.compensation.service.pools import parties_of
from payments.funds.forms import ContributionForm, WithdrawalForm
from payments.funds.queries import find_movement


@blueprint.post("/compensation/pools/<uuid:pool_id>/contributions")
@allowed(Verb.CONFIRM_MONEY)
def contribute(pool_id: uuid.UUID) -> Page:
    """A contribution stands on the bank statement."""
    found, form = known_pool(pool_id, current_actor()), ContributionForm()
    form.currency = found.currency
    form.offer({one: party.name for one, party in parties_of(reading(), found).items()})
    problem = done(
        form,
        lambda session: service.contribute(
            session,
            current_actor(),
            pool_id,
            form.party.data,
            minor=form.minor("amount") or 0,
            bank_reference=str(form.bank_reference.data),
        ),
        gettext("Recorded: a second person has to confirm it."),
    )
    return answer(pool_id, problem)


@blueprint.post("/compensation/pools/<uuid:pool_id>/withdrawals")
@allowed(Verb.KEEP_FUND)
def withdraw_money(pool_id: uuid.UUID) -> Page:
    """The keeper asks for money back."""
    found, form = known_pool(pool_id, current_actor()), WithdrawalForm()
    form.currency = found.currency
    form.offer({one: party.name for one, party in parties_of(reading(), found).items()})
    problem = done(
        form,
        lambda session: service.withdraw_money(
            session,
            current_actor(),
            pool_id,
            form.party.data,
            minor=form.minor("amount") or 0,
            reason=str(form.reason.data),
        ),
        gettext("Asked: a second person has to confirm it."),
    )
    return answer(pool_id, problem)


@blueprint.post("/compensation/movements/<uuid:movement_id>/<any(confirm, refuse):answered>")
@signed_in
def answer_movement(movement_id: uuid.UUID, answered: str) -> Page:
    """The second person's answer to a contribution or withdrawal."""
    pool_id, confirm = find_movement(reading(), movement_id).fund_id, answered == "confirm"
    act = lambda session: service.answer_movement(  # noqa: E731
        session, current_actor(), movement_id, confirm=confirm
    )
    said = gettext("Confirmed.") if confirm else gettext("Not confirmed.")
    return answer(pool_id, done(None, act, said))
