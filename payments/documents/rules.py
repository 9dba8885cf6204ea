"""Kinds of documents, how they are numbered, and what a document's sums must be: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from marketplace.errors import MarketplaceError, Refused
from marketplace.taxes import Taxed, added_up


class DocumentKind(StrEnum):
    DEPOSIT_RECEIPT = "deposit_receipt"
    PRICE_STATEMENT = "price_statement"
    """What the buyer owed and how it was paid; no invoice."""
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    SETTLEMENT_STATEMENT = "settlement_statement"
    SURPLUS_NOTICE = "surplus_notice"
    SHORTFALL_NOTICE = "shortfall_notice"
    PAYOUT_ADVICE = "payout_advice"
    REFUND_RECEIPT = "refund_receipt"


# What belongs into the books of accounts for tax; everything else says what happened to money.
JOURNAL = (DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE)

PREFIXES: dict[DocumentKind, str] = {
    DocumentKind.DEPOSIT_RECEIPT: "DR",
    DocumentKind.PRICE_STATEMENT: "PS",
    DocumentKind.INVOICE: "IN",
    DocumentKind.CREDIT_NOTE: "CN",
    DocumentKind.SETTLEMENT_STATEMENT: "SS",
    DocumentKind.SURPLUS_NOTICE: "SN",
    DocumentKind.SHORTFALL_NOTICE: "SH",
    DocumentKind.PAYOUT_ADVICE: "PA",
    DocumentKind.REFUND_RECEIPT: "RR",
}

# The issuer of what the marketplace itself issues; any other issuer is an institution's id.
PLATFORM = "platform"


class DocumentReason(StrEnum):
    NOT_AN_INVOICE = "not_an_invoice"
    CORRECTED_ALREADY = "corrected_already"
    REASON_FOR_CORRECTION = "reason_for_correction"


class WrongSums(MarketplaceError):
    """A document's lines do not sum to its totals: a fault of the program, nothing is issued."""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of an invoice.

    Attributes:
        what: a word of the catalogue for what is invoiced.
        basis_points: the rate of the tax; None where the tax is not determined.
        source: where the rate comes from; empty without one.
    """

    what: str
    detail: str
    taxed: Taxed
    basis_points: int | None
    treatment: str
    source: str = ""

    def written(self) -> dict[str, object]:
        """The line as JSON values; amounts in minor units."""
        return {
            "what": self.what,
            "detail": self.detail,
            "net": self.taxed.net,
            "basis_points": self.basis_points,
            "tax": self.taxed.tax,
            "gross": self.taxed.gross,
            "treatment": self.treatment,
            "source": self.source,
        }


def number_text(kind: DocumentKind, year: int, sequence: int) -> str:
    """The number that stands on a document, such as IN-2026-000001; unique with its issuer."""
    return f"{PREFIXES[kind]}-{year}-{sequence:06d}"


def percent_text(basis_points: int) -> str:
    """A rate as people write it: 6 % or 0.5 %."""
    whole, rest = divmod(basis_points, 100)
    places = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{whole}{places} %"


def check_sums(lines: Iterable[InvoiceLine], total: Taxed) -> None:
    """Raise WrongSums unless the lines sum to the totals."""
    if added_up(line.taxed for line in lines) != total:
        raise WrongSums(f"the lines do not sum to {total}")


def check_correction(kind: DocumentKind, reason: str, *, credited: bool) -> str:
    """The reason for which an invoice is corrected, trimmed.

    Raises:
        Refused: it is no invoice, a credit note names it already, or no reason is given.
    """
    if kind is not DocumentKind.INVOICE:
        raise Refused(DocumentReason.NOT_AN_INVOICE)
    if credited:
        raise Refused(DocumentReason.CORRECTED_ALREADY)
    if not reason.strip():
        raise Refused(DocumentReason.REASON_FOR_CORRECTION, field="reason")
    return reason.strip()[:500]
