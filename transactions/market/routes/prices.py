"""Prices over time and what sells."""

from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from marketplace.db import db
from marketplace.money import EXPONENTS
from marketplace.web import public
from transactions import texts as record_texts
from transactions.hedonics import queries as models
from transactions.hedonics.models import FittedModel
from transactions.market import explorer, over_time, texts
from transactions.market.filters import Filters, Question
from transactions.market.prices import PRICED_LIMIT, priced
from transactions.market.queries import currencies
from transactions.market.remembered import remembered
from transactions.market.routes.shared import blueprint
from transactions.rules.words import AssetFamily

DEFAULT_CURRENCY = "CNY"


@blueprint.get("/market/prices")
@public
def prices() -> str:
    """The price per right over time, how much is sold, how prices spread, and what sells."""
    family = _family()
    session = db.session()
    counted = explorer.counts(session, Question(Filters(family=family), explorer.today()))
    offered = [code for code in currencies(counted) if code]
    currency = _currency(offered)
    question = Question(Filters(family=family, currency=currency), explorer.today())
    found = remembered(
        session, "over_time", question, lambda session, ask: over_time.over_time(priced(session, ask))
    )
    fitted, points = _index(session, family)
    return render_template(
        "market/prices.html",
        family=family,
        currency=currency,
        currencies=offered or [currency],
        found=found,
        points=points,
        like_for_like=over_time.like_for_like_chart(points),
        fitted=fitted,
        latest=over_time.last_told(found.periods),
        index_chart=over_time.index_chart(found.periods),
        rate_chart=over_time.rate_chart(found.years),
        spread_chart=over_time.spread_chart(found.spreads, texts.field_names()),
        read_limit=PRICED_LIMIT,
        **_words(),
    )


def _index(session: Session, family: AssetFamily) -> tuple[FittedModel | None, list[over_time.IndexPoint]]:
    """The latest model of the family, and its index where each quarter has sales enough to be told."""
    fitted = models.latest(session, family)
    if fitted is None:
        return None, []
    question = Question(Filters(family=family, currency=fitted.currency), explorer.today())
    sales = remembered(
        session, "quarters", question, lambda session, ask: over_time.quarters(priced(session, ask))
    )
    return fitted, over_time.index_of(fitted.document, sales)


def _family() -> AssetFamily:
    asked = request.args.get("family", "")
    return AssetFamily(asked) if asked in list(AssetFamily) else AssetFamily.PATENT


def _currency(offered: list[str]) -> str:
    """What was asked for, or the one most records are in."""
    asked = request.args.get("currency", "")
    if asked in EXPONENTS:
        return asked
    return offered[0] if offered else DEFAULT_CURRENCY


def _words() -> dict[str, Any]:
    return {
        "families": record_texts.FAMILIES,
        "asset_types": {str(key): words for key, words in record_texts.ASSET_TYPES.items()},
        "channels": {str(key): words for key, words in record_texts.CHANNELS.items()},
        "forced_words": texts.FORCED,
        "sizes": texts.SIZE_BANDS,
        "field_names": texts.field_names(),
    }
