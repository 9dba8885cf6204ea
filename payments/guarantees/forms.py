"""The shape of a guarantee letter."""

from datetime import date, datetime, time, timedelta

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length

from marketplace.clock import LOCAL_ZONE, aware
from payments.forms import AmountForm
from payments.guarantees.rules import MOST_BYTES, Letter


class LetterForm(AmountForm):
    guarantor = StringField(
        lazy_gettext("Who guarantees"),
        validators=[InputRequired(), Length(max=200)],
        description=lazy_gettext("The bank or insurer, as it signs."),
    )
    number = StringField(lazy_gettext("Number of the letter"), validators=[InputRequired(), Length(max=100)])
    valid_until = DateField(lazy_gettext("Valid until the end of"), validators=[InputRequired()])
    document = FileField(
        lazy_gettext("The letter"),
        validators=[FileRequired()],
        description=lazy_gettext("PDF, at most 5 MB."),
        render_kw={"accept": ".pdf,application/pdf"},
    )

    def letter(self) -> Letter:
        """What was typed; only once the form is valid."""
        last_day: date = self.valid_until.data  # type: ignore[assignment]  # required
        ends = datetime.combine(last_day + timedelta(days=1), time(), LOCAL_ZONE)
        guarantor, number = str(self.guarantor.data).strip(), str(self.number.data).strip()
        return Letter(guarantor, number, self.minor, aware(ends))

    def content(self) -> bytes:
        """The file, and one byte more than is taken of one that is too large."""
        return bytes(self.document.data.stream.read(MOST_BYTES + 1))
