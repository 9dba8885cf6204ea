"""Working batches off row by row, and what becomes of a row that cannot be valued.

Nothing is lost by a kill: the rows are the queue, each is kept and marked in one transaction, and a batch
that was cut off goes on with the rows that wait.
"""

import uuid
from collections.abc import Iterable, Mapping

import structlog
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.errors import MarketplaceError, Refused
from transactions.disclosure.readers import reader_of_institution
from transactions.valuations.materials import AsOf, Desk
from transactions.valuations.models import Valuation, ValuationBatch, ValuationRow
from transactions.valuations.queries import batches as queries
from transactions.valuations.queries import subjects as things
from transactions.valuations.reading import asked_of
from transactions.valuations.rules.asking import Asked
from transactions.valuations.rules.words import (
    BatchSource,
    BatchStatus,
    RowStatus,
    ValuationReason,
)
from transactions.valuations.service import making
from transactions.valuations.service.making import Made
from transactions.valuations.service.taking import refusal
from transactions.valuations.subjects import claims_on, of_lot, of_right

log = structlog.get_logger()


def as_of(session: Session, batch: ValuationBatch) -> AsOf:
    """The state that the whole batch looks at: that of the moment when it was taken in."""
    reader = reader_of_institution(session, batch.institution_id)
    return AsOf(batch.valued_on, batch.tree_size, batch.model_version, reader)


def prepare(session: Session, batch: ValuationBatch, count: int) -> dict[int, Made | Refused]:
    """Value the next waiting rows without writing anything, by their numbers."""
    rows, state = queries.waiting_rows(session, batch.id, count), as_of(session, batch)
    desk = Desk(session, state)
    return {row.number: _prepared(desk, asked) for row, asked in _asked(session, batch, rows, state)}


def _prepared(desk: Desk, asked: Asked | Refused) -> Made | Refused:
    if isinstance(asked, Refused):
        return asked
    try:
        return making.make(desk, asked)
    except Refused as refused:
        return refused
    except (MarketplaceError, ArithmeticError, ValueError, TypeError):
        log.exception("row_not_valued", reference=asked.reference)
        return Refused(ValuationReason.NOT_VALUED)


def write(session: Session, batch: ValuationBatch, prepared: Mapping[int, Made | Refused]) -> list[Valuation]:
    """Keep what was prepared, of the rows of a locked batch that still wait."""
    person_id = None if batch.source is BatchSource.SCHEDULE else batch.made_by_id
    kept: list[Valuation] = []
    for row in queries.waiting_among(session, batch.id, prepared):
        made = prepared[row.number]
        if isinstance(made, Refused):
            _refuse(row, made)
            batch.refused += 1
            continue
        one = making.keep(session, batch.institution_id, made, person_id=person_id, batch_id=batch.id)
        session.flush()
        row.status, row.valuation_id = RowStatus.VALUED, one.id
        kept.append(one)
    batch.valued += len(kept)
    session.flush()
    if not queries.waiting_rows(session, batch.id, 1):
        batch.status, batch.ended_at = BatchStatus.DONE, clock.now()
    return kept


def _refuse(row: ValuationRow, refused: Refused) -> None:
    row.status = RowStatus.REFUSED
    for name, value in refusal(refused).items():
        setattr(row, name, value)


def _asked(
    session: Session, batch: ValuationBatch, rows: Iterable[ValuationRow], state: AsOf
) -> list[tuple[ValuationRow, Asked | Refused]]:
    """What each row asks for; lots and rights are read together."""
    rows = list(rows)
    own = batch.institution_id
    lots = things.lots_by_id(session, [uuid.UUID(row.cells["lot"]) for row in rows if "lot" in row.cells])
    rights = things.rights_by_id(
        session, [uuid.UUID(row.cells["right"]) for row in rows if "right" in row.cells]
    )
    claims = claims_on(session, lots.values())
    found: list[tuple[ValuationRow, Asked | Refused]] = []
    for row in rows:
        lot = lots.get(uuid.UUID(row.cells["lot"])) if "lot" in row.cells else None
        right = rights.get(uuid.UUID(row.cells["right"])) if "right" in row.cells else None
        if lot is not None and lot.institution_id == own:
            found.append((row, of_lot(session, lot, state.on, claim_minor=claims.get(lot.id), curve=False)))
        elif right is not None and right.institution_id == own:
            found.append((row, of_right(right, state.on)))
        else:
            found.append((row, _of_cells(row, state)))
    return found


def _of_cells(row: ValuationRow, state: AsOf) -> Asked | Refused:
    try:
        return asked_of(row.cells, state.on)
    except Refused as refused:
        return refused
