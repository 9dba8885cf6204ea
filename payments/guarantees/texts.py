"""The words for guarantee letters."""

from flask_babel import lazy_gettext

from payments.guarantees.rules import GuaranteeReason, GuaranteeStatus

REFUSALS = {
    GuaranteeReason.NOT_TAKEN: lazy_gettext("No guarantee letter is taken for this deposit; pay it."),
    GuaranteeReason.TOO_SMALL: lazy_gettext("The letter promises less than the deposit."),
    GuaranteeReason.ENDS_TOO_EARLY: lazy_gettext(
        "The letter ends before the price would be due; it must be valid until %(until)s at least."
    ),
    GuaranteeReason.NOT_A_PDF: lazy_gettext("Hand in the letter as a PDF."),
    GuaranteeReason.TOO_LARGE: lazy_gettext("The file is larger than 5 MB."),
    GuaranteeReason.STANDS_ELSEWHERE: lazy_gettext("This letter stands for another deposit already."),
}

STATUSES = {
    GuaranteeStatus.HANDED_IN: lazy_gettext("handed in"),
    GuaranteeStatus.CHECKED: lazy_gettext("checked with the guarantor"),
    GuaranteeStatus.ACCEPTED: lazy_gettext("accepted"),
    GuaranteeStatus.REFUSED: lazy_gettext("not accepted"),
    GuaranteeStatus.WITHDRAWN: lazy_gettext("taken back by the bidder"),
    GuaranteeStatus.RETURNED: lazy_gettext("given back"),
    GuaranteeStatus.LAPSED: lazy_gettext("run out"),
    GuaranteeStatus.CALLED: lazy_gettext("called, not paid yet"),
    GuaranteeStatus.PAID: lazy_gettext("called and paid"),
    GuaranteeStatus.DISHONOURED: lazy_gettext("called, not honoured"),
}

TONES = {
    GuaranteeStatus.HANDED_IN: "waiting",
    GuaranteeStatus.CHECKED: "waiting",
    GuaranteeStatus.ACCEPTED: "done",
    GuaranteeStatus.REFUSED: "stopped",
    GuaranteeStatus.WITHDRAWN: "stopped",
    GuaranteeStatus.RETURNED: "done",
    GuaranteeStatus.LAPSED: "stopped",
    GuaranteeStatus.CALLED: "decision",
    GuaranteeStatus.PAID: "done",
    GuaranteeStatus.DISHONOURED: "stopped",
}
