"""The first page of the market."""

from flask import render_template

from marketplace.db import db
from marketplace.web import public
from transactions import texts as record_texts
from transactions.backtest.service import last_run
from transactions.disclosure.queries import latest_release
from transactions.market import explorer
from transactions.market.filters import Filters, Question
from transactions.market.queries import listed, log_size
from transactions.market.routes.shared import blueprint

LATEST = 5


@blueprint.get("/market")
@public
def index() -> str:
    """What the market knows, in figures, and the way to each of its pages."""
    session, question = db.session(), Question(Filters(), explorer.today())
    found = explorer.counts(session, question)
    latest = session.scalars(listed(question).limit(LATEST)).all()
    return render_template(
        "market/index.html",
        total=explorer.total(found),
        sold=sum(one.sold for one in found if one.facet == "outcome"),
        log_size=log_size(session),
        latest=explorer.sales_of(latest, question),
        release=latest_release(session),
        run=last_run(session),
        outcomes=record_texts.OUTCOMES,
        tones=record_texts.TONES,
    )
