"""A bank's portfolio: its lots and cases, and where each of them stands."""

import uuid

from flask import render_template

from marketplace import clock
from marketplace.access import InstitutionKind, Verb, may
from marketplace.listings import queries
from marketplace.listings.content import content_hash
from marketplace.listings.forms import ApproveForm, LotForm, ReasonForm
from marketplace.listings.models import Lot
from marketplace.listings.priority.service import problems_of
from marketplace.listings.routes.shared import blueprint, chosen, page_number, reading
from marketplace.listings.rules import EDITABLE, LotStatus, next_action
from marketplace.listings.terms import check_ready, warnings_of
from marketplace.listings.views import lot_dates, public_lot
from marketplace.rule_packs import load
from marketplace.web import allowed, current_actor, refusal_text, signed_in


@blueprint.get("/portfolio")
@allowed(Verb.SEE_PORTFOLIO)
def portfolio() -> str:
    """The blotter: every lot with its state, its next date and the next action."""
    actor, now, status = current_actor(), clock.now(), chosen("status", LotStatus)
    page = queries.portfolio(actor.institution_id, status, page_number())
    return render_template(
        "listings/portfolio.html",
        page=page,
        rows=_rows(page.items),
        counts=queries.count_by_status(reading(), actor.institution_id),
        status=status,
        now=now,
    )


@blueprint.get("/portfolio/today")
@signed_in
def today_fragment() -> str:
    """For the reader's day: lots of the bank on which somebody has to act."""
    actor = current_actor()
    own = actor.kind is InstitutionKind.BANK and may(actor, Verb.SEE_PORTFOLIO)
    lots = queries.waiting_lots(reading(), actor.institution_id) if own else []
    return render_template("listings/_today.html", rows=_rows(lots), own=own)


def _rows(lots: list[Lot]) -> list[tuple[Lot, object, bool]]:
    """Each lot with its next action, and whether this reader has to decide about it."""
    now, actor = clock.now(), current_actor()
    approver = may(actor, Verb.APPROVE_LOT)
    return [
        (
            lot,
            next_action(lot.status, lot.opens_at, lot.closes_at, now),
            approver and lot.status is LotStatus.SUBMITTED and lot.maker_id != actor.person_id,
        )
        for lot in lots
    ]


@blueprint.get("/portfolio/lots/<uuid:lot_id>")
@allowed(Verb.SEE_PORTFOLIO)
def own_lot(lot_id: uuid.UUID) -> str:
    """One lot as the bank sees it: terms with the reserve, what is missing, what can be done now."""
    return show_own_lot(queries.find_own_lot(reading(), current_actor().institution_id, lot_id))


def show_own_lot(lot: Lot, reason_form: ReasonForm | None = None, problem: str = "") -> str:
    """The page of a bank's lot, with a refused act's reason where there is one."""
    actor, now = current_actor(), clock.now()
    terms, pack = queries.terms_of(lot), load(lot.rule_pack, lot.rule_pack_version)
    open_draft = lot.status in {LotStatus.DRAFTED, LotStatus.SUBMITTED, LotStatus.APPROVED}
    position = queries.position_on_ladder(lot)
    rights = len(lot.rights)
    problems = check_ready(terms, pack, rights=rights, now=now, position=position) if open_draft else []
    advice = warnings_of(terms, pack, published_at=now, position=position) if open_draft else []
    labels = {field.name: field.label.text for field in LotForm(formdata=None)}
    spans, picture = lot_dates(public_lot(lot), now)
    return render_template(
        "listings/own_lot.html",
        lot=lot,
        pack=pack,
        problem=problem,
        problems=[
            (labels.get(refused.field or "", refused.field), refusal_text(refused)) for refused in problems
        ],
        notices_lacking=_notices_lacking(lot) if open_draft else [],
        warnings=[refusal_text(refused) for refused in advice],
        next=next_action(lot.status, lot.opens_at, lot.closes_at, now),
        spans=spans,
        picture=picture,
        history=queries.history(reading(), lot.id),
        kin=queries.kin_of(reading(), lot),
        approve_form=ApproveForm(formdata=None, seen_hash=content_hash(lot)),
        reason_form=reason_form or ReasonForm(formdata=None),
        officer=may(actor, Verb.DRAFT_LOT),
        approver=may(actor, Verb.APPROVE_LOT),
        is_maker=lot.maker_id == actor.person_id,
        editable=lot.status in EDITABLE,
        withdrawable=open_draft,
    )


def _notices_lacking(lot: Lot) -> list[str]:
    """Which holders of a right of first refusal still have to be told before the lot can be published."""
    return [refusal_text(refused) for refused in problems_of(reading(), lot)]


@blueprint.get("/portfolio/cases/<uuid:case_id>")
@allowed(Verb.SEE_PORTFOLIO)
def case(case_id: uuid.UUID) -> str:
    """A failed loan: what is owed by component, and the lots sold for it."""
    found = queries.own_case(reading(), current_actor().institution_id, case_id)
    lots = queries.lots_of_case(reading(), found.id)
    return render_template("listings/case.html", case=found, rows=_rows(lots))
