"""The shape of what officers type about disputes, debts and refunds."""

from datetime import UTC, datetime

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateTimeLocalField, SelectMultipleField, StringField, widgets
from wtforms.validators import InputRequired, Length, Optional

from marketplace.clock import LOCAL_ZONE
from payments.forms import AmountForm, ReasonForm

_MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class RecallForm(AmountForm):
    """A bank asks a transfer back."""

    line = StringField(
        lazy_gettext("Number of the line in the bank statement"), [InputRequired(), Length(max=100)]
    )
    reason = StringField(lazy_gettext("Reason"), [InputRequired(), Length(max=300)])
    due_by = DateTimeLocalField(lazy_gettext("We can answer until"), [InputRequired()], format=_MOMENTS)
    taken = BooleanField(lazy_gettext("Our bank has taken it from the account already"))

    @property
    def deadline(self) -> datetime:
        """The local time that was typed, in UTC."""
        typed = self.due_by.data
        if typed is None:
            raise ValueError("asked before the form was validated")
        return typed.replace(tzinfo=LOCAL_ZONE).astimezone(UTC)


class EvidenceForm(FlaskForm):
    """What was handed in: of what there is, and a document of one's own."""

    chosen = SelectMultipleField(
        lazy_gettext("Documents to show for it"),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    other = StringField(lazy_gettext("Another document"), [Optional(), Length(max=300)])


class LineForm(AmountForm):
    """A payment of a debt that an officer finds on the bank statement."""

    bank_reference = StringField(
        lazy_gettext("Number of the line in the bank statement"), [InputRequired(), Length(max=100)]
    )


class RefundForm(AmountForm):
    """A buyer gets back what it paid, or a part."""

    proof = StringField(
        lazy_gettext("Judgment, agreement or other document"), [InputRequired(), Length(max=200)]
    )
    reason = StringField(lazy_gettext("Reason"), [InputRequired(), Length(max=500)])


class SetOffForm(ReasonForm):
    payout = StringField(lazy_gettext("Payout"), [InputRequired(), Length(max=36)])
