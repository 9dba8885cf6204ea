"""The form with which a bank claims, behind a settlement or a procedure that ended without a sale."""

import uuid

from flask import redirect, render_template, url_for

from marketplace import clock
from marketplace.access import Subject, Verb, require
from marketplace.db import atomic
from marketplace.errors import NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.web import allowed, current_actor
from payments.compensation import queries, service
from payments.compensation.forms import ClaimForm
from payments.compensation.losses import Loss, loss_of, registered_pledge
from payments.compensation.routes.shared import Page, blueprint, reading, told


@blueprint.get("/compensation/lots/<uuid:lot_id>/claim")
@allowed(Verb.CLAIM_COMPENSATION)
def claim_form(lot_id: uuid.UUID) -> Page:
    """Claim compensation for what a disposal left unpaid."""
    lot, standing = _own_lot(lot_id), queries.claim_on_lot(reading(), lot_id)
    if standing is not None and standing.status not in queries.CLOSED:
        return redirect(url_for("compensation.claim", claim_id=standing.id), code=303)
    return _claim_form(lot, ClaimForm(formdata=None))


@blueprint.post("/compensation/lots/<uuid:lot_id>/claim")
@allowed(Verb.CLAIM_COMPENSATION)
def make_claim(lot_id: uuid.UUID) -> Page:
    lot, form = _own_lot(lot_id), ClaimForm()
    form.currency = lot.currency
    form.pool.choices = _pool_choices()
    if not form.validate_on_submit():
        return _claim_form(lot, form), 422
    try:
        with atomic() as session:
            row = service.claim(session, current_actor(), lot_id, form.pool.data, form.stated())
    except Refused as refused:
        form.form_errors.append(told(refused))
        return _claim_form(_own_lot(lot_id), form), refused.status
    return redirect(url_for("compensation.claim", claim_id=row.id), code=303)


def _own_lot(lot_id: uuid.UUID) -> Lot:
    lot = reading().get(Lot, lot_id)
    if lot is None:
        raise NotFound("lot")
    require(current_actor(), Verb.CLAIM_COMPENSATION, Subject(owner_id=lot.institution_id))
    return lot


def _pool_choices() -> list[tuple[str, str]]:
    """The pools with an agreement in force."""
    today, session = clock.now().astimezone(clock.LOCAL_ZONE).date(), reading()
    open_ones = [
        pool for pool in queries.all_pools(session) if queries.agreement_in_force(session, pool.id, today)
    ]
    return [(str(pool.id), f"{pool.name} ({pool.area}, {pool.currency})") for pool in open_ones]


def _claim_form(lot: Lot, form: ClaimForm) -> str:
    form.currency = lot.currency
    form.pool.choices = _pool_choices()
    loss, problem = _loss(lot)
    return render_template(
        "compensation/claim_form.html",
        lot=lot,
        loss=loss,
        problem=problem,
        pledge=registered_pledge(lot),
        form=form,
    )


def _loss(lot: Lot) -> tuple[Loss | None, str]:
    """What would be claimed, or why nothing can be."""
    try:
        return loss_of(reading(), lot), ""
    except Refused as refused:
        return None, told(refused)
