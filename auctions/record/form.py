"""The form of a record file: read strictly, within limits; every fault names its field."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auctions.record.entries import MOST_INTEGER, Entry, read_entry
from auctions.record.openings import Openings, read_openings
from auctions.record.strict_json import strict_json
from auctions.rules import Terms
from auctions.written.reading import Fields, Malformed, read_amount
from auctions.written.terms import read_terms
from marketplace.canonical import canonical_bytes
from marketplace.rule_packs import BadPack, Pack, from_data

FORMAT = "luochui auction record"
VERSION = 1

MOST_BYTES = 128 * 1024 * 1024
MOST_ENTRIES = 100_000
MOST_BIDDERS = 10_000
MOST_KEYS = 50

FIELDS = (
    "format",
    "version",
    "marketplace",
    "auction",
    "attempt",
    "lot",
    "terms",
    "terms_digest",
    "reserve",
    "rule_pack",
    "bidders",
    "entries",
    "opened",
    "result",
    "last_hash",
    "keys",
    "seal",
)


@dataclass(frozen=True, slots=True)
class Record:
    """A record that has been read.

    Attributes:
        raw: the whole file as JSON values.
        spelled_canonically: whether the bytes are the one spelling of these values.
        opened: what came out of the envelopes; None where nothing was sealed, or nothing was opened.
        terms: with the reserve as it acted, where the reserve itself is withheld.
        priorities: order of the right of first refusal by alias; None for none.
        keys: public keys (PEM) by the fingerprint that the file gives them.
    """

    raw: Mapping[str, Any]
    spelled_canonically: bool
    auction_id: str
    pack: Pack
    terms: Terms
    priorities: Mapping[str, int | None]
    entries: tuple[Entry, ...]
    opened: Openings | None
    keys: Mapping[str, str]
    seal_key: str
    seal_signature: str


def load(path: Path) -> Record:
    """Read a record file; raises Malformed."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Malformed("file", f"cannot be read: {error.strerror}") from None
    return parse(content)


def parse(content: bytes) -> Record:
    """Read the bytes of a record; raises Malformed."""
    if len(content) > MOST_BYTES:
        raise Malformed("file", f"is larger than {MOST_BYTES} bytes")
    raw = strict_json(content)
    try:
        canonical = canonical_bytes(raw)
    except (UnicodeEncodeError, RecursionError):
        raise Malformed("file", "holds half a character or is nested too deep") from None
    return _read(raw, spelled_canonically=content.removesuffix(b"\n") == canonical)


def _read(raw: Any, *, spelled_canonically: bool) -> Record:
    fields = Fields(raw, "", FIELDS)
    if fields.text("format") != FORMAT:
        raise fields.fail("format", f"must be {FORMAT!r}")
    if fields.whole("version", None, 0, MOST_INTEGER) != VERSION:
        raise fields.fail("version", f"must be {VERSION}: this program reads no other")
    auction_id = fields.text("auction", 36)
    if not _is_uuid(auction_id):
        raise fields.fail("auction", "must be the auction's id, a UUID in lower case")
    _check_facts(fields)
    pack = _pack(fields)
    priorities = _bidders(fields)
    seal = Fields(fields.required("seal"), "seal", ("key", "signature"))
    return Record(
        raw=raw,
        spelled_canonically=spelled_canonically,
        auction_id=auction_id,
        pack=pack,
        terms=_terms(fields, pack),
        priorities=priorities,
        entries=tuple(
            read_entry(entry, f"entries[{number}]", priorities)
            for number, entry in enumerate(fields.objects("entries", MOST_ENTRIES))
        ),
        opened=read_openings(fields.raw["opened"]) if "opened" in fields.raw else None,
        keys=_keys(fields),
        seal_key=seal.text("key", 64),
        seal_signature=seal.text("signature", 120),
    )


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _check_facts(fields: Fields) -> None:
    """What the rules do not need but readers do."""
    fields.text("marketplace")
    fields.whole("attempt", 1, 1, 1000)
    lot = Fields(fields.required("lot"), "lot", ("id", "reference", "title"))
    for name in ("id", "reference", "title"):
        lot.text(name, 500)
    fields.text("terms_digest", 64)
    if not isinstance(fields.required("last_hash"), str):
        raise fields.fail("last_hash", "must be text")
    if not isinstance(fields.required("result"), dict):
        raise fields.fail("result", "must be an object")


def _pack(fields: Fields) -> Pack:
    written = Fields(fields.required("rule_pack"), "rule_pack", ("name", "version", "digest", "content"))
    for name in ("name", "version", "digest"):
        written.text(name, 64)
    try:
        return from_data(written.required("content"))
    except BadPack as error:
        raise written.fail("content", str(error)[:200]) from None


def _terms(fields: Fields, pack: Pack) -> Terms:
    """The terms; a withheld reserve is replaced by the amount that acted like it."""
    reserve = Fields(fields.required("reserve"), "reserve", ("published", "acts_as"))
    raw = fields.required("terms")
    if reserve.flag("published", default=True) or not isinstance(raw, dict):
        return read_terms(raw, "terms", pack)
    acts_as = reserve.raw.get("acts_as")
    terms = read_terms(raw, "terms", pack)
    if terms.reserve_price is not None:
        raise fields.fail("terms", "holds a reserve that the record says is withheld")
    if acts_as is not None:
        read_amount(acts_as, terms.currency, "reserve.acts_as")
    return read_terms({**raw, "reserve_price": acts_as}, "terms", pack)


def _bidders(fields: Fields) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for number, entry in enumerate(fields.objects("bidders", MOST_BIDDERS)):
        one = Fields(entry, f"bidders[{number}]", ("alias", "priority_order"))
        alias = one.text("alias", 64)
        if alias in found:
            raise one.fail("alias", f"{alias!r} stands twice")
        found[alias] = one.whole("priority_order", None, 1, 1000)
    return found


def _keys(fields: Fields) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, entry in enumerate(fields.objects("keys", MOST_KEYS)):
        one = Fields(entry, f"keys[{number}]", ("fingerprint", "public_key"))
        found[one.text("fingerprint", 64)] = one.text("public_key", 400)
    return found
