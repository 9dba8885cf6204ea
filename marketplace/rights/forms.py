"""The shape of what a bank says about a right."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.rights.models import Right
from marketplace.rights.particulars import LegalEvent, Particulars, events_in_order
from marketplace.rights.texts import LEGAL_EVENTS

_USE = {"": None, "yes": True, "no": False}


class _Boxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ParticularsForm(FlaskForm):
    """What valuations ask of a right; what nobody looked up stays empty."""

    family = StringField(
        _("Family or cluster"),
        [Length(max=40)],
        description=_("Its earliest priority number, or any name that its members share."),
    )
    family_size = IntegerField(_("Documents in the family"), [Optional()])
    claims = IntegerField(_("Claims"), [Optional()])
    forward_citations = IntegerField(_("Cited by later documents"), [Optional()])
    evidence_of_use = SelectField(
        _("Known to be in use"),
        choices=[
            SelectChoice("", _("nobody looked")),
            SelectChoice("yes", _("yes")),
            SelectChoice("no", _("no")),
        ],
        default="",
    )
    legal_events = _Boxes(
        _("Legal events"),
        choices=[SelectChoice(event.value, words) for event, words in LEGAL_EVENTS.items()],
        description=_("Pledges, licences and seizures in the list of encumbrances count by themselves."),
    )

    @classmethod
    def of(cls, right: Right) -> "ParticularsForm":
        """Filled with what is known of the right."""
        used = {value: word for word, value in _USE.items()}[right.evidence_of_use]
        form: ParticularsForm = cls(
            family=right.family,
            family_size=right.family_size,
            claims=right.claims,
            forward_citations=right.forward_citations,
            evidence_of_use=used,
            legal_events=list(right.legal_events),
        )
        return form

    def particulars(self) -> Particulars:
        """What was typed."""
        chosen: list[Any] = self.legal_events.data or []
        return Particulars(
            family=(self.family.data or "").strip(),
            family_size=self.family_size.data,
            claims=self.claims.data,
            forward_citations=self.forward_citations.data,
            evidence_of_use=_USE[self.evidence_of_use.data or ""],
            legal_events=events_in_order(LegalEvent(event) for event in chosen),
        )
