"""Lines that wait for a person: what they could be, what is proposed, who decides."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for

from marketplace.access import Verb
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.parties.models import Institution
from marketplace.web import allowed, current_actor, show_refusal
from payments.bank import queries, service
from payments.bank.forms import AnswerForm, ProposalForm
from payments.bank.models import LineProposal, LineState
from payments.bank.queries import pages
from payments.bank.routes.shared import PER_PAGE, Page, blueprint, page_number, reading
from payments.bank.rules.payers import Awaited, suggestions
from payments.bank.rules.words import LineStatus, MatchKind
from payments.forms import ReasonForm
from payments.models import Deposit, Payment
from payments.service import books


@blueprint.get("/money/bank/lines")
@allowed(Verb.SEE_OPERATIONS)
def waiting_lines() -> Page:
    """Every line that waits for a person, and every proposal that waits for a second one."""
    waiting = queries.lines_awaiting()
    return render_template(
        "bank/lines.html",
        lines=db.paginate(waiting, page=page_number(), per_page=PER_PAGE, error_out=False),
        proposals=pages.open_proposals(reading()),
    )


@blueprint.get("/money/bank/lines/<uuid:line_id>")
@allowed(Verb.SEE_OPERATIONS)
def line(line_id: uuid.UUID) -> Page:
    """One line: what the bank says, what it was matched to, what may be done."""
    return _line_page(_found(line_id))


@blueprint.post("/money/bank/lines/<uuid:line_id>/proposal")
@allowed(Verb.CONFIRM_MONEY)
def propose(line_id: uuid.UUID) -> Page:
    """Say what the line is."""
    form = ProposalForm()
    return _act(
        line_id,
        form,
        "proposal",
        lambda session: service.propose_match(
            session,
            current_actor(),
            line_id,
            kind=MatchKind(str(form.kind.data)),
            reference=str(form.reference.data or ""),
            reason=str(form.reason.data),
        ),
    )


@blueprint.post("/money/bank/lines/<uuid:line_id>/undoing")
@allowed(Verb.CONFIRM_MONEY)
def propose_undoing(line_id: uuid.UUID) -> Page:
    """Say that the match is wrong."""
    form = ReasonForm()
    return _act(
        line_id,
        form,
        "undoing",
        lambda session: service.propose_undoing(session, current_actor(), line_id, str(form.reason.data)),
    )


@blueprint.post("/money/bank/proposals/<uuid:proposal_id>")
@allowed(Verb.RELEASE_MONEY)
def answer(proposal_id: uuid.UUID) -> Page:
    """The second person decides."""
    proposal = reading().get(LineProposal, proposal_id)
    if proposal is None:
        raise NotFound("line_proposal")
    form = AnswerForm()
    return _act(
        proposal.line_id,
        form,
        "answer",
        lambda session: service.decide_proposal(
            session, current_actor(), proposal_id, agreed=form.yes, answer=str(form.reason.data)
        ),
    )


def _act(line_id: uuid.UUID, form: Any, name: str, verb: Callable[[Any], Any]) -> Page:
    if not form.validate_on_submit():
        return _line_page(_found(line_id), **{name: form}), 422
    try:
        with atomic() as session:
            verb(session)
    except Refused as refused:
        show_refusal(form, refused)
        return _line_page(_found(line_id), **{name: form}), refused.status
    return redirect(url_for("bank.line", line_id=line_id), code=303)


def _found(line_id: uuid.UUID) -> LineState:
    state = pages.line_of(reading(), line_id)
    if state is None:
        raise NotFound("bank_line")
    return state


def _line_page(state: LineState, **forms: Any) -> str:
    session = reading()
    open_proposal = queries.open_proposal(session, state.line_id)
    return render_template(
        "bank/line.html",
        state=state,
        line=state.line,
        matches=queries.matches_of(session, state.line_id),
        target=_target(state),
        suggested=_suggested(state) if state.status is LineStatus.UNASSIGNED else [],
        open_proposal=open_proposal,
        mine=open_proposal is not None and open_proposal.proposed_by_id == current_actor().person_id,
        proposals=pages.proposals_of(session, state.line_id),
        proposal=forms.get("proposal") or ProposalForm(formdata=None),
        undoing=forms.get("undoing") or ReasonForm(formdata=None),
        answer=forms.get("answer") or AnswerForm(formdata=None),
    )


def _target(state: LineState) -> Any:
    """The deposit or balance that the line is matched to."""
    found = state.match
    if found is None:
        return None
    session = reading()
    row_id = found.deposit_id or found.payment_id
    table = Deposit if found.deposit_id else Payment
    return session.get(table, row_id) if row_id else None


def _suggested(state: LineState) -> list[Any]:
    """Deposits and balances that the money could be for; a person looks, nothing is matched by it."""
    session, own = reading(), state.line
    if own.amount_minor < 0:
        return []
    awaited = []
    for row in queries.awaited_rows(session, own.currency):
        balance = books.balance(session, books.buyer_balance(row.lot_id, row.institution_id, row.currency))
        key = session.get_one(Institution, row.institution_id).name_key
        awaited.append(Awaited(row.amount_minor - balance, key, row))
    return suggestions(own.amount_minor, own.payer_key, awaited)
