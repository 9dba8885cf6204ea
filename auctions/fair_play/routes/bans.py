"""The barred list: entries, proposing one, and a second person's decision."""

import uuid

from flask import redirect, render_template, request, url_for

from auctions.fair_play import queries
from auctions.fair_play.forms import ButtonForm, ConclusionForm, ListingForm
from auctions.fair_play.models import BarredListing, Lead
from auctions.fair_play.routes.shared import Page, blueprint, found_or_404, page_number, reading
from auctions.fair_play.rules.listing import LISTING_MOVES, SECOND_PERSONS, ListingStatus, review_due
from auctions.fair_play.rules.reasons import Reason
from auctions.fair_play.service import listing as service
from marketplace import clock
from marketplace.access import Actor, Verb, may
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.parties.models import Institution
from marketplace.web import allowed, current_actor, show_refusal


@blueprint.get("/operator/fair-play/list")
@allowed(Verb.SEE_FAIR_PLAY)
def barred_list() -> str:
    """Everybody on the list, what waits for a decision first."""
    page = db.paginate(queries.listings(), page=page_number(), per_page=queries.PAGE, error_out=False)
    acts = may(current_actor(), Verb.KEEP_FAIR_PLAY)
    return render_template("fair_play/list.html", page=page, acts=acts, due=_review_due)


def _review_due(listing: BarredListing) -> bool:
    listed = listing.status is ListingStatus.LISTED and listing.listed_at is not None
    return listed and review_due(listing.reviewed_at, listing.listed_at, clock.now())  # type: ignore[arg-type]


@blueprint.get("/operator/fair-play/list/new")
@allowed(Verb.KEEP_FAIR_PLAY)
def new_listing() -> str:
    """The form, filled from a lead where it comes from one."""
    form = ListingForm(formdata=None)
    lead, subject = _lead_asked_for(), None
    if lead is not None:
        subject = reading().get(Institution, uuid.UUID(lead.subjects[_subject_asked_for(lead)]))
    if subject is not None:
        form.country.data, form.registration_number.data = subject.country, subject.registration_number
    return render_template("fair_play/new_listing.html", form=form, lead=lead)


def _lead_asked_for() -> Lead | None:
    try:
        lead_id = uuid.UUID(request.args.get("lead_id", ""))
    except ValueError:
        return None
    found: Lead = found_or_404(Lead, lead_id)
    return found


def _subject_asked_for(lead: Lead) -> int:
    number = request.args.get("subject", default=0, type=int)
    if not 0 <= number < len(lead.subjects):
        raise NotFound("subject")
    return number


@blueprint.post("/operator/fair-play/list/new")
@allowed(Verb.KEEP_FAIR_PLAY)
def propose_listing() -> Page:
    """Propose an entry; a second person decides."""
    form, lead = ListingForm(), _lead_asked_for()
    if not form.validate_on_submit():
        return render_template("fair_play/new_listing.html", form=form, lead=lead), 422
    try:
        with atomic() as session:
            found = _institution(form)
            listing = service.propose(
                session,
                current_actor(),
                found.id,
                reason=str(form.reason.data),
                source=str(form.source.data),
                days=form.days.data or 0,
                lead_id=lead.id if lead else None,
            )
    except Refused as refused:
        show_refusal(form, refused)
        return render_template("fair_play/new_listing.html", form=form, lead=lead), refused.status
    return redirect(url_for("fair_play.listing", listing_id=listing.id), code=303)


def _institution(form: ListingForm) -> Institution:
    number = str(form.registration_number.data).upper().replace(" ", "")
    found = queries.institution_by_number(reading(), str(form.country.data), number)
    if found is None:
        raise Refused(Reason.NO_SUCH_INSTITUTION, field="registration_number")
    return found


@blueprint.get("/operator/fair-play/list/<uuid:listing_id>")
@allowed(Verb.SEE_FAIR_PLAY)
def listing(listing_id: uuid.UUID) -> Page:
    """One entry: reason, source, until when, the institution's answer, and what can be done."""
    return _page(found_or_404(BarredListing, listing_id), ConclusionForm())


def _page(found: BarredListing, form: ConclusionForm, status: int = 200) -> tuple[str, int]:
    actor = current_actor()
    page = render_template(
        "fair_play/listing.html",
        listing=found,
        form=form,
        button=ButtonForm(formdata=None),
        acts=may(actor, Verb.KEEP_FAIR_PLAY) and found.ended_at is None,
        decisions=_decisions(found, actor),
        own=actor.person_id == (found.lift_proposed_by_id or found.proposed_by_id),
        review_due=_review_due(found),
    )
    return page, status


def _decisions(found: BarredListing, actor: Actor) -> list[ListingStatus]:
    """What a second person may decide now; nothing for the one who proposed it."""
    if actor.person_id == (found.lift_proposed_by_id or found.proposed_by_id):
        return []
    return sorted(LISTING_MOVES[found.status] & SECOND_PERSONS, reverse=True)


@blueprint.post("/operator/fair-play/list/<uuid:listing_id>/decide")
@allowed(Verb.KEEP_FAIR_PLAY)
def decide_listing(listing_id: uuid.UUID) -> Page:
    """A second person's decision, by the button pressed."""
    form = ButtonForm()
    status = {one.value: one for one in ListingStatus}.get(str(form.decision.data or ""))
    if not form.validate_on_submit() or status is None:
        raise NotFound("decision")
    with atomic() as session:
        service.decide(session, current_actor(), listing_id, status)
    return redirect(url_for("fair_play.listing", listing_id=listing_id), code=303)


@blueprint.post("/operator/fair-play/list/<uuid:listing_id>/act")
@allowed(Verb.KEEP_FAIR_PLAY)
def act_on_listing(listing_id: uuid.UUID) -> Page:
    """Note the yearly review, or propose to lift the entry; both with a reason."""
    form = ConclusionForm()
    acts = {"review": service.review, "lift": service.propose_lift}
    act = acts.get(str(form.decision.data or ""))
    if act is None:
        raise NotFound("decision")
    if not form.validate_on_submit():
        return _page(found_or_404(BarredListing, listing_id), form, 422)
    try:
        with atomic() as session:
            act(session, current_actor(), listing_id, str(form.reason.data))
    except Refused as refused:
        show_refusal(form, refused)
        return _page(found_or_404(BarredListing, listing_id), form, refused.status)
    return redirect(url_for("fair_play.listing", listing_id=listing_id), code=303)
