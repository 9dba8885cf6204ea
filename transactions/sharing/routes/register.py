"""The register of contributors, for everybody."""

from flask import render_template

from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.web import public
from transactions.sharing import queries
from transactions.sharing.routes.shared import Page, blueprint, page_number, reading
from transactions.sharing.rules.contributors import LISTED


@blueprint.get("/contributors")
@public
def contributors() -> Page:
    """Who writes into the shared record, and how much."""
    page = db.paginate(queries.listed(), page=page_number(), per_page=queries.PAGE, error_out=False)
    counts = queries.counts_of_records(reading(), [one.code for one in page.items])
    return render_template("sharing/contributors.html", page=page, counts=counts)


@blueprint.get("/contributors/<code>")
@public
def contributor(code: str) -> Page:
    """One contributor with its keys."""
    found = queries.by_code(reading(), code)
    if found is None or found.status not in LISTED:
        raise NotFound("contributor")
    count = queries.counts_of_records(reading(), [found.code]).get(found.code, 0)
    return render_template("sharing/contributor.html", contributor=found, count=count)
