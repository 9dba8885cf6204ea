"""Up to five lots side by side."""

from flask import render_template, request, url_for

from marketplace.db import db
from marketplace.errors import Refused
from marketplace.listings.texts import AUCTION_FORMATS, LOT_TONES
from marketplace.rights.texts import RIGHT_TYPES
from marketplace.web import limiter, public, refusal_text
from search import finding, queries, texts
from search.comparison import MOST, asked_lots, compared, of_each_right
from search.presentation import lot_url
from search.routes.shared import blueprint, now_here


@blueprint.get("/search/compare")
@limiter.limit("60/minute")
@public
def compare() -> tuple[str, int]:
    """The lots named in the address; what nobody may see is left out and said to be."""
    try:
        asked = asked_lots(request.args.getlist("lot"))
    except Refused as refused:
        return _page(error=refusal_text(refused)), refused.status
    lots, auctions = finding.look_up(db.session(), asked)
    queries.load_encumbrances(db.session(), lots)
    ids = [lot.id for lot in lots]
    without = {lot: url_for("search.compare", lot=[other for other in ids if other != lot]) for lot in ids}
    columns = compared(lots, auctions, now_here())
    return _page(columns=columns, missing=len(asked) - len(lots), without=without), 200


def _page(**variables: object) -> str:
    return render_template(
        "search/compare.html",
        most=MOST,
        statuses=texts.STATUSES,
        tones=LOT_TONES,
        formats=AUCTION_FORMATS,
        right_types=RIGHT_TYPES,
        of_each_right=of_each_right,
        lot_url=lot_url,
        **variables,
    )
