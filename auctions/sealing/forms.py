"""The shape of what officers hand in."""

import json
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length

from auctions.sealing import ceremony, keys
from marketplace import clock
from marketplace.clock import LOCAL_ZONE

_ONE_DAY = timedelta(days=1)


class KeyForm(FlaskForm):
    """The public half of an officer's key, and for which days."""

    public_half = FileField(
        lazy_gettext("File with the public half"),
        validators=[FileRequired()],
        description=lazy_gettext("The file whose name ends in .public.json; never the private one."),
        render_kw={"accept": ".json"},
    )
    first_day = DateField(lazy_gettext("In use from"), validators=[InputRequired()])
    last_day = DateField(
        lazy_gettext("until the end of"),
        validators=[InputRequired()],
        description=lazy_gettext("At most two years. Afterwards it still opens what was sealed to it."),
    )

    def content(self) -> str:
        """The file's text; only once the form is valid."""
        return read_text(self.public_half.data, keys.MOST_BYTES)

    def period(self) -> tuple[datetime, datetime]:
        """The first moment and the one after the last; a first day that is today begins now."""
        first, last = (
            datetime.combine(day or clock.now().date(), time(), LOCAL_ZONE)
            for day in (self.first_day.data, self.last_day.data)
        )
        today = clock.now().astimezone(LOCAL_ZONE).date()
        return clock.aware(first) if self.first_day.data != today else clock.now(), clock.aware(
            last + _ONE_DAY
        )


class WithdrawForm(FlaskForm):
    """Why a key is used no more."""

    reason = StringField(lazy_gettext("Reason"), validators=[InputRequired(), Length(max=200)])


class ContributionForm(FlaskForm):
    """What an officer's tool has written."""

    contribution = FileField(
        lazy_gettext("File with your contribution"),
        validators=[FileRequired()],
        description=lazy_gettext("What the tool wrote from the opening file. It holds no key."),
        render_kw={"accept": ".json"},
    )

    def document(self) -> Any:
        """The file's JSON value, None for anything else; only once the form is valid."""
        try:
            return json.loads(read_text(self.contribution.data, ceremony.MOST_BYTES))
        except (ValueError, RecursionError):
            return None


def read_text(upload: Any, most: int) -> str:
    """The text of an uploaded file, empty for one that is too large or no text."""
    content: bytes = upload.read(most + 1)
    return "" if len(content) > most else content.decode("utf-8", "replace")
