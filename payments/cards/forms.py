"""The shape of what people type about holds on cards."""

from payments.forms import AmountForm


class RaiseForm(AmountForm):
    """How much shall be held in all; the currency is the deposit's."""
