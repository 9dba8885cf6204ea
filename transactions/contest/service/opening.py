"""After the outcome is on record: the envelopes are opened, held against their commitments, and scored."""

import uuid
from collections.abc import Sequence

from flask import current_app
from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.config import Config
from marketplace.listings.models import Lot
from marketplace.money import EXPONENTS
from marketplace.parties.models import Institution
from marketplace.rule_packs.packs import load
from transactions.contest import envelopes, queries, rules
from transactions.contest.envelopes import Content, Unopenable
from transactions.contest.models import ContestFee, ContestResult, OpenedEstimate, SealedEstimate
from transactions.contest.queries import Ended
from transactions.contest.rules import Related, Sale, Score, Standing, Verdict
from transactions.models import TransactionRecord

Read = tuple[SealedEstimate, Content | None, Standing]


def open_due(session: Session) -> bool:
    """Open the envelopes of one sale whose outcome is on record; False when there is none."""
    ended = queries.first_ended(session)
    if ended is None:
        return False
    lot = queries.lock_lot(session, ended.lot_id)
    # Another worker may have opened them between the search and the lock.
    if queries.first_ended(session) != ended:
        return True
    record = session.get(TransactionRecord, ended.record_id)
    if record is None:
        raise LookupError(f"record {ended.record_id} of a carried sale is not there")
    number = queries.round_of(session, lot.id)
    result = _result(session, lot, number, ended, record)
    read = _read(session, lot, number)
    _score(session, lot, result, read)
    audit.record(session, "contest.open", lot.id, round=number, estimates=len(read))
    return True


def _result(
    session: Session, lot: Lot, number: int, ended: Ended, record: TransactionRecord
) -> ContestResult:
    result = ContestResult(
        id=uuid.uuid4(),
        lot_id=lot.id,
        round=number,
        source_kind=ended.source_kind,
        source_id=ended.source_id,
        record_id=record.id,
        outcome=record.outcome,
        asset_type=record.asset_type,
        currency=record.currency,
        price_minor=record.price_minor,
        start_price_minor=record.start_price_minor,
        opened_at=clock.now(),
    )
    session.add(result)
    session.flush()
    return result


def _read(session: Session, lot: Lot, number: int) -> list[Read]:
    """The last envelope of each estimator with what is in it, and how its estimator stands to the lot."""
    settings: Config = current_app.extensions["settings"]
    key, related = envelopes.sealing_key(settings.field_key), queries.related(session, lot, clock.now())
    last = {one.token: one for one in queries.estimates(session, lot.id, number)}
    read: list[Read] = []
    for sealed in last.values():
        content = _content(key, sealed)
        read.append((sealed, content, _standing(session, content, related)))
    return read


def _content(key: bytes, sealed: SealedEstimate) -> Content | None:
    """What is in an envelope; None where it is not what was committed to, or belongs to another sale."""
    try:
        content = envelopes.unseal(key, sealed.commitment, sealed.sealed)
    except Unopenable:
        return None
    token = envelopes.token(key, sealed.lot_id, sealed.round, content.estimator)
    same = (content.lot, content.round, token) == (str(sealed.lot_id), sealed.round, sealed.token)
    return content if same else None


def _standing(session: Session, content: Content | None, related: Related) -> Standing:
    if content is None or content.institution_id is None:
        return Standing.FREE
    own = session.get_one(Institution, content.institution_id)
    return rules.standing(own.id, queries.group_of(own), related)


def _score(session: Session, lot: Lot, result: ContestResult, read: Sequence[Read]) -> None:
    sale = Sale(result.outcome, result.price_minor, result.start_price_minor)
    scores = [_score_of(content, standing, sale, result.currency) for _, content, standing in read]
    best = rules.closest(scores)
    for place, ((sealed, content, standing), score) in enumerate(zip(read, scores, strict=True)):
        session.add(_opened(result, sealed, content, standing, score, closest=place == best))
    winner = read[best][1] if best is not None else None
    if winner is not None and winner.institution_id is not None:
        _award(session, lot, result, winner.institution_id)


def _score_of(content: Content | None, standing: Standing, sale: Sale, currency: str) -> Score:
    if content is None:
        return Score(Verdict.UNOPENED)
    if standing is not Standing.FREE:
        return Score(Verdict.CONCERNED)
    return rules.score(content.estimate, sale) if content.currency == currency else Score(Verdict.LEFT_OPEN)


def _opened(
    result: ContestResult,
    sealed: SealedEstimate,
    content: Content | None,
    standing: Standing,
    score: Score,
    *,
    closest: bool,
) -> OpenedEstimate:
    estimate = content.estimate if content else None
    return OpenedEstimate(
        id=sealed.id,
        result_id=result.id,
        institution_id=content.institution_id if content else None,
        value_minor=estimate.value if estimate else None,
        low_minor=estimate.low if estimate else None,
        high_minor=estimate.high if estimate else None,
        note=content.note if content else "",
        salt=content.salt if content else "",
        standing=standing,
        verdict=score.verdict,
        log_error=score.log_error,
        within=score.within,
        interval_score=score.interval_score,
        closest=closest,
    )


def _award(session: Session, lot: Lot, result: ContestResult, institution_id: uuid.UUID) -> None:
    """What the rule pack gives to the closest; nothing where it names no fee."""
    fee = load(lot.rule_pack, lot.rule_pack_version).contest_fee_units
    if fee is None or fee.value <= 0:
        return
    session.add(
        ContestFee(
            result_id=result.id,
            institution_id=institution_id,
            amount_minor=fee.value * 10 ** EXPONENTS[result.currency],
            currency=result.currency,
            due_at=clock.now(),
        )
    )
