"""How fast a contributor's submission is taken in and the feed is read, on PostgreSQL.

Beside a submission of SHARED_LINES lines (1,000 unless set) stands the same number of sales appended without
schema, signatures and receipts; beside a page of the feed the same rows by bare SQL.
"""

import os
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from benchmarks import market
from benchmarks.explorer import application
from benchmarks.price_log import SALE
from marketplace import clock
from marketplace.db import TRANSACTIONS_BIND, atomic, db
from migrations.commands import upgrade_all
from transactions import service
from transactions.log import signing
from transactions.sharing.conformance.exchange import Answer, Party
from transactions.sharing.models import Contributor, ContributorKey
from transactions.sharing.rules.contributors import ADMITTED, ContributorKind

LINES = int(os.environ.get("SHARED_LINES", "1000"))
PAGE, READINGS = 100, 30
SEED = bytes(32)


def run() -> list[dict[str, Any]]:
    """The figures, each beside its baseline."""
    with market.postgresql() as url, tempfile.TemporaryDirectory() as home:
        app = application(Path(home), url)
        with app.app_context():
            upgrade_all()
            rows = _figures(app)
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
    return rows


def _figures(app: Flask) -> list[dict[str, Any]]:
    client = app.test_client()

    def ask(method: str, target: str, headers: Any, body: bytes | None) -> Answer:
        answer = client.open(target, method=method, headers=headers, data=body)
        return Answer(answer.status_code, answer.get_json(), {})

    party = Party(ask, "benchmark", SEED, sandbox=False)
    _admit(party)
    party.send(party.signed(_line("warm")))
    lines = [party.signed(_line(str(number))) for number in range(LINES)]
    sent = _seconds(lambda: _expect(party.send(*lines), 201))
    again = _seconds(lambda: _expect(party.send(*lines), 200))
    plain = _seconds(_append)
    read = _seconds(lambda: [party.get(f"/feed?offset={place * 10}") for place in range(READINGS)]) / READINGS
    bare = _seconds(_bare_pages) / READINGS
    return [
        _row(
            f"submission_of_{LINES}_lines",
            LINES / sent,
            "lines/s",
            LINES / plain,
            "baseline: appended without API",
        ),
        _row(
            f"submission_of_{LINES}_lines_again", LINES / again, "lines/s", LINES / plain, "all of them known"
        ),
        _row(f"feed_page_of_{PAGE}", read * 1000, "ms", bare * 1000, "baseline: the rows by bare SQL"),
    ]


def _admit(party: Party) -> None:
    now, key = clock.now(), signing.public_key(SEED)
    with atomic() as session:
        entry = Contributor(
            code=party.code,
            name=party.code,
            kind=ContributorKind.EXCHANGE,
            country="CN",
            registration_number="",
            status=ADMITTED,
            marketplace="luochui",
            institution_id=uuid.uuid4(),
            applied_at=now,
            admitted_at=now,
        )
        session.add(entry)
        session.flush()
        session.add(
            ContributorKey(
                contributor_id=entry.id, fingerprint=party.mark, public_key=key, valid_from=now, added_at=now
            )
        )


def _line(own_id: str) -> dict[str, Any]:
    record = {
        "outcome": "sold",
        "asset_type": "invention",
        "title": "A pump",
        "channel": "auction_english",
        "currency": "CNY",
        "sold_on": "2024-06-01",
        "date_precision": "day",
        "proof_grade": "B",
        "number_of_rights": 1,
        "technology_field": 1,
        "price_minor": 10_000_000,
    }
    return {"id": own_id, "action": "submit", "record": record}


def _expect(answer: Answer, status: int) -> None:
    assert answer.status == status, answer.facts


def _append() -> None:
    with atomic() as session:
        service.append(session, [replace(SALE, source_id=f"plain {number}") for number in range(LINES)])


def _bare_pages() -> None:
    for place in range(READINGS):
        _bare(place * 10)


def _bare(offset: int) -> None:
    query = text(
        "SELECT * FROM transaction_records WHERE leaf_index >= :offset ORDER BY leaf_index LIMIT :limit"
    )
    with db.engines[TRANSACTIONS_BIND].connect() as connection:
        connection.execute(query, {"offset": offset, "limit": PAGE}).all()


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _row(name: str, value: float, unit: str, baseline: float, note: str) -> dict[str, Any]:
    return {
        "name": f"sharing: {name}",
        "value": round(value, 1),
        "unit": unit,
        "baseline": round(baseline, 1),
        "ratio": round(value / baseline, 2),
        "note": note,
    }
