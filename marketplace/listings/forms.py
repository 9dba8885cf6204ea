"""Shape of what people enter about lots."""

import re
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp

from marketplace.clock import LOCAL_ZONE, aware
from marketplace.listings.models import Lot
from marketplace.listings.rules import AuctionFormat, PriceBasis
from marketplace.listings.terms import DEFAULT_CURRENCY, DEFAULT_PACK, LotTerms, consent_of
from marketplace.listings.texts import AUCTION_FORMATS, CONSENT_TIERS, PRICE_BASES
from marketplace.money import EXPONENTS, MalformedAmount, decimal_text, parse_minor
from marketplace.rule_packs import NAMES, ConsentTier, load
from marketplace.rule_packs.words import pack_title
from marketplace.taxes import TaxBearer, Treatment
from marketplace.taxes.texts import BEARERS, PRICE_TREATMENTS

AMOUNTS = (
    "reference_price_minor",
    "start_price_minor",
    "reserve_minor",
    "deposit_minor",
    "increment_minor",
)
_DECIMAL = Regexp(r"\s*[0-9]+(\.[0-9]{1,2})?\s*", message=_("A plain amount such as 1200000.00."))
_OPTION = re.compile(r"([a-z_]{1,40})\s*=\s*(.{1,100})")
_MOMENT = "%Y-%m-%dT%H:%M"


def _amount(label: Any, hint: Any = "") -> StringField:
    return StringField(label, [Optional(), _DECIMAL], description=hint, render_kw={"inputmode": "decimal"})


class LotForm(FlaskForm):
    """The terms of a lot; fields are named as the Lot's columns, so that refusals find them."""

    reference = StringField(_("Reference"), [InputRequired(), Length(max=60)])
    title = StringField(_("Title"), [InputRequired(), Length(max=300)])
    description = TextAreaField(_("Description"), [Length(max=10_000)])
    right_ids = SelectMultipleField(_("Rights"), coerce=str)
    case_id = SelectField(_("Default case"), coerce=str, default="")
    currency = SelectField(
        _("Currency"), choices=lambda: {code: code for code in EXPONENTS}, default=DEFAULT_CURRENCY
    )
    rule_pack = SelectField(_("Rule pack"), default=DEFAULT_PACK)
    auction_format = SelectField(_("Way of selling"), default=AuctionFormat.ENGLISH)
    reference_price_minor = _amount(_("Reference price"))
    reference_price_basis = SelectField(_("Basis of the reference price"), default="")
    start_price_minor = _amount(_("Start price"))
    reserve_minor = _amount(_("Reserve"), _("The least price at which the bank sells."))
    reserve_public = BooleanField(_("Show the reserve to everybody"))
    deposit_minor = _amount(_("Deposit"))
    increment_minor = _amount(_("Increment"))
    tax_bearer = SelectField(_("Who bears the taxes of the sale"), default=TaxBearer.EACH_OWN)
    price_tax = SelectField(
        _("Value added tax in the price"),
        default=Treatment.NOT_DETERMINED,
        description=_("As the seller states it; published with the lot and not changed afterwards."),
    )
    consent_tier = SelectField(
        _("What others see of the sale"),
        default="",
        description=_("In the shared record of prices, once the sale is done or has failed."),
    )
    opens_at = DateTimeLocalField(_("Bidding opens"), [Optional()], format=_MOMENT)
    closes_at = DateTimeLocalField(_("Bidding closes"), [Optional()], format=_MOMENT)
    options = TextAreaField(
        _("Options of the way of selling"),
        [Length(max=2_000)],
        description=_("One “name = value” per line, where it needs more, for example: step = 50000.00"),
    )

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.rule_pack.choices = {name: pack_title(name) for name in NAMES}
        self.auction_format.choices = {str(name): str(text) for name, text in AUCTION_FORMATS.items()}
        bases = {str(name): str(text) for name, text in PRICE_BASES.items()}
        self.reference_price_basis.choices = {"": "–"} | bases
        self.tax_bearer.choices = {str(name): str(text) for name, text in BEARERS.items()}
        tiers = {str(name): str(text) for name, text in CONSENT_TIERS.items()}
        self.consent_tier.choices = {"": str(_("as the rule pack says"))} | tiers
        self.price_tax.choices = {str(name): str(text) for name, text in PRICE_TREATMENTS.items()}

    def validate_options(self, field: Field) -> None:
        for line in _lines(field.data):
            if not _OPTION.fullmatch(line):
                raise ValidationError(_("“%(line)s” is not “name = value”.") % {"line": line[:60]})

    def validate_currency(self, field: Field) -> None:
        """Amounts must fit the currency's places."""
        for name in AMOUNTS:
            _minor(self[name].data, field.data)

    def terms(self) -> LotTerms:
        """What was entered; only after validation."""
        currency = self.currency.data
        basis = self.reference_price_basis.data
        return LotTerms(
            reference=(self.reference.data or "").strip(),
            title=(self.title.data or "").strip(),
            description=(self.description.data or "").strip(),
            currency=currency,
            reference_price_basis=PriceBasis(basis) if basis else None,
            reserve_public=self.reserve_public.data,
            rule_pack=self.rule_pack.data,
            auction_format=AuctionFormat(self.auction_format.data),
            options=dict(_option(line) for line in _lines(self.options.data)),
            opens_at=_moment(self.opens_at.data),
            closes_at=_moment(self.closes_at.data),
            tax_bearer=TaxBearer(self.tax_bearer.data),
            price_tax=Treatment(self.price_tax.data),
            consent_tier=ConsentTier(self.consent_tier.data) if self.consent_tier.data else None,
            **{name: _minor(self[name].data, currency) for name in AMOUNTS},
        )


