"""A rule pack as JSON values and back: what a record carries, so that its rules run where no such pack is."""

from dataclasses import fields
from typing import Any

from marketplace.canonical import digest
from marketplace.rule_packs.packs import BadPack, Pack, Sourced, read_pack


def as_data(pack: Pack) -> dict[str, Any]:
    """Every number of the pack with its source; what the pack does not set is left out."""
    values = {field.name: getattr(pack, field.name) for field in fields(Pack)}
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    if not isinstance(value, Sourced):
        return value
    content = value.value
    plain = content if isinstance(content, bool | int) else str(content)
    return {"value": plain, "basis": str(value.basis), "source": value.source}


def from_data(raw: Any) -> Pack:
    """The inverse of `as_data`; raises BadPack."""
    if not isinstance(raw, dict):
        raise BadPack("is not an object")
    return read_pack(raw)


def pack_digest(pack: Pack) -> str:
    """SHA-256 over the pack's numbers and sources: two packs of one name and version have the same."""
    return digest(as_data(pack))
