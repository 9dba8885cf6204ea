"""Pages of the ledger: a party's statement as page, CSV and PDF, and the trail of a deal's or lot's money."""

import uuid
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Verb, may, require
from marketplace.clock import LOCAL_ZONE
from marketplace.db import db
from marketplace.deals import service as deals
from marketplace.deals.queries import find_deal
from marketplace.errors import NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.web import allowed, current_actor, limiter, refusal_text, signed_in
from payments import statements
from payments import texts as money_texts
from payments.access import require_to_see, sees_whole_settlement
from payments.bookkeeping import drawing, queries, statement, texts
from payments.bookkeeping.rules import Period, period
from payments.bookkeeping.statement import Summary
from payments.models import LedgerTransaction

blueprint = Blueprint("bookkeeping", __name__, template_folder="templates")

PER_PAGE = 50
_MOST_PARTY = 200
Page = str | tuple[str, int]


def _reading() -> Session:
    return db.session()


@blueprint.get("/money/statement")
@signed_in
def own() -> Page:
    """What the reader's institution had, got, paid and has; overseers may ask for any party's."""
    party = _party()
    try:
        asked = _period()
    except Refused as refused:
        today = clock.now().astimezone(LOCAL_ZONE).date()
        return _page(party, period("", "", today), problem=refusal_text(refused)), refused.status
    return _page(party, asked)


@blueprint.get("/money/statement.csv")
@limiter.limit("30/minute")
@signed_in
def own_csv() -> Response:
    """The same as a table."""
    party, asked = _party(), _period()
    summary = _chosen(statement.summaries(_reading(), party, asked))
    rows = statement.all_lines(_reading(), party, asked, summary)
    return _file(drawing.as_csv(rows, summary.currency), "text/csv", asked, summary, "csv")


@blueprint.get("/money/statement.pdf")
@limiter.limit("30/minute")
@signed_in
def own_pdf() -> Response:
    """The same as a paper in both languages."""
    party, asked = _party(), _period()
    summary = _chosen(statement.summaries(_reading(), party, asked))
    rows = statement.all_lines(_reading(), party, asked, summary)
    holder = str(texts.holder(party, statement.names_of(_reading(), [party])))
    paper = drawing.as_pdf(holder, asked, summary, rows, clock.now())
    return _file(paper, "application/pdf", asked, summary, "pdf")


@blueprint.get("/money/deals/<uuid:deal_id>/trail")
@signed_in
def trail_of_deal(deal_id: uuid.UUID) -> str:
    """Every fen of a deal, transaction by transaction: for its seller and the overseers."""
    actor, deal = current_actor(), find_deal(_reading(), deal_id)
    subject = deals.subject_of(_reading(), deal)
    require_to_see(actor, subject)
    if not sees_whole_settlement(actor, subject):
        raise NotFound("trail")
    found = queries.transactions_of_deal(deal_id, statements.subjects_of(_reading(), deal, whole=True))
    page = db.paginate(found, per_page=PER_PAGE, error_out=False)
    return _trail(page, deal.lot, deal=deal, sees_lot=may(actor, Verb.SEE_OPERATIONS))


@blueprint.get("/money/lots/<uuid:lot_id>/trail")
@allowed(Verb.SEE_OPERATIONS)
def trail_of_lot(lot_id: uuid.UUID) -> str:
    """Every fen of a lot, of all its deals and bidders: for the overseers only."""
    require(current_actor(), Verb.SEE_OPERATIONS)
    lot = _reading().get(Lot, lot_id)
    if lot is None or lot.published_at is None:
        raise NotFound("lot")
    found = db.paginate(queries.transactions_of_lot(lot_id), per_page=PER_PAGE, error_out=False)
    return _trail(found, lot, accounts=queries.accounts_of_lot(_reading(), lot_id))


def _party() -> str:
    """Whose statement is asked for; a stranger's is not found."""
    actor = current_actor()
    asked = request.args.get("party", "").strip() or str(actor.institution_id)
    if asked != str(actor.institution_id) and not may(actor, Verb.SEE_OPERATIONS):
        raise NotFound("statement")
    if len(asked) > _MOST_PARTY:
        raise NotFound("statement")
    return asked


def _period() -> Period:
    today = clock.now().astimezone(LOCAL_ZONE).date()
    return period(request.args.get("since", ""), request.args.get("until", ""), today)


def _chosen(summaries: list[Summary]) -> Summary:
    """The currency that was asked for, or the first one; nothing at all is an empty statement in yuan."""
    wanted = request.args.get("currency", "")
    found = [summary for summary in summaries if summary.currency == wanted]
    return (found or summaries or [Summary("CNY", 0, 0, 0, 0, 0)])[0]


def _page(party: str, asked: Period, problem: str = "") -> str:
    session = _reading()
    summaries = statement.summaries(session, party, asked)
    summary = _chosen(summaries)
    pages = _Lines(party, asked, summary)
    overseeing = may(current_actor(), Verb.SEE_OPERATIONS)
    return render_template(
        "bookkeeping/statement.html",
        party=party,
        holder=texts.holder(party, statement.names_of(session, [party])),
        period=asked,
        summaries=summaries,
        summary=summary,
        lines=pages,
        problem=problem,
        parties=_parties(session) if overseeing else [],
        texts=texts,
        money_texts=money_texts,
    )


class _Lines(Pagination):
    """The lines of a statement, page by page."""

    def __init__(self, party: str, asked: Period, summary: Summary) -> None:
        self._of = party, asked, summary
        number = max(1, request.args.get("page", 1, type=int) or 1)
        super().__init__(page=min(number, 1_000_000), per_page=PER_PAGE, error_out=False)

    def _query_items(self) -> list[Any]:
        party, asked, summary = self._of
        items, self._count = statement.page_of(
            _reading(), party, asked, summary, offset=self._query_offset, limit=self.per_page
        )
        return items

    def _query_count(self) -> int:
        return self._count


def _parties(session: Session) -> list[tuple[str, Any]]:
    """Everybody with an account, by name, for the overseers to choose from."""
    known = queries.known_parties(session)
    names = statement.names_of(session, known)
    named = [(party, str(texts.holder(party, names))) for party in known]
    return sorted(named, key=lambda pair: pair[1])


def _trail(found: Pagination, lot: Lot, **more: Any) -> str:
    transactions: list[LedgerTransaction] = list(found.items)
    parties = {entry.account.party for transaction in transactions for entry in transaction.entries}
    parties |= {account.party for account in more.get("accounts", ())}
    return render_template(
        "bookkeeping/trail.html",
        transactions=found,
        lot=lot,
        endings=queries.endings_of(_reading(), [transaction.id for transaction in transactions]),
        names=statement.names_of(_reading(), parties),
        texts=texts,
        money_texts=money_texts,
        cause_of=statement.cause_of,
        **more,
    )


def _file(content: str | bytes, kind: str, asked: Period, summary: Summary, ending: str) -> Response:
    answer = Response(content, mimetype=kind)
    name = f"statement-{asked.first}-{asked.last}-{summary.currency}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
