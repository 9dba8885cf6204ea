"""The baselines: the SQL of a bid, one bid per transaction, without anything around it.

On PostgreSQL its own load generator, pgbench, runs it; on SQLite one connection.

The same statements on the same tables as a bid in the application: lock the auction's row, read the bidder's
registration and its key, look whether the one overtaken has been told, insert the entry, update the row.
It has no HTTP, no sign-in, no rules, no hash chain and no signature.
"""

import re
import subprocess
import time
import uuid
from pathlib import Path

from sqlalchemy import Connection, text

from benchmarks.bidding.stage import START, STEP
from marketplace.db import atomic, db

_SCRIPT = """
\\set auction random(1, :auctions)
BEGIN;
SELECT id, sequence AS number, price_minor AS price, leader_id AS leader, terms, state FROM auctions
 WHERE id = (SELECT auction_id FROM bare_auctions WHERE number = :auction) FOR UPDATE \\gset
SELECT r.id AS registration FROM registrations r LEFT JOIN mandates m ON r.mandate_id = m.id
 JOIN institutions i ON i.id = r.institution_id
 WHERE r.auction_id = :id::uuid AND coalesce(m.agency_id, r.institution_id) =
 (SELECT institution_id FROM bare_bidders WHERE number = 1 + :number::int % :bidders::int) \\gset
SELECT id FROM journal_entries WHERE auction_id = :id::uuid
 AND idempotency_key = :round::text || '-' || :client_id::text || '-' || :number::text;
INSERT INTO journal_entries (id, auction_id, sequence, at, action, registration_id, amount, amount_minor,
 decision, idempotency_key, previous_hash, hash, receipt) VALUES (gen_random_uuid(), :id::uuid,
 :number::int + 1, clock_timestamp(), 'bid', :registration::uuid, '100000.00', :price::bigint + 100000,
 'accepted', :round::text || '-' || :client_id::text || '-' || :number::text,
 repeat('0', 64), repeat('1', 64), repeat('2', 88));
UPDATE auctions SET sequence = :number::int + 1, price_minor = :price::bigint + 100000,
 bid_count = bid_count + 1, state = :state::json, last_hash = repeat('1', 64),
 last_event_at = clock_timestamp(), leader_id = :registration::uuid WHERE id = :id::uuid;
SELECT r.id FROM registrations r WHERE r.id = :leader::uuid AND NOT EXISTS (SELECT 1 FROM notices n
 WHERE n.institution_id = r.institution_id AND n.kind = 'outbid'
 AND n.subject_url = '/auctions/' || :id::text AND n.at > clock_timestamp() - interval '1 hour');
COMMIT;
"""

_BIDDERS = """
CREATE TABLE bare_auctions AS SELECT row_number() OVER (ORDER BY id) AS number, id AS auction_id FROM auctions
 WHERE id IN ({auctions});
CREATE TABLE bare_bidders AS SELECT row_number() OVER (ORDER BY institution_id) AS number, institution_id
 FROM (SELECT DISTINCT institution_id FROM registrations) AS r
"""


_FIRST_PRICE = """
UPDATE auctions SET price_minor = 10000000, leader_id =
 (SELECT min(id::text)::uuid FROM registrations WHERE auction_id = auctions.id) WHERE id IN ({auctions})
"""


def prepare(auctions: list[uuid.UUID]) -> None:
    """Let the baseline bid in these auctions: number them and the bidders, and give each a first price."""
    named = ", ".join(f"'{auction_id}'" for auction_id in auctions)
    with atomic() as session:
        for statement in (*_BIDDERS.split(";"), _FIRST_PRICE):
            session.execute(text(statement.format(auctions=named)))


def per_second(
    database: str, folder: Path, *, clients: int, auctions: int, bidders: int, seconds: int
) -> float:
    """Bids a second with so many clients, each with a connection of its own."""
    script = folder / "bare.sql"
    script.write_text(_SCRIPT)
    given = {"auctions": auctions, "bidders": bidders, "round": clients}
    variables = [f"--define={name}={value}" for name, value in given.items()]
    options = ["--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--time={seconds}", *variables]
    ran = subprocess.run(
        ["pgbench", *options, f"--file={script}", database], capture_output=True, text=True, check=True
    )
    found = re.search(r"tps = ([\d.]+)", ran.stdout)
    assert found is not None, ran.stdout + ran.stderr
    return float(found[1])


def sqlite_per_second(seconds: int) -> float:
    """Bids a second on the application's own SQLite: lock, read the price, insert, update, commit."""
    with atomic() as session:
        session.execute(text("CREATE TABLE bare_price (id INTEGER PRIMARY KEY, price BIGINT)"))
        session.execute(text("CREATE TABLE bare_bids (number INTEGER PRIMARY KEY, price BIGINT)"))
        session.execute(text("INSERT INTO bare_price VALUES (1, 0)"))
    number, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        with db.engine.connect() as connection:
            _bare_bid(connection, number)
            connection.commit()
        number += 1
    return number / (time.perf_counter() - start)


def _bare_bid(connection: Connection, number: int) -> None:
    price = connection.execute(text("SELECT price FROM bare_price WHERE id = 1")).scalar_one()
    values = {"number": number, "price": START + number * STEP}
    assert values["price"] > price
    connection.execute(text("INSERT INTO bare_bids VALUES (:number, :price)"), values)
    connection.execute(text("UPDATE bare_price SET price = :price WHERE id = 1"), {"price": values["price"]})
