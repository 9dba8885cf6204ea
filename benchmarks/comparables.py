"""How long comparables and whole valuations take in a large record on PostgreSQL, beside bare SQL.

`make bench` fills a record of COMPARABLES_RECORDS sales, 50,000 unless told otherwise, and values a batch of
VALUATIONS; the promise is for a million records and ten thousand valuations. The baseline is the least that
any answer needs: the latest 200 sales of the same type and field in one statement, and the median of their
prices per right; no strata, no disclosure, no adjustment, no range. A valuation is the comparables, the
estimate of a model fitted to part of the record, the curve of start prices, and all of it as the JSON that
is kept.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks import market
from transactions.comparables.values import Subject
from transactions.disclosure.rules import ANYBODY
from transactions.hedonics import loading
from transactions.rules.words import AssetFamily, AssetType, Channel
from transactions.valuations.materials import AsOf, Desk
from transactions.valuations.rules.asking import Asked, SaleTerms
from transactions.valuations.rules.words import Basis, SubjectKind
from transactions.valuations.service import making
from transactions.valuing import value_subject

RECORDS = int(os.environ.get("COMPARABLES_RECORDS", "50000"))
VALUATIONS = int(os.environ.get("COMPARABLES_VALUATIONS", "100"))
LOTS = 200
# So many records teach the model: what matters here is that there is one.
TAUGHT = 1_500

_BARE = (
    "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price_minor::float / number_of_rights) FROM ("
    " SELECT price_minor, number_of_rights FROM transaction_records"
    " WHERE asset_type = :kind AND {field} AND outcome = 'sold' AND sold_on <= :on"
    " ORDER BY sold_on DESC LIMIT 200) AS latest"
)
_IN_FIELD = text(_BARE.format(field="technology_field = :field"))
_IN_NONE = text(_BARE.format(field="technology_field IS NULL"))


def run() -> list[dict[str, Any]]:
    """The figures."""
    with market.postgresql() as url:
        engine = market.prepared(url, RECORDS)
        try:
            return figures(engine)
        finally:
            engine.dispose()


def figures(engine: Engine) -> list[dict[str, Any]]:
    """The figures of a filled record."""
    subjects = [_subject(random.Random(seed)) for seed in range(LOTS)]
    with _named().app_context(), Session(engine) as session:
        bare = _times(lambda subject: _bare(session, subject), subjects)
        ours = _times(lambda subject: value_subject(session, subject), subjects)
        desk = _desk(session)
        whole = _times(lambda subject: making.make(desk, _asked(subject, curve=True)), subjects)
        start = time.perf_counter()
        for seed in range(VALUATIONS):
            making.make(desk, _asked(_subject(random.Random(seed)), curve=False))
        rate = VALUATIONS / (time.perf_counter() - start)
    return [
        *(_row(f"comparables, p{one}", _percentile(ours, one), _percentile(bare, one)) for one in (50, 95)),
        *(
            _row(f"whole valuation, p{one}", _percentile(whole, one), _percentile(bare, one))
            for one in (50, 95)
        ),
        _row(f"batch of {VALUATIONS:,} valuations", rate, 1000 / statistics.fmean(bare), "1/s"),
    ]


def _named() -> Flask:
    """An application that knows no more than its marketplace's name, which a valuation keeps."""
    application = Flask("bench")
    application.extensions["settings"] = SimpleNamespace(marketplace_name="bench")
    return application


def _desk(session: Session) -> Desk:
    """A desk with a model fitted to the latest records of the most common currency."""
    from transactions.hedonics import fitting  # noqa: PLC0415 -- needs the libraries of fitting

    loaded = loading.load(session, market.LATEST, "CNY", AssetFamily.PATENT)
    model = fitting.fit(loaded.observations[:TAUGHT], "CNY")
    as_of = AsOf(market.LATEST, sys.maxsize, model.version, ANYBODY)
    return Desk(session, as_of, {}, {(AssetFamily.PATENT.value, "CNY"): model})


def _asked(subject: Subject, *, curve: bool) -> Asked:
    terms = SaleTerms(start_minor=100_000_00, floors=(0, 0), curve=curve, fee=500)
    return Asked(subject, SubjectKind.ROW, "bench", "bench", "A lot", Basis.MARKET, terms=terms)


def _subject(dice: random.Random) -> Subject:
    kind = AssetType(dice.choice(("invention", "invention", "utility_model", "design", "trademark")))
    number = None if kind is AssetType.TRADEMARK else market.fields_of(dice)
    return Subject(
        kind,
        number,
        dice.choice((1, 1, 2, 5, 30)),
        dice.randint(6, 200),
        Channel.AUCTION_ENGLISH,
        forced=dice.random() < 0.5,
        on=market.LATEST,
        currency="CNY",
        country=dice.choice(("CN", "CN", "CN", "US", "")),
        claims=dice.randint(3, 25),
        forward_citations=dice.randint(0, 20),
        age_months=dice.randint(6, 200),
    )


def _times(work: Callable[[Subject], object], subjects: Sequence[Subject]) -> list[float]:
    """Milliseconds of each, after a few to warm up."""
    for subject in subjects[:10]:
        work(subject)
    taken = []
    for subject in subjects:
        start = time.perf_counter()
        work(subject)
        taken.append(1000 * (time.perf_counter() - start))
    return taken


def _bare(session: Session, subject: Subject) -> object:
    asked = {"kind": subject.asset_type.value, "field": subject.technology_field, "on": subject.on}
    statement = _IN_NONE if subject.technology_field is None else _IN_FIELD
    return session.execute(statement, asked).scalar()


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _row(name: str, value: float, baseline: float, unit: str = "ms") -> dict[str, Any]:
    return {
        "name": f"{RECORDS:,} records: {name}",
        "value": round(value, 2),
        "unit": unit,
        "baseline": round(baseline, 2),
        "ratio": round(value / baseline, 2),
        "note": "PostgreSQL; baseline: bare SQL, median of the same type and field",
    }


if __name__ == "__main__":
    for figure in run():
        print(figure)
