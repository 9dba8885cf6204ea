"""Files: the claim file as PDF and XLSX, a pool's statement, the claims of a period."""

import uuid

from flask import Response, current_app, render_template

from marketplace import clock
from marketplace.access import Verb
from marketplace.errors import NotFound
from marketplace.web import allowed, current_actor, signed_in
from payments.compensation import papers, queries, sheets
from payments.compensation.access import keeps
from payments.compensation.models import CompensationPool
from payments.compensation.routes.claims import seen_claim
from payments.compensation.routes.shared import Page, blueprint, reading
from payments.funds.documents import documents_of
from payments.funds.files import download, period
from payments.funds.sheets import MEDIA_TYPE


@blueprint.get("/compensation/claims/<uuid:claim_id>/file.pdf")
@signed_in
def claim_paper(claim_id: uuid.UUID) -> Response:
    """The claim file as a paper in both languages."""
    claim = seen_claim(claim_id)
    name = current_app.extensions["settings"].marketplace_name
    content = papers.claim_file(claim, documents_of(reading(), claim.id), name, clock.now())
    return download(content, f"claim-{claim.number}.pdf", "application/pdf")


@blueprint.get("/compensation/claims/<uuid:claim_id>/file.xlsx")
@signed_in
def claim_sheet(claim_id: uuid.UUID) -> Response:
    """The claim file as a spreadsheet."""
    claim = seen_claim(claim_id)
    content = sheets.claim_file(claim, documents_of(reading(), claim.id))
    return download(content, f"claim-{claim.number}.xlsx", MEDIA_TYPE)


@blueprint.get("/compensation/claims.xlsx")
@allowed(Verb.SEE_OPERATIONS)
def claims_of_period() -> Page:
    """The claims made in a period, for the regulator."""
    asked = period()
    if asked is None:
        raise NotFound("period")
    return download(sheets.claims(queries.claims_between(reading(), *asked)), "claims.xlsx", MEDIA_TYPE)


def _kept(pool_id: uuid.UUID) -> CompensationPool:
    pool = queries.find_pool(reading(), pool_id)
    if not keeps(current_actor(), pool):
        raise NotFound("pool")
    return pool


@blueprint.get("/compensation/pools/<uuid:pool_id>/statement")
@signed_in
def statement(pool_id: uuid.UUID) -> Page:
    """Every movement of a pool's money, for its keeper, the operator and the regulator."""
    pool = _kept(pool_id)
    lines = sheets.statement_lines(reading(), pool)
    return render_template(
        "compensation/statement.html", pool=pool, lines=lines, cause_text=sheets.cause_text
    )


@blueprint.get("/compensation/pools/<uuid:pool_id>/statement.xlsx")
@signed_in
def statement_sheet(pool_id: uuid.UUID) -> Response:
    """The same as a file."""
    pool = _kept(pool_id)
    return download(sheets.statement(reading(), pool), "pool.xlsx", MEDIA_TYPE)
