"""The suite: who asks, what is expected, what came; the checks themselves stand in `checks`."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from marketplace.errors import Refused
from transactions.sharing.conformance.exchange import Answer, Party, Transport, Unreachable
from transactions.sharing.schema_files import NAMES
from transactions.sharing.schema_files import check as check_schema


class Failed(Exception):
    """A check found something else than it expects; the message says what."""


class NotReady(Exception):
    """The suite cannot begin: no sandbox, or a key that nobody knows there."""


@dataclass
class Scene:
    """What the checks share.

    Attributes:
        stranger: signs with a key that is in no register.
        public_key: of the marketplace, as the way in tells it.
        run: begins every number of this run, so that a sandbox can be used again.
        receipts: of the lines that were accepted, by their number.
    """

    party: Party
    stranger: Party
    public_key: str
    run: str = field(default_factory=lambda: f"conformance-{secrets.token_hex(4)}")
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def sale(self, name: str, **changes: Any) -> dict[str, Any]:
        """A line of a new record, without its signature."""
        record = SALE | {"title": f"Conformance {name}"} | changes
        return {"id": f"{self.run}-{name}", "action": "submit", "record": record}

    def accepted(self, line: dict[str, Any]) -> dict[str, Any]:
        """Send a signed line that has to be new; gives its receipt."""
        answer = self.party.send(self.party.signed(line))
        told = only_line(answer)
        expect("status", 201, answer.status, told.get("error"))
        self.receipts[line["id"]] = told["receipt"]
        receipt: dict[str, Any] = told["receipt"]
        return receipt


SALE: dict[str, Any] = {
    "outcome": "sold",
    "asset_type": "invention",
    "channel": "private_sale",
    "currency": "CNY",
    "sold_on": "2024-01-15",
    "date_precision": "day",
    "proof_grade": "D",
    "number_of_rights": 1,
    "price_minor": 12_300_00,
    "consent_tier": "price_only",
}

Check = tuple[str, Callable[[Scene], None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check found; `problem` is empty where it passed."""

    name: str
    problem: str = ""


def expect(what: str, wanted: Any, came: Any, hint: Any = "") -> None:
    """Raise Failed unless both are the same."""
    if wanted != came:
        raise Failed(f"{what}: {wanted!r} expected, {came!r} came" + (f" ({hint})" if hint else ""))


def only_line(answer: Answer) -> dict[str, Any]:
    """The one line of an answer to a submission."""
    fits(answer, "result")
    lines = answer.facts["lines"]
    expect("number of lines", 1, len(lines))
    line: dict[str, Any] = lines[0]
    return line


def fits(answer: Answer, schema: str) -> None:
    """Raise Failed unless the answer fits its schema."""
    if schema not in NAMES:
        raise KeyError(schema)
    try:
        check_schema(answer.facts, schema)
    except Refused as refused:
        told = answer.facts.get("error") if isinstance(answer.facts, dict) else ""
        raise Failed(
            f"{answer.status}: the answer does not fit {schema}.json at {refused.field}: {refused.reason}"
            + (f" ({told})" if told else "")
        ) from None


def open_scene(transport: Transport, seed: bytes) -> Scene:
    """Look who one is there.

    Raises:
        NotReady: the server is no sandbox, or no admitted contributor has the key.
        Unreachable: nobody answers.
    """
    stranger = Party(transport, "", secrets.token_bytes(32))
    way_in = stranger.get("")
    if way_in.status != 200 or "sandbox" not in way_in.facts:
        raise Unreachable(f"this is not the API of a shared record: {way_in.status}")
    if not way_in.facts["sandbox"]:
        raise NotReady(
            "this is no sandbox: the suite writes records, and records of a real one stay for ever"
        )
    mark = Party(transport, "", seed).mark
    found = stranger.get(f"/contributors?key={mark}").facts.get("contributors", [])
    if len(found) != 1 or found[0]["status"] != "admitted":
        raise NotReady(f"no admitted contributor has the key {mark}")
    party = Party(transport, found[0]["code"], seed)
    return Scene(party, Party(transport, party.code, stranger.seed), way_in.facts["public_key"])


def run(scene: Scene, checks: Sequence[Check]) -> Iterator[Outcome]:
    """Each check in its order; a later one may need what an earlier one sent."""
    for name, ask in checks:
        try:
            ask(scene)
        except Failed as failed:
            yield Outcome(name, str(failed))
        except (KeyError, IndexError, TypeError, AttributeError, ValueError) as missing:
            yield Outcome(name, f"the answer lacks something: {type(missing).__name__} {missing}")
        else:
            yield Outcome(name)
