"""The JSON Schemas of the API: read from their files once, served, and used to check input."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from marketplace.errors import Refused
from transactions.sharing.rules.reasons import Reason

ADDRESS: Final = "/api/v1/transactions/schemas/"
_FOLDER = Path(__file__).parent / "schemas"

NAMES = tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))

# The keyword that failed, and what a person is told.
_REASONS: Mapping[str, Reason] = {
    "required": Reason.FIELD_MISSING,
    "additionalProperties": Reason.FIELD_UNKNOWN,
    "type": Reason.WRONG_TYPE,
    "enum": Reason.NOT_A_WORD,
    "const": Reason.NOT_A_WORD,
    "minimum": Reason.OUT_OF_RANGE,
    "maximum": Reason.OUT_OF_RANGE,
    "minLength": Reason.WRONG_LENGTH,
    "maxLength": Reason.WRONG_LENGTH,
    "minItems": Reason.WRONG_LENGTH,
    "maxItems": Reason.WRONG_LENGTH,
    "minProperties": Reason.WRONG_LENGTH,
}


@cache
def schema(name: str) -> dict[str, Any]:
    """One schema by its name; raises KeyError."""
    if name not in NAMES:
        raise KeyError(name)
    found: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def validator(name: str, part: str = "") -> Draft202012Validator:
    """A validator for a schema, or for a part of it by its JSON pointer."""
    resources: Iterable[tuple[str, Resource[Any]]] = [
        (f"{ADDRESS}{each}.json", DRAFT202012.create_resource(schema(each))) for each in NAMES
    ]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator({"$ref": f"{ADDRESS}{name}.json{part}"}, registry=registry)


def check(document: Any, name: str, part: str = "") -> None:
    """Raise Refused for the first thing in the document that does not fit the schema, naming the field."""
    errors = validator(name, part).iter_errors(document)
    first = min(errors, key=lambda error: (len(error.absolute_path), str(error.absolute_path)), default=None)
    if first is not None:
        reason = _REASONS.get(str(first.validator), Reason.MALFORMED)
        raise Refused(reason, field=_field(first))


def _field(error: ValidationError) -> str | None:
    path = [str(part) for part in error.absolute_path]
    instance: Any = error.instance
    if error.validator == "required":
        path += [name for name in error.validator_value if name not in instance][:1]
    if error.validator == "additionalProperties":
        path += sorted(set(instance) - set(error.schema.get("properties", {})))[:1]
    return ".".join(path)[:200] or None
