"""Shape of what a bank enters about holders of a right of first refusal and the notices served on them."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from marketplace import clock
from marketplace.clock import LOCAL_ZONE
from marketplace.listings.priority.rules import WEAKEST_ORDER, HolderKind, ServiceMethod
from marketplace.listings.priority.service import Entry, Service
from marketplace.listings.priority.texts import KINDS, METHODS


class HolderForm(FlaskForm):
    """One holder."""

    kind = SelectField(
        _("Who it is"),
        coerce=HolderKind,
        choices=lambda: {str(kind): str(KINDS[kind]) for kind in HolderKind},
    )
    name = StringField(_("Name"), [InputRequired(), Length(max=200)])
    registration_number = StringField(
        _("Registration number"),
        [Optional(), Length(max=40)],
        description=_("If it is registered here: then nobody else can be confirmed as this holder."),
    )
    order = IntegerField(
        _("Order"),
        [InputRequired(), NumberRange(1, WEAKEST_ORDER)],
        default=1,
        description=_("1 is the strongest. Of equal ones the earlier bid leads."),
    )
    basis = StringField(
        _("Article or contract"),
        [InputRequired(), Length(max=300)],
        description=_(
            "Civil Code 847 for who completed a service invention, 859 for who commissioned it, 860 for who "
            "developed it jointly; for others the contract that gives the right."
        ),
    )
    evidence = StringField(
        _("Evidence"), [Optional(), Length(max=300)], description=_("A document's number.")
    )

    def entry(self) -> Entry:
        """What was entered; only after validation."""
        return Entry(
            kind=self.kind.data,
            name=self.name.data or "",
            order=self.order.data or 0,
            basis=self.basis.data or "",
            evidence=self.evidence.data or "",
            registration_number=self.registration_number.data or "",
        )


class NoticeForm(FlaskForm):
    """How one notice of sale was served."""

    how = SelectField(
        _("How"),
        coerce=ServiceMethod,
        choices=lambda: {str(how): str(METHODS[how]) for how in ServiceMethod},
    )
    at = DateTimeLocalField(
        _("Served at"),
        [Optional()],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        description=_("When it reached the holder. A public notice begins when it appears here."),
    )
    document = StringField(
        _("Proof"),
        [Optional(), Length(max=300)],
        description=_("Tracking number, receipt, consent to e-mail, the court's record."),
    )
    unreachable = StringField(
        _("Why the holder cannot be reached"),
        [Optional(), Length(max=500)],
        description=_("For a public notice only; it is published."),
    )
    public_text = TextAreaField(
        _("Text of the public notice"),
        [Optional(), Length(max=2000)],
        description=_("Everybody reads it, and the holder's name. Say what is to be sold and where to turn."),
    )

    def service(self) -> Service:
        """What was entered; without a moment, now. Only after validation."""
        at = self.at.data
        moment = clock.aware(at.replace(tzinfo=LOCAL_ZONE)) if at else clock.now()
        return Service(
            how=self.how.data,
            at=moment,
            document=self.document.data or "",
            public_text=self.public_text.data or "",
            unreachable=self.unreachable.data or "",
        )


class WaiverForm(FlaskForm):
    """The document of an express waiver."""

    document = StringField(_("Written waiver"), [InputRequired(), Length(max=300)])
