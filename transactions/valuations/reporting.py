"""The report as JSON: what programs of the institution read of a valuation."""

from collections.abc import Sequence
from typing import Any

from marketplace.clock import moment_text
from transactions.valuations.models import Valuation, ValuationDecision

LABEL = "estimate, not an appraisal"
FORMAT = "luochui-valuation-1"


def as_json(kept: Valuation, decisions: Sequence[ValuationDecision], address: str) -> dict[str, Any]:
    """The whole report; `digest` is SHA-256 of `{"inputs": …, "result": …}` as canonical JSON."""
    return {
        "format": FORMAT,
        "label": LABEL,
        "id": str(kept.id),
        "code": kept.code,
        "check_at": address,
        "digest": kept.digest,
        "made_at": moment_text(kept.made_at),
        "valued_on": kept.valued_on.isoformat(),
        "data_cut_off": {"tree_size": kept.tree_size, "model_version": kept.model_version},
        "settings_version": kept.settings_version,
        "inputs": kept.inputs,
        "result": kept.result,
        "decisions": [_decision(one) for one in decisions],
    }


def _decision(one: ValuationDecision) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "by": one.person.name,
        "at": moment_text(one.at),
        "reason": one.reason,
        "suggested_start_minor": one.suggested_minor,
        "start_price_minor": one.start_price_minor,
        "value_minor": one.value_minor,
    }
