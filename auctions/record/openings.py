"""What was opened of an auction by sealed bids, as a record writes it; absent where nothing was sealed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auctions.sealing.rules import Fault
from auctions.written.reading import Fields

_MOST_BIDS = 100_000
_MOST_CUSTODIANS = 10
_MOST_INTEGER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class OpenedBid:
    """What came out of one envelope: `fault` says why it does not count, where it does not."""

    sequence: int
    amount: str | None
    salt: str | None
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Openings:
    """The opening: which officers' keys opened for each institution, and every bid by its entry."""

    keys: Mapping[str, Any]
    bids: Mapping[int, OpenedBid]


def read_openings(raw: Any) -> Openings:
    """Read the section; raises Malformed."""
    fields = Fields(raw, "opened", ("keys", "bids"))
    keys = fields.required("keys")
    if not isinstance(keys, dict) or len(keys) > _MOST_CUSTODIANS:
        raise fields.fail("keys", f"must be an object of at most {_MOST_CUSTODIANS} institutions")
    bids: dict[int, OpenedBid] = {}
    for number, entry in enumerate(fields.objects("bids", _MOST_BIDS)):
        one = Fields(entry, f"opened.bids[{number}]", ("sequence", "amount", "salt", "fault"))
        fault = None if one.raw.get("fault") is None else one.member("fault", Fault)
        sequence = one.whole("sequence", None, 1, _MOST_INTEGER) or 0
        if sequence in bids:
            raise one.fail("sequence", "stands twice")
        bids[sequence] = OpenedBid(
            sequence, one.optional_text("amount", 64), one.optional_text("salt", 64), fault
        )
    return Openings(keys, bids)
