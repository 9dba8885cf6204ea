"""The applications of a period as a spreadsheet, for the regulator."""

from collections.abc import Sequence

from flask_babel import get_locale, gettext

from marketplace.language import moment
from payments.funds.sheets import Cell, amount_cell, workbook
from payments.funds.texts import SIZES
from payments.subsidies import queries
from payments.subsidies.models import SubsidyApplication
from payments.subsidies.texts import APPLICATIONS


def applications(found: Sequence[SubsidyApplication]) -> bytes:
    """One row for each application."""
    head = [
        gettext("Programme"), gettext("Number"), gettext("Firm"), gettext("Registration number of the firm"),
        gettext("Size of the firm"), gettext("Applicant"), gettext("State"), gettext("Applied"),
        gettext("Currency"), gettext("Costs"), gettext("Subsidy"),
    ]  # fmt: skip
    currency = found[0].currency if found else "CNY"
    return workbook([(gettext("Subsidies"), head, [_row(one) for one in found])], currency)


def _row(one: SubsidyApplication) -> list[Cell]:
    return [
        queries.title_of(one.programme, str(get_locale() or "zh")[:2]),
        one.number,
        one.firm,
        one.firm_number,
        str(SIZES[one.size]),
        one.applicant.name,
        str(APPLICATIONS[one.status]),
        moment(one.applied_at),
        one.currency,
        amount_cell(sum(one.costs.values()), one.currency),
        amount_cell(one.amount_minor, one.currency),
    ]
