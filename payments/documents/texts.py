"""The words for what documents refuses."""

from flask_babel import lazy_gettext as _

from payments.documents.rules import DocumentReason
from payments.documents.words import TITLES

__all__ = ["REFUSALS", "TITLES"]

REFUSALS = {
    DocumentReason.NOT_AN_INVOICE: _("Only an invoice is corrected; this document says what happened."),
    DocumentReason.CORRECTED_ALREADY: _(
        "This invoice was corrected before. Correct the one that replaces it."
    ),
    DocumentReason.REASON_FOR_CORRECTION: _("Say why the invoice is corrected."),
}
