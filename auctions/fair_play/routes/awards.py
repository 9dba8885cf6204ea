"""Awards to decide, and the operator's day."""

import uuid

from flask import redirect, render_template, url_for

from auctions.fair_play import queries
from auctions.fair_play.forms import ConclusionForm
from auctions.fair_play.models import AwardReview
from auctions.fair_play.routes.shared import Page, blueprint, found_or_404, reading
from auctions.fair_play.rules.leads import LeadStatus
from auctions.fair_play.rules.policy import Capacity, ban_on
from auctions.fair_play.rules.standing import TIED_TO
from auctions.fair_play.service.barring import acting_for, standing_of
from auctions.service.awards import disqualify_winner, let_stand
from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.web import allowed, current_actor, show_refusal

SHOWN_TODAY = 5


@blueprint.get("/operator/fair-play/today")
@allowed(Verb.SEE_FAIR_PLAY)
def today_fragment() -> str:
    """For the day of operator and regulator: awards that wait, and the strongest leads."""
    leads = db.paginate(queries.leads(LeadStatus.OPENED), per_page=SHOWN_TODAY, error_out=False)
    awards = queries.awards_to_decide(reading())
    return render_template("fair_play/_today.html", leads=leads, awards=awards)


@blueprint.get("/operator/fair-play/awards/<uuid:review_id>")
@allowed(Verb.SEE_FAIR_PLAY)
def award(review_id: uuid.UUID) -> Page:
    """An award to somebody who may be barred, and what can be decided."""
    return _page(found_or_404(AwardReview, review_id), ConclusionForm())


def _page(found: AwardReview, form: ConclusionForm, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "fair_play/award.html",
        review=found,
        sources=_sources(found),
        form=form,
        barred=_is_barred(found),
        acts=may(current_actor(), Verb.KEEP_FAIR_PLAY) and not found.decision,
    )
    return page, status


def _is_barred(found: AwardReview) -> bool:
    """Whether a ban speaks against the winner now: it may have been lifted since the hammer fell."""
    winner = found.registration
    return bool(standing_of(reading(), found.auction, winner.institution_id, acting_for(winner)).bars)


def _sources(found: AwardReview) -> list[tuple[str, str]]:
    """Each code with where its ban comes from."""
    pack = found.auction.rule_pack
    known = {str(one) for one in Capacity}
    direct = [(code, ban_on(pack, Capacity(code)).source) for code in found.codes if code in known]
    return direct + [(code, "") for code in found.codes if code.startswith(TIED_TO) or code not in known]


@blueprint.post("/operator/fair-play/awards/<uuid:review_id>")
@allowed(Verb.KEEP_FAIR_PLAY)
def decide_award(review_id: uuid.UUID) -> Page:
    """Disqualify the winner, or let the award stand, by the button pressed."""
    form = ConclusionForm()
    decide = {"disqualify": disqualify_winner, "stand": let_stand}.get(str(form.decision.data or ""))
    if decide is None:
        raise NotFound("decision")
    if not form.validate_on_submit():
        return _page(found_or_404(AwardReview, review_id), form, 422)
    try:
        with atomic() as session:
            decide(session, current_actor(), review_id, str(form.reason.data))
    except Refused as refused:
        show_refusal(form, refused)
        return _page(found_or_404(AwardReview, review_id), form, refused.status)
    return redirect(url_for("fair_play.award", review_id=review_id), code=303)
