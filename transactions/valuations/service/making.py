"""Making valuations and keeping them with everything they were made from; and making one again from that."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor
from marketplace.canonical import canonical_bytes, digest
from marketplace.config import Config
from marketplace.papers import new_code
from transactions.comparables.strata import Search
from transactions.comparables.values import DEFAULT, Settings
from transactions.disclosure.readers import reader_of_institution
from transactions.disclosure.rules import Reader
from transactions.rates import Rate
from transactions.valuations.appraising import METHOD, Appraisal, appraise
from transactions.valuations.materials import AsOf, Desk, Materials, as_of_now
from transactions.valuations.models import Valuation
from transactions.valuations.rules.asking import Asked
from transactions.valuations.rules.plain import plain, revive
from transactions.valuations.rules.words import SubjectKind


def today() -> Any:
    """The calendar day where the marketplace is."""
    return clock.now().astimezone(clock.LOCAL_ZONE).date()


def state_for(session: Session, institution_id: uuid.UUID) -> AsOf:
    """The log and the model as they stand, as the institution may see them."""
    return as_of_now(session, today(), reader_of_institution(session, institution_id))


def look(session: Session, asked: Asked, as_of: AsOf) -> tuple[Appraisal, Materials]:
    """Value without keeping anything: what a page shows of a lot, and what it was made from."""
    materials = Desk(session, as_of).gather(asked.subject, asked.excluded, DEFAULT)
    return appraise(asked, materials, DEFAULT), materials


def value(session: Session, actor: Actor, asked: Asked) -> Valuation:
    """Value one thing for the actor's institution, and keep it."""
    as_of = state_for(session, actor.institution_id)
    (made,) = value_many(session, actor.institution_id, [asked], as_of, person_id=actor.person_id)
    session.flush()
    audit.record(
        session,
        "valuations.value",
        made.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        subject=made.subject_key,
        digest=made.digest,
    )
    return made


@dataclass(frozen=True, slots=True)
class Made:
    """A valuation before it is kept.

    Attributes:
        exact: marketplace and parent of each confidential sale that was read exactly for it.
    """

    asked: Asked
    as_of: AsOf
    inputs: dict[str, Any]
    appraisal: Appraisal
    exact: tuple[tuple[str, str], ...] = ()


def make(desk: Desk, asked: Asked) -> Made:
    """Value one thing as of the desk's state; nothing is written."""
    materials = desk.gather(asked.subject, asked.excluded, DEFAULT)
    inputs = inputs_of(asked, desk.as_of, materials, DEFAULT)
    return Made(asked, desk.as_of, inputs, appraise(asked, materials, DEFAULT), materials.exact)


def keep(
    session: Session,
    institution_id: uuid.UUID,
    made: Made,
    *,
    person_id: uuid.UUID | None = None,
    batch_id: uuid.UUID | None = None,
) -> Valuation:
    """Write a valuation down for good; `person_id` is None where a schedule asked for it."""
    row = _row(made)
    row.id, row.institution_id, row.made_by_id, row.batch_id = (
        uuid.uuid4(),
        institution_id,
        person_id,
        batch_id,
    )
    session.add(row)
    return row


def value_many(
    session: Session,
    institution_id: uuid.UUID,
    asked: Iterable[Asked],
    as_of: AsOf,
    *,
    person_id: uuid.UUID | None = None,
) -> list[Valuation]:
    """Value many things as of one state, and keep them; what they share is read once.

    Args:
        session: within `atomic()`.
        institution_id: whose they are.
        asked: what is to be valued, in the order of the answer.
        as_of: the state of log and model.
        person_id: who asked.
    """
    desk = Desk(session, as_of)
    return [keep(session, institution_id, make(desk, one), person_id=person_id) for one in asked]


def inputs_of(asked: Asked, as_of: AsOf, materials: Materials, settings: Settings) -> dict[str, Any]:
    """Everything the result depends on, as JSON that reads back."""
    return {
        "method": METHOD,
        "marketplace": _settings().marketplace_name,
        "asked": plain(asked),
        "on": as_of.on.isoformat(),
        "tree_size": as_of.tree_size,
        "model_version": materials.model.version if materials.model else "",
        "reader": plain(as_of.reader),
        "settings": plain(settings),
        "leaves": materials.leaves,
        "rates": plain(materials.rates),
        "search": plain(materials.search),
    }


def _row(made: Made) -> Valuation:
    asked, as_of, inputs, found = made.asked, made.as_of, made.inputs, made.appraisal.opinion
    middle, wide = found.middle, found.wide
    return Valuation(
        made_at=clock.now(),
        subject_kind=asked.kind,
        subject_key=asked.key,
        reference=asked.reference,
        title=asked.title,
        lot_id=uuid.UUID(asked.key.partition(":")[2]) if asked.kind is SubjectKind.LOT else None,
        valued_on=as_of.on,
        basis=asked.basis,
        approach=found.approach,
        grade=found.grade,
        currency=asked.subject.currency,
        value_minor=found.value_minor,
        low_50_minor=middle.low_minor if middle else None,
        high_50_minor=middle.high_minor if middle else None,
        low_80_minor=wide.low_minor if wide else None,
        high_80_minor=wide.high_minor if wide else None,
        claim_minor=asked.claim_minor,
        life_months=asked.subject.remaining_life_months,
        annuity_due_on=asked.annuity_due_on,
        tree_size=as_of.tree_size,
        model_version=inputs["model_version"],
        settings_version=digest(inputs["settings"]),
        inputs=inputs,
        result=made.appraisal.result,
        digest=seal(inputs, made.appraisal.result),
        code=new_code(),
    )


def seal(inputs: dict[str, Any], result: dict[str, Any]) -> str:
    """SHA-256 of the canonical bytes of both."""
    return digest({"inputs": inputs, "result": result})


@dataclass(frozen=True, slots=True)
class Again:
    """A valuation made again: whether it came out the same, to the byte, and why not."""

    same: bool
    digest: str
    problem: str = ""


def make_again(session: Session, kept: Valuation) -> Again:
    """Make a valuation again from its stored inputs and the log as of its size."""
    if kept.inputs.get("method") != METHOD:
        return Again(same=False, digest="", problem=f"made by {kept.inputs.get('method')}, this is {METHOD}")
    try:
        result = _again(session, kept.inputs)
    except (ValueError, TypeError, KeyError) as error:
        return Again(same=False, digest="", problem=f"its inputs cannot be read: {error}")
    found = seal(kept.inputs, result)
    if canonical_bytes(result) != canonical_bytes(kept.result):
        return Again(same=False, digest=found, problem="the result comes out otherwise")
    if found != kept.digest:
        return Again(same=False, digest=found, problem="the digest is not that of inputs and result")
    return Again(same=True, digest=found)


def _again(session: Session, inputs: dict[str, Any]) -> dict[str, Any]:
    asked, settings = revive(Asked, inputs["asked"]), revive(Settings, inputs["settings"])
    as_of = AsOf(
        asked.subject.on, inputs["tree_size"], inputs["model_version"], revive(Reader, inputs["reader"])
    )
    desk = Desk(session, as_of)
    if as_of.model_version and desk.model(asked.subject) is None:
        raise ValueError(f"model {as_of.model_version} is not kept")
    rates = [revive(Rate, one) for one in inputs["rates"]]
    materials = desk.again(asked.subject, inputs["leaves"], rates, revive(Search, inputs["search"]))
    return appraise(asked, materials, settings).result


def _settings() -> Config:
    settings: Config = current_app.extensions["settings"]
    return settings
