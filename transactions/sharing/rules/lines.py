"""Pure: a line of a submission, from JSON that fits its schema to the facts of a sale, and back."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, get_args, get_type_hints

from marketplace.errors import Conflict, Refused
from transactions.rules.corrections import corrected
from transactions.rules.facts import FACT_NAMES, SaleFacts
from transactions.rules.words import ConsentTier, SaleOutcome
from transactions.sharing.rules.contributors import ContributorKind, check_grade
from transactions.sharing.rules.reasons import Reason
from transactions.sharing.rules.statements import line_digest

SOURCE_KIND: Final = "submission"

# What a contributor does not say: it follows from who submits what. The seller's ultimate parent is told by
# its registration number, of which a token alone is kept.
SET_HERE = frozenset(
    {
        "source_marketplace",
        "source_kind",
        "source_id",
        "corrects",
        "correction_reason",
        "record_version",
        "seller_parent",
    }
)
PARENT_NUMBER: Final = "seller_parent_number"
PARENT_COUNTRY: Final = "seller_parent_country"
TOLD = tuple(name for name in FACT_NAMES if name not in SET_HERE)

_CONFIDENTIAL = frozenset({ConsentTier.POOL, ConsentTier.SEALED})


class Action(StrEnum):
    """What a line does: a new record, one that replaces another, or one that says a sale was undone."""

    SUBMIT = "submit"
    CORRECT = "correct"
    REVERSE = "reverse"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a submission whose JSON fits the schema.

    Attributes:
        own_id: the contributor's own number. digest: of everything but key and signature.
        values: the facts, or of a correction the changed ones; without the seller's parent.
        parent: country and registration number of the seller's ultimate parent; an empty number where it is
            not told.
        corrects, reason: of a correction or a reversal.
    """

    own_id: str
    action: Action
    digest: str
    key: str
    signature: str
    values: Mapping[str, Any]
    parent: tuple[str, str] = ("", "")
    corrects: uuid.UUID | None = None
    reason: str = ""


def read_line(document: Mapping[str, Any]) -> Line:
    """A line that fits the schema; raises Refused for a day that is none."""
    told = dict(document.get("record") or document.get("changes") or {})
    parent = (str(told.pop(PARENT_COUNTRY, "CN")), str(told.pop(PARENT_NUMBER, "")))
    corrects = document.get("corrects")
    return Line(
        own_id=document["id"],
        action=Action(document["action"]),
        digest=line_digest(document),
        key=document["key"],
        signature=document["signature"],
        values={name: _read(name, value) for name, value in told.items()},
        parent=parent,
        corrects=uuid.UUID(corrects) if corrects else None,
        reason=document.get("reason", ""),
    )


def _read(name: str, value: Any) -> Any:
    try:
        return None if value is None else _READERS[name](value)
    except ValueError:
        raise Refused(Reason.MALFORMED, field=f"record.{name}") from None


def _reader(hint: Any) -> Callable[[Any], Any]:
    kinds = [kind for kind in (get_args(hint) or (hint,)) if kind is not type(None)]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    if date in kinds:
        return date.fromisoformat
    if uuid.UUID in kinds:
        return uuid.UUID
    return tuple if getattr(hint, "__origin__", None) is tuple else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


_READERS = {name: _reader(hint) for name, hint in get_type_hints(SaleFacts).items()}


def new_facts(line: Line, contributor: str, kind: ContributorKind, seller_parent: str) -> SaleFacts:
    """The facts of a new record.

    Raises:
        Refused: the proof is claimed to be better than this kind of contributor can give, or a confidential
            sale comes without its seller's parent, without which it could never be counted.
    """
    facts = SaleFacts(
        source_marketplace=contributor,
        source_kind=SOURCE_KIND,
        source_id=line.own_id,
        seller_parent=seller_parent,
        **line.values,
    )
    check_grade(kind, facts.proof_grade, facts.evidence_url)
    _check_parent(facts)
    return facts


def _check_parent(facts: SaleFacts) -> None:
    if facts.consent_tier in _CONFIDENTIAL and not facts.seller_parent:
        raise Refused(Reason.PARENT_NEEDED, field=f"record.{PARENT_NUMBER}")


def replacing_facts(
    line: Line, record_id: uuid.UUID, old: SaleFacts, kind: ContributorKind, *, already: bool
) -> SaleFacts:
    """The facts of the record that replaces another one of the same contributor.

    Raises:
        Conflict: it has been corrected already, or what is to be reversed is no sale.
        Refused: no change, a proof claimed too high, or facts that do not agree with each other.
    """
    values = dict(line.values)
    if line.action is Action.REVERSE:
        if old.outcome is not SaleOutcome.SOLD:
            raise Conflict(Reason.NOT_SOLD)
        values = {"outcome": SaleOutcome.REVERSED}
    new = corrected(record_id, old, values, line.reason, already=already)
    check_grade(kind, new.proof_grade, new.evidence_url)
    _check_parent(new)
    return new
