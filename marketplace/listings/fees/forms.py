"""The shape of the operator's terms."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional, Regexp

from marketplace.commission import TABLES, Bearer
from marketplace.listings.fees.rules import Terms
from marketplace.listings.fees.texts import BEARERS
from marketplace.money import EXPONENTS, parse_minor
from marketplace.rule_packs import NAMES
from marketplace.rule_packs.words import TITLES

_AMOUNT = Regexp(r"\s*[0-9]+(\.[0-9]{1,2})?\s*", message=_("A plain amount such as 1200000.00."))


def _decimal(label: Any, description: Any = "", *checks: Any, default: str = "") -> StringField:
    checks = checks or (Optional(), Length(max=20))
    return StringField(
        label, checks, description=description, default=default, render_kw={"inputmode": "decimal"}
    )


_PACKS = [SelectChoice(name, TITLES[name]) for name in NAMES]
_SIDES = [SelectChoice(side.value, words) for side, words in BEARERS.items()]
_TABLES = [SelectChoice("", "–"), *(SelectChoice(name, name) for name in TABLES)]
_CURRENCIES = [SelectChoice(code, code) for code in EXPONENTS]


class TermsForm(FlaskForm):
    """What the platform takes from one side."""

    rule_pack = SelectField(_("Rule pack"), choices=_PACKS)
    lot = StringField(
        _("Reference of the lot"),
        [Optional(), Length(max=60)],
        description=_("Only for that lot, before it is published; empty for every lot of the pack."),
    )
    borne_by = SelectField(_("Borne by"), choices=_SIDES)
    rate = _decimal(
        _("Rate of the commission"),
        _("A share of the price, such as 0.015. Empty with a table; 0 takes nothing."),
    )
    table = SelectField(_("Table of commissions"), choices=_TABLES, default="")
    least = _decimal(_("At least"), "", Optional(), Length(max=30), _AMOUNT)
    most = _decimal(_("At most"), "", Optional(), Length(max=30), _AMOUNT)
    currency = SelectField(_("Currency"), choices=_CURRENCIES, default="CNY")
    agency_share = _decimal(
        _("Share of the agency that brings the price"),
        _("A share of this commission, such as 0.3."),
        default="0",
    )
    agreement = StringField(
        _("Agreement"),
        [Optional(), Length(max=200)],
        description=_("Where more than the pack's limit is taken: the agreement that says so."),
    )
    effective_from = DateTimeLocalField(
        _("In force from"), [Optional()], format="%Y-%m-%dT%H:%M", description=_("Empty for at once.")
    )
    reason = StringField(_("Reason"), [InputRequired(), Length(max=500)])

    def terms(self) -> Terms:
        """What was entered; only after validation."""
        currency = str(self.currency.data)
        return Terms(
            borne_by=Bearer(str(self.borne_by.data)),
            rate=(self.rate.data or "").strip(),
            table=self.table.data or "",
            least_minor=parse_minor((self.least.data or "").strip() or "0", currency),
            most_minor=parse_minor(self.most.data.strip(), currency) if self.most.data else None,
            agency_share=(self.agency_share.data or "0").strip(),
            agreement=(self.agreement.data or "").strip(),
        )
