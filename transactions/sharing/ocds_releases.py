"""A record as a release of the Open Contracting Data Standard 1.1: pure, values in, JSON out.

The standard is made for buying. A disposal is told with its words: the offer is the tender, the sale is award
and contract; no party is named, so none is listed. What the standard has no field for stands in `disposal`,
our extension. docs/sharing.md says which field is which.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from marketplace.clock import moment_text
from marketplace.money import EXPONENTS
from transactions.disclosure.rules import NEVER, Shown
from transactions.log.commitments import plain
from transactions.rules.facts import FACT_NAMES, SaleFacts
from transactions.rules.words import AUCTIONS, Channel, SaleOutcome

VERSION: Final = "1.1"

_TENDER_STATUS: Mapping[SaleOutcome, str] = {
    SaleOutcome.SOLD: "complete",
    SaleOutcome.REVERSED: "complete",
    SaleOutcome.UNSOLD: "unsuccessful",
    SaleOutcome.REAUCTIONED: "unsuccessful",
    SaleOutcome.WITHDRAWN: "cancelled",
}
_DIRECT = frozenset({Channel.CREDITOR_TAKING, Channel.AGREED_CONVERSION, Channel.COMPANY_TAKEOVER})
_LIMITED = frozenset({Channel.BROKERED_OFFER, Channel.BROKERED, Channel.PRIVATE_SALE})


@dataclass(frozen=True, slots=True)
class Source:
    """What of a release is not a fact of the sale.

    Attributes:
        first_id: of the record with which the corrections began; it makes the open contracting id.
        link: address of the record's page.
    """

    prefix: str
    first_id: uuid.UUID
    record_id: uuid.UUID
    recorded_at: datetime
    link: str


def ocid_of(prefix: str, first_id: uuid.UUID) -> str:
    """The open contracting id: one for each attempt to sell, the same for all corrections of its record."""
    return f"{prefix}-{first_id}"


def release_of(view: Shown, source: Source, title: str) -> dict[str, Any]:
    """One release, with the fields that everybody may see.

    Args:
        view: the record as the reader sees it.
        source: its ids and address.
        title: what was offered, as the reader may be told.
    """
    facts = view.facts
    sold = facts.outcome in {SaleOutcome.SOLD, SaleOutcome.REVERSED}
    release: dict[str, Any] = {
        "ocid": ocid_of(source.prefix, source.first_id),
        "id": str(source.record_id),
        "date": moment_text(source.recorded_at),
        "tag": _tags(facts, sold=sold),
        "initiationType": "tender",
        "language": "zh",
        "tender": _tender(facts, source, title),
    }
    if sold:
        release |= {"awards": [_award(facts, source, title)], "contracts": [_contract(facts, source)]}
    if facts.previous is not None:
        release["relatedProcesses"] = [_previous(facts.previous, source.prefix)]
    return release


def _tags(facts: SaleFacts, *, sold: bool) -> list[str]:
    if facts.corrects is None:
        return ["tender", "award", "contract"] if sold else ["tender"]
    if facts.outcome is SaleOutcome.REVERSED:
        return ["awardCancellation", "contractTermination"]
    return ["tenderUpdate", "awardUpdate", "contractUpdate"] if sold else ["tenderUpdate"]


def _tender(facts: SaleFacts, source: Source, title: str) -> dict[str, Any]:
    tender: dict[str, Any] = {
        "id": str(source.first_id),
        "title": title,
        "status": _TENDER_STATUS[facts.outcome],
        "procurementMethod": _method(facts.channel),
        "procurementMethodDetails": str(facts.channel),
        "awardCriteria": "priceOnly",
        "disposal": _disposal(facts),
    }
    if facts.channel in AUCTIONS:
        tender["submissionMethod"] = ["electronicAuction"]
    if facts.start_price_minor is not None:
        tender["minValue"] = _value(facts.start_price_minor, facts.currency)
    if facts.bidders is not None:
        tender["numberOfTenderers"] = facts.bidders
    tender["items"] = [_item(facts, title)]
    return tender


def _method(channel: Channel) -> str:
    if channel in _DIRECT:
        return "direct"
    return "limited" if channel in _LIMITED else "open"


def _item(facts: SaleFacts, title: str) -> dict[str, Any]:
    item: dict[str, Any] = {"id": "1", "description": title}
    if facts.number_of_rights is not None:
        item |= {"quantity": facts.number_of_rights, "unit": {"name": "right"}}
    if facts.classes:
        item["additionalClassifications"] = [{"scheme": _scheme(facts), "id": code} for code in facts.classes]
    return item


def _scheme(facts: SaleFacts) -> str:
    return "x_nice" if facts.asset_type.value == "trademark" else "x_ipc"


def _award(facts: SaleFacts, source: Source, title: str) -> dict[str, Any]:
    reversed_ = facts.outcome is SaleOutcome.REVERSED
    award: dict[str, Any] = {
        "id": f"{source.first_id}-award",
        "title": title,
        "status": "cancelled" if reversed_ else "active",
    }
    return award | _price(facts) | _dated("date", facts.sold_on)


def _contract(facts: SaleFacts, source: Source) -> dict[str, Any]:
    reversed_ = facts.outcome is SaleOutcome.REVERSED
    contract: dict[str, Any] = {
        "id": f"{source.first_id}-contract",
        "awardID": f"{source.first_id}-award",
        "status": "terminated" if reversed_ else "active",
    }
    if source.link:
        contract["documents"] = [{"id": str(source.record_id), "url": source.link, "format": "text/html"}]
    return contract | _price(facts) | _dated("dateSigned", facts.sold_on)


def _price(facts: SaleFacts) -> dict[str, Any]:
    return {} if facts.price_minor is None else {"value": _value(facts.price_minor, facts.currency)}


def _dated(name: str, day: date | None) -> dict[str, str]:
    """The standard wants a moment: midnight; `disposal.datePrecision` says how much of it is known."""
    return {} if day is None else {name: f"{day.isoformat()}T00:00:00Z"}


def _value(minor: int, currency: str) -> dict[str, Any]:
    """An amount as a JSON number with the currency's decimals, which the standard asks for."""
    exponent = EXPONENTS[currency]
    amount = Decimal(minor).scaleb(-exponent)
    whole = amount == amount.to_integral_value()
    return {"amount": int(amount) if whole else float(amount), "currency": currency}


