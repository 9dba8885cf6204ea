"""Carrying sales into the shared record, correcting them, and signing what the record has become.

The two databases are never written in one transaction. A sale is first appended to the shared record; the
call after that finds it there and marks it as carried in the marketplace. A crash between the two leaves a
sale that is found again and recognised by its source: nothing is lost and nothing doubled.
"""

import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.config import Config
from marketplace.errors import Conflict, NotFound
from transactions import carrying, queries
from transactions.carrying import due
from transactions.log import growing, tree
from transactions.log.commitments import leaf_data
from transactions.models import CarriedSale, ExchangeRate, TransactionRecord, columns_of
from transactions.rates import Rate
from transactions.rules.checks import check_facts
from transactions.rules.corrections import corrected
from transactions.rules.facts import Reason, SaleFacts

FACTS: Mapping[str, Callable[[Session, Any, str], SaleFacts]] = {
    "auction": carrying.facts_of_auction,
    "window": carrying.facts_of_window,
    "deal": carrying.facts_of_deal,
    "decision": carrying.facts_of_decision,
}


def record_due(session: Session) -> bool:
    """Take one due sale a step further: append it, or mark it as carried. False when none is due."""
    found = due.lock_first(session)
    if found is not None:
        _carry(session, found)
    return found is not None


def _carry(session: Session, found: due.Due) -> None:
    kind, source = found.kind, found.row
    # Another worker may have marked it between the search and the lock.
    if session.get(CarriedSale, (kind, source.id), populate_existing=True) is not None:
        return
    marketplace = _settings().marketplace_name
    record = queries.by_source(session, marketplace, kind, str(source.id))
    if record is None:
        append(session, [FACTS[kind](session, source, marketplace)])
        return
    session.add(
        CarriedSale(source_kind=kind, source_id=source.id, record_id=record.id, carried_at=clock.now())
    )


def append(session: Session, sales: Iterable[SaleFacts]) -> list[TransactionRecord]:
    """Append what is new of the sales to the log and sign the result; returns the new records.

    A sale whose source stands in the record already is passed over, if it is the same.

    Raises:
        Refused: when facts do not agree with each other.
        Conflict: when the source stands in the record with other facts; that asks for a correction.
    """
    head, sales = queries.lock_head(session), list(sales)
    known = {source_of(row): row.facts() for row in queries.by_sources(session, map(source_of, sales))}
    new: list[TransactionRecord] = []
    for facts in sales:
        check_facts(facts)
        same = known.get(source_of(facts))
        if same is None:
            known[source_of(facts)] = facts
            new.append(_record_of(facts, head.size + len(new)))
        elif same != facts:
            raise Conflict(Reason.RECORDED_DIFFERENTLY, source_id=facts.source_id)
    if new:
        session.add_all(new)
        growing.append(session, head, (bytes.fromhex(record.leaf_hash) for record in new))
        growing.sign(session, head, _settings())
    return new


def source_of(sale: SaleFacts | TransactionRecord) -> queries.Source:
    """What tells one sale from another, whoever writes it down."""
    return sale.source_marketplace, sale.source_kind, sale.source_id


def _record_of(facts: SaleFacts, leaf_index: int) -> TransactionRecord:
    record_id, at, salt = uuid.uuid4(), clock.now(), secrets.token_hex(16)
    leaf = tree.leaf_hash(leaf_data(record_id, clock.moment_text(at), salt, facts))
    return TransactionRecord(
        **columns_of(facts),
        id=record_id,
        recorded_at=at,
        leaf_index=leaf_index,
        salt=salt,
        leaf_hash=leaf.hex(),
    )


def correct(session: Session, record_id: uuid.UUID, *, reason: str, **changes: Any) -> TransactionRecord:
    """Append a record that replaces another; the old one stays and is no longer counted.

    Raises:
        NotFound: there is no such record.
        Conflict: it has been corrected already.
        Refused: no reason, no change, or facts that do not agree with each other.
    """
    queries.lock_head(session)
    record = session.get(TransactionRecord, record_id)
    if record is None:
        raise NotFound(str(record_id))
    already = queries.correction_of(session, record_id) is not None
    facts = corrected(record_id, record.facts(), changes, reason, already=already)
    return append(session, [facts])[0]


def load_rates(session: Session, rates: Iterable[Rate]) -> int:
    """Load exchange rates that are not there yet; returns how many.

    Raises:
        Conflict: another rate of that day and pair is loaded; nothing of the call may be kept then.
    """
    queries.lock_head(session)
    loaded = 0
    for rate in rates:
        known = queries.rate_of(session, rate)
        if known is None:
            session.add(ExchangeRate(**asdict(rate), loaded_at=clock.now()))
            session.flush()
            loaded += 1
        elif known.rate != rate.rate:
            raise Conflict(
                Reason.RATE_LOADED_DIFFERENTLY, day=rate.rate_on, pair=f"{rate.currency}/{rate.base}"
            )
    return loaded


def _settings() -> Config:
    settings: Config = current_app.extensions["settings"]
    return settings
