"""What is recovered later: the bank reports it, the operator confirms or declines it."""

import uuid

from flask_babel import gettext

from marketplace.access import Verb
from marketplace.web import allowed, current_actor
from payments.compensation import queries, service
from payments.compensation.forms import RecoveryForm
from payments.compensation.routes.claims import back_to, seen_claim
from payments.compensation.routes.shared import Page, blueprint, done, reading
from payments.forms import PaidForm, ReasonForm


@blueprint.post("/compensation/claims/<uuid:claim_id>/recoveries")
@allowed(Verb.CLAIM_COMPENSATION)
def report_recovery(claim_id: uuid.UUID) -> Page:
    """The bank got something from the debtor after all."""
    found, form = seen_claim(claim_id), RecoveryForm()
    form.currency = found.currency
    problem = done(
        form,
        lambda session: service.report_recovery(
            session, current_actor(), claim_id, form.minor("amount") or 0, str(form.document.data)
        ),
        gettext("Reported: pass on the others' shares."),
    )
    return back_to(claim_id, problem)


@blueprint.post("/compensation/recoveries/<uuid:recovery_id>/confirm")
@allowed(Verb.CONFIRM_MONEY)
def confirm_recovery(recovery_id: uuid.UUID) -> Page:
    """The others' shares have arrived."""
    claim_id, form = queries.find_recovery(reading(), recovery_id).claim_id, PaidForm()
    problem = done(
        form,
        lambda session: service.confirm_recovery(
            session, current_actor(), recovery_id, str(form.bank_reference.data)
        ),
        gettext("Shared back."),
    )
    return back_to(claim_id, problem)


@blueprint.post("/compensation/recoveries/<uuid:recovery_id>/decline")
@allowed(Verb.CONFIRM_MONEY)
def decline_recovery(recovery_id: uuid.UUID) -> Page:
    """The others' shares did not arrive."""
    claim_id, form = queries.find_recovery(reading(), recovery_id).claim_id, ReasonForm()
    problem = done(
        form,
        lambda session: service.decline_recovery(
            session, current_actor(), recovery_id, str(form.reason.data)
        ),
        gettext("Not confirmed."),
    )
    return back_to(claim_id, problem)