def _previous(previous: uuid.UUID, prefix: str) -> dict[str, Any]:
    return {
        "id": "1",
        "relationship": ["unsuccessfulProcess"],
        "scheme": "ocid",
        "identifier": ocid_of(prefix, previous),
    }


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


# What the standard has a field for, or what says nothing about the sale.
_ELSEWHERE = frozenset(
    {"title", "currency", "channel", "corrects", "previous", "classes", "number_of_rights", "price_minor"}
    | {"source_kind", "source_id", "sold_on", "start_price_minor", "bidders"}
)
EXTENSION_FIELDS: Mapping[str, str] = {
    name: _camel(name) for name in FACT_NAMES if name not in _ELSEWHERE | NEVER
}


def _disposal(facts: SaleFacts) -> dict[str, Any]:
    """The other facts under their own names; what is not told is left out."""
    told = {new: plain(getattr(facts, name)) for name, new in EXTENSION_FIELDS.items()}
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def package_of(
    releases: list[dict[str, Any]], *, uri: str, published: datetime, publisher: str, extension: str
) -> dict[str, Any]:
    """A release package, the form in which the standard wants releases handed over."""
    return {
        "uri": uri,
        "version": VERSION,
        "extensions": [extension],
        "publishedDate": moment_text(published),
        "publisher": {"name": publisher},
        "releases": releases,
    }
