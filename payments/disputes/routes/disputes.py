"""Disputes: the list, one dispute with its evidence, recalls that officers record."""

import csv
import io
import uuid
from datetime import timedelta

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from marketplace import clock
from marketplace.access import Verb
from marketplace.clock import LOCAL_ZONE
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.web import allowed, current_actor, refusal_text, show_refusal
from payments.disputes import queries, service, texts
from payments.disputes.forms import EvidenceForm, RecallForm
from payments.disputes.models import Dispute
from payments.disputes.routes.shared import PER_PAGE, Page, blueprint, first_error, reading
from payments.forms import CollectForm, ReasonForm

# What an officer finds in the form; banks give less or more.
_USUAL = timedelta(days=10)


@blueprint.get("/money/disputes")
@allowed(Verb.SEE_OPERATIONS)
def disputes() -> Page:
    """All disputes, the open ones first, and what waits for a second person."""
    return _list()


@blueprint.post("/money/disputes/recalls")
@allowed(Verb.CONFIRM_MONEY)
def record_recall() -> Page:
    """A bank asks a transfer back."""
    form = RecallForm(prefix="recall")
    if not form.validate_on_submit():
        return _list(recall=form), 422
    try:
        with atomic() as session:
            recall = service.Recall(
                line=str(form.line.data),
                minor=form.minor,
                why=str(form.reason.data),
                taken=bool(form.taken.data),
                due_by=form.deadline,
            )
            dispute = service.record_recall(session, current_actor(), recall)
    except Refused as refused:
        show_refusal(form, refused)
        return _list(recall=form), refused.status
    return redirect(url_for("disputes.dispute", dispute_id=dispute.id), code=303)


@blueprint.post("/money/disputes/gateway")
@allowed(Verb.CONFIRM_MONEY)
def pay_gateway() -> Page:
    """The bank account has paid what we owed the gateway."""
    form = CollectForm(prefix="gateway")
    if not form.validate_on_submit():
        return _list(gateway=form), 422
    try:
        with atomic() as session:
            service.pay_gateway(
                session,
                current_actor(),
                minor=form.minor,
                currency=str(form.currency.data),
                bank_reference=str(form.bank_reference.data),
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _list(gateway=form), refused.status
    return redirect(url_for("disputes.disputes"), code=303)


@blueprint.get("/money/disputes/<uuid:dispute_id>")
@allowed(Verb.SEE_OPERATIONS)
def dispute(dispute_id: uuid.UUID) -> Page:
    """One dispute: what is asked back, until when we can answer, what was handed in."""
    return _page(queries.find_dispute(reading(), dispute_id))


@blueprint.post("/money/disputes/<uuid:dispute_id>/evidence")
@allowed(Verb.CONFIRM_MONEY)
def hand_in(dispute_id: uuid.UUID) -> Page:
    """Record what was handed in."""
    found = queries.find_dispute(reading(), dispute_id)
    form = _evidence(found, EvidenceForm(prefix="evidence"))
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        with atomic() as session:
            chosen, other = set(form.chosen.data or ()), str(form.other.data or "")
            service.hand_in(session, current_actor(), dispute_id, chosen=chosen, other=other)
    except Refused as refused:
        show_refusal(form, refused)
        return _page(queries.find_dispute(reading(), dispute_id), form), refused.status
    return redirect(url_for("disputes.dispute", dispute_id=dispute_id), code=303)


@blueprint.get("/money/disputes/<uuid:dispute_id>/evidence.csv")
@allowed(Verb.SEE_OPERATIONS)
def evidence_list(dispute_id: uuid.UUID) -> Response:
    """The list of what was handed in, for the file."""
    found = queries.find_dispute(reading(), dispute_id)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["handed_in_at", "kind", "title", "reference", "sha256", "by"])
    for row in queries.evidence_of(reading(), found.id):
        at = row.handed_in_at.isoformat()
        cells = [at, row.kind, row.title, row.reference, row.digest, row.handed_in_by.name]
        writer.writerow([_plain(cell) for cell in cells])
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=evidence-{found.id.hex[:8]}.csv"
    return answer


@blueprint.post("/money/disputes/<uuid:dispute_id>/won")
@allowed(Verb.CONFIRM_MONEY)
def win_recall(dispute_id: uuid.UUID) -> Page:
    """The bank has given up, or was refused."""
    return _close(dispute_id, lost=False)


@blueprint.post("/money/disputes/<uuid:dispute_id>/lost")
@allowed(Verb.CONFIRM_MONEY)
def lose_recall(dispute_id: uuid.UUID) -> Page:
    """The bank has taken the money for good."""
    return _close(dispute_id, lost=True)


def _close(dispute_id: uuid.UUID, *, lost: bool) -> Page:
    form = ReasonForm()
    found = queries.find_dispute(reading(), dispute_id)
    if not form.validate_on_submit():
        return _page(found, problem=first_error(form)), 422
    try:
        with atomic() as session:
            service.close_recall(
                session, current_actor(), dispute_id, lost=lost, reason=str(form.reason.data)
            )
    except Refused as refused:
        found = queries.find_dispute(reading(), dispute_id)
        return _page(found, problem=refusal_text(refused)), refused.status
    return redirect(url_for("disputes.dispute", dispute_id=dispute_id), code=303)


def _list(recall: RecallForm | None = None, gateway: CollectForm | None = None) -> str:
    usual = (clock.now() + _USUAL).astimezone(LOCAL_ZONE).replace(tzinfo=None, second=0, microsecond=0)
    return render_template(
        "disputes/disputes.html",
        page=db.paginate(queries.disputes(), per_page=PER_PAGE, error_out=False),
        waiting=queries.waiting_decisions(reading()),
        owed=queries.owed_to_gateway(reading()),
        recall_form=recall or RecallForm(prefix="recall", formdata=None, due_by=usual),
        gateway_form=gateway or CollectForm(prefix="gateway", formdata=None),
    )


def _page(found: Dispute, form: EvidenceForm | None = None, problem: str = "") -> str:
    session = reading()
    return render_template(
        "disputes/dispute.html",
        dispute=found,
        problem=problem,
        form=form or _evidence(found, EvidenceForm(prefix="evidence", formdata=None)),
        evidence=queries.evidence_of(session, found.id),
        debts=queries.debts_of_sale(session, found.deal_id) if found.deal_id else [],
    )


def _evidence(found: Dispute, form: EvidenceForm) -> EvidenceForm:
    """Offer what the platform has about the sale."""
    form.chosen.choices = [
        SelectChoice(
            one.reference,
            f"{texts.EVIDENCE[one.kind]} · {texts.STEPS.get(one.title, one.title)} · {one.reference}",
        )
        for one in service.gather(reading(), found)
    ]
    return form


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (case 43)."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