class WholeForm(LotForm):
    """The terms of a lot that offers several lots together: its rights and case are theirs."""

    part_ids = SelectMultipleField(_("Lots to offer together as well as apart"), coerce=str)
    right_ids = None  # type: ignore[assignment]
    case_id = None  # type: ignore[assignment]


def fill(form: LotForm, lot: Lot) -> None:
    """Show the terms a lot has."""
    for name in ("reference", "title", "description", "currency", "rule_pack", "reserve_public"):
        form[name].data = getattr(lot, name)
    form.auction_format.data = lot.auction_format
    form.tax_bearer.data, form.price_tax.data = str(lot.tax_bearer), str(lot.price_tax)
    # What only follows the rule pack goes on following it when another pack is chosen.
    follows = consent_of(None, load(lot.rule_pack, lot.rule_pack_version))
    form.consent_tier.data = "" if lot.consent_tier is follows else str(lot.consent_tier)
    form.reference_price_basis.data = str(lot.reference_price_basis or "")
    for name in AMOUNTS:
        minor = getattr(lot, name)
        form[name].data = "" if minor is None else decimal_text(minor, lot.currency)
    for name in ("opens_at", "closes_at"):
        moment = getattr(lot, name)
        form[name].data = moment.astimezone(LOCAL_ZONE).replace(tzinfo=None) if moment else None
    form.options.data = "\n".join(f"{name} = {value}" for name, value in lot.options.items())
    form.right_ids.data = [str(right.id) for right in lot.rights]
    form.case_id.data = str(lot.default_case_id or "")


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _option(line: str) -> tuple[str, Any]:
    """A name with a whole number, yes or no, or text."""
    name, _, written = (part.strip() for part in line.partition("="))
    if written in {"yes", "no"}:
        return name, written == "yes"
    return name, int(written) if re.fullmatch(r"[0-9]{1,9}", written) else written


def _minor(text: str | None, currency: str) -> int | None:
    try:
        return parse_minor(text.strip(), currency) if text and text.strip() else None
    except MalformedAmount as malformed:
        raise ValidationError(_("An amount has more places than the currency.")) from malformed


def _moment(local: datetime | None) -> datetime | None:
    return aware(local.replace(tzinfo=LOCAL_ZONE)) if local else None


class ReasonForm(FlaskForm):
    """Why something is taken back."""

    reason = TextAreaField(_("Reason"), [InputRequired(), Length(max=500)])


class ApproveForm(FlaskForm):
    """The hash of the content the approver has in front of him."""

    seen_hash = HiddenField(validators=[InputRequired(), Length(max=64)])


class UploadForm(FlaskForm):
    """A portfolio file."""

    file = FileField(_("Portfolio file"), [FileRequired()], description=_("CSV or XLSX, at most 10 MB."))


class ConfirmImportForm(FlaskForm):
    """Store what the preview showed."""

    partial = BooleanField(_("Leave out the lots with a refused row and store the others"))
