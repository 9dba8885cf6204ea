"""Pages of reconciliations, for the overseers."""

import uuid

from flask import Blueprint, render_template

from marketplace.access import Verb, require
from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.web import allowed, current_actor
from payments.reconciliation import queries, texts
from payments.reconciliation.models import Reconciliation

blueprint = Blueprint("reconciliation", __name__, template_folder="templates")

PER_PAGE = 50


@blueprint.get("/money/reconciliations")
@allowed(Verb.SEE_OPERATIONS)
def index() -> str:
    """Every run, the latest first."""
    require(current_actor(), Verb.SEE_OPERATIONS)
    runs = db.paginate(queries.latest(), per_page=PER_PAGE, error_out=False)
    return render_template("reconciliation/index.html", runs=runs)


@blueprint.get("/money/reconciliations/latest")
@allowed(Verb.SEE_OPERATIONS)
def latest_fragment() -> str:
    """For the money desk: how the latest run has ended."""
    require(current_actor(), Verb.SEE_OPERATIONS)
    run = db.session().scalars(queries.latest().limit(1)).first()
    return render_template("reconciliation/_latest.html", run=run)


@blueprint.get("/money/reconciliations/<uuid:run_id>")
@allowed(Verb.SEE_OPERATIONS)
def run(run_id: uuid.UUID) -> str:
    """One run: what was compared, and what differs."""
    require(current_actor(), Verb.SEE_OPERATIONS)
    found = db.session().get(Reconciliation, run_id)
    if found is None:
        raise NotFound("reconciliation")
    return render_template("reconciliation/run.html", run=found, parts=texts.PARTS)
