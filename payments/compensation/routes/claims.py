"""Claims: the list, the form behind a settlement or a failed procedure, the claim file."""

import uuid
from datetime import date

from flask import redirect, render_template, url_for
from flask_babel import gettext

from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Subject, Verb, may
from marketplace.db import db
from marketplace.listings.models import Lot
from marketplace.web import allowed, current_actor, signed_in
from payments.compensation import queries, service, views
from payments.compensation.access import require_to_see
from payments.compensation.forms import RecoveryForm
from payments.compensation.losses import Loss, losses_of
from payments.compensation.models import CompensationClaim
from payments.compensation.routes.shared import Page, blueprint, done, reading
from payments.compensation.service.claiming import missing_evidence
from payments.compensation.service.recovering import borne_by, recovered_by
from payments.forms import PaidForm, ReasonForm
from payments.funds.documents import documents_of
from payments.funds.forms import EvidenceForm, PeriodForm

PER_PAGE = 50


@blueprint.get("/compensation/claims")
@signed_in
def claims() -> Page:
    """A bank's own claims, a keeper's, those a party bears a part of; the regulator's are all."""
    actor = current_actor()
    overseer = may(actor, Verb.SEE_OPERATIONS)
    found = queries.latest_claims() if overseer else queries.claims_seen_by(actor.institution_id)
    page = db.paginate(found, per_page=PER_PAGE, error_out=False)
    period = PeriodForm(formdata=None, since=_today().replace(day=1, month=1), until=_today())
    return render_template(
        "compensation/claims.html",
        page=page,
        overseer=overseer,
        period=period,
        losses=_unclaimed(actor) if may(actor, Verb.CLAIM_COMPENSATION) else [],
    )


def _unclaimed(actor: Actor) -> list[tuple[Lot, Loss]]:
    """The bank's losses for which no claim stands."""
    session = reading()
    found = []
    for lot, loss in losses_of(session, actor.institution_id):
        standing = queries.claim_on_lot(session, lot.id)
        if standing is None or standing.status in queries.CLOSED:
            found.append((lot, loss))
    return found


@blueprint.get("/compensation/today")
@signed_in
def today_fragment() -> Page:
    """For the reader's day: claims and recoveries that wait for the reader's institution."""
    actor, session = current_actor(), reading()
    rows = []
    if actor.kind is InstitutionKind.FUND:
        rows = queries.waiting_for(session, actor.institution_id)
    elif not may(actor, Verb.SEE_OPERATIONS):
        rows = list(session.scalars(queries.claims_seen_by(actor.institution_id).limit(20)))
    steps = [(claim, views.next_of(session, claim, actor)) for claim in rows]
    reported = queries.reported_recoveries(session) if may(actor, Verb.CONFIRM_MONEY) else []
    return render_template(
        "compensation/_today.html",
        steps=[(claim, step) for claim, step in steps if step and step.mine],
        reported=[(row, queries.find_claim(session, row.claim_id)) for row in reported],
    )


@blueprint.get("/compensation/claims/<uuid:claim_id>")
@signed_in
def claim(claim_id: uuid.UUID) -> Page:
    """The claim file: where it stands, what is due and when, what the reader can do now."""
    return show_claim(seen_claim(claim_id))


def seen_claim(claim_id: uuid.UUID) -> CompensationClaim:
    """The claim; raises NotFound for a stranger."""
    found = queries.find_claim(reading(), claim_id)
    require_to_see(current_actor(), found)
    return found


def show_claim(found: CompensationClaim, problem: str = "") -> str:
    actor, session = current_actor(), reading()
    terms = views.terms_of(found)
    documents = documents_of(session, found.id)
    borne, back = borne_by(found), recovered_by(found)
    return render_template(
        "compensation/claim.html",
        claim=found,
        problem=problem,
        terms=terms,
        next=views.next_of(session, found, actor),
        division=views.division_of(found),
        cuts=views.cuts_of(found),
        documents=documents,
        missing=missing_evidence(terms, documents),
        back=back,
        open_minor=sum(borne.values()) - sum(back.values()),
        may=_may(actor, found),
        reason_form=ReasonForm(formdata=None),
        evidence_form=EvidenceForm(formdata=None),
        recovery_form=RecoveryForm(formdata=None),
        paid_form=PaidForm(formdata=None),
    )


def _may(actor: Actor, found: CompensationClaim) -> dict[str, bool]:
    """What the reader may do with this claim, whatever its status."""
    keeper, own = Subject(owner_id=found.pool.keeper_id), Subject(owner_id=found.bank_id)
    return {
        "claim": may(actor, Verb.CLAIM_COMPENSATION, own),
        "review": may(actor, Verb.KEEP_FUND, keeper),
        "release": may(actor, Verb.RELEASE_FUND, keeper) and found.reviewed_by_id != actor.person_id,
        "confirm": may(actor, Verb.CONFIRM_MONEY),
    }


@blueprint.post("/compensation/claims/<uuid:claim_id>/evidence")
@allowed(Verb.CLAIM_COMPENSATION)
def add_evidence(claim_id: uuid.UUID) -> Page:
    """Name a document that the fund asks for."""
    form = EvidenceForm()
    problem = done(
        form,
        lambda session: service.add_evidence(
            session,
            current_actor(),
            claim_id,
            form.chosen,
            reference=str(form.reference.data),
            digest=form.digest_of_it,
        ),
        gettext("The document is named."),
    )
    return back_to(claim_id, problem)


@blueprint.post("/compensation/claims/<uuid:claim_id>/withdraw")
@allowed(Verb.CLAIM_COMPENSATION)
def withdraw(claim_id: uuid.UUID) -> Page:
    """Take the claim back."""
    form = ReasonForm()
    act = lambda session: service.withdraw(session, current_actor(), claim_id, str(form.reason.data))  # noqa: E731
    return back_to(claim_id, done(form, act, gettext("The claim is withdrawn.")))


def back_to(claim_id: uuid.UUID, problem: str) -> Page:
    """Back to the claim file, or its page with the problem."""
    if problem:
        return show_claim(seen_claim(claim_id), problem), 422
    return redirect(url_for("compensation.claim", claim_id=claim_id), code=303)


def _today() -> date:
    return clock.now().astimezone(clock.LOCAL_ZONE).date()
