"""The shape of what people type about documents."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from marketplace.clock import LOCAL_ZONE, aware
from payments.documents.rules import DocumentKind
from payments.documents.words import TITLES


class FilterForm(FlaskForm):
    """Which documents to list; it changes nothing, so it needs no token."""

    class Meta:
        """As FlaskForm reads it."""

        csrf = False

    kind = SelectField(_("Kind"), default="")
    lot = StringField(_("Lot"), [Length(max=100)])
    since = DateField(_("From"), [Optional()])
    until = DateField(_("To"), [Optional()])

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.kind.choices = {"": str(_("all"))} | {str(kind): str(text) for kind, text in TITLES.items()}

    def chosen(self) -> dict[str, Any]:
        """What to ask the queries for; what makes no sense is left out."""
        known = self.kind.data in set(DocumentKind)
        return {
            "kind": DocumentKind(self.kind.data) if known else None,
            "lot": (self.lot.data or "").strip()[:100],
            "since": _start_of(self.since.data),
            "until": _start_of(self.until.data, days=1),
        }


class CorrectForm(FlaskForm):
    """Why an invoice is corrected."""

    reason = TextAreaField(_("Reason"), [InputRequired(), Length(max=500)])


def _start_of(day: date | None, days: int = 0) -> datetime | None:
    """When the day, or the one so many days later, begins in the marketplace's zone."""
    if day is None or not 2000 <= day.year <= 2999:
        return None
    return aware(datetime.combine(day + timedelta(days=days), time(), LOCAL_ZONE))
