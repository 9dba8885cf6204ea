"""The shape of what people type about auctions."""

import re
import uuid
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Regexp
from wtforms.validators import Optional as OptionalInput

from auctions.rules import Action
from auctions.texts import CONTROLS
from marketplace.clock import LOCAL_ZONE

AMOUNT_MOST = 64
REASON_MOST = 100
MINUTES_MOST = 10_080

_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def plain_amount(text: str | None) -> str:
    """What was typed without spaces around it and without well-placed thousands commas; else unchanged."""
    typed = (text or "").strip()
    return typed.replace(",", "") if _GROUPED.fullmatch(typed) else typed


def _amount(label: Any) -> StringField:
    return StringField(
        label,
        validators=[InputRequired(), Length(max=AMOUNT_MOST)],
        filters=[plain_amount],
        render_kw={"inputmode": "decimal", "autocomplete": "off", "spellcheck": "false"},
    )


def _local_moment(label: Any, description: Any = "") -> DateTimeLocalField:
    return DateTimeLocalField(
        label,
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[InputRequired()],
        description=description,
    )


def _to_utc(local: datetime | None) -> datetime:
    if local is None:
        raise ValueError("a form was read before it was valid")
    return local.replace(tzinfo=LOCAL_ZONE).astimezone(UTC)


def to_local(moment: datetime | None) -> datetime | None:
    """A moment as the marketplace's zone writes it, for the field."""
    return moment and moment.astimezone(LOCAL_ZONE).replace(tzinfo=None)


class ActForm(FlaskForm):
    """What bids and maxima share: the key is made once per form, so that sending it twice bids once.

    A confirmation says which price its reader saw; if the price has moved since, it asks again.
    """

    idempotency_key = HiddenField(
        default=lambda: uuid.uuid4().hex, validators=[InputRequired(), Regexp(r"[0-9a-zA-Z-]{8,64}\Z")]
    )
    confirmed = HiddenField(validators=[OptionalInput(), Length(max=3)])
    salt = HiddenField(validators=[OptionalInput(), Regexp(r"[0-9a-f]{64}\Z")])
    seen_price = HiddenField(validators=[OptionalInput(), Length(max=AMOUNT_MOST)])


class BidForm(ActForm):
    """A bid by hand."""

    amount = _amount(lazy_gettext("Your bid"))


class MaximumForm(ActForm):
    """A maximum up to which the system bids."""

    maximum = _amount(lazy_gettext("Your maximum"))


class RegisterForm(FlaskForm):
    """Registration for one auction; an agency says for which client."""

    mandate_id = SelectField(lazy_gettext("On behalf of"), validators=[OptionalInput()])
    rules_read = BooleanField(
        lazy_gettext("We have read the rules above. We know that a bid binds us and cannot be taken back."),
        validators=[InputRequired(lazy_gettext("Please confirm that you have read the rules."))],
    )


class ScheduleForm(FlaskForm):
    """When a lot's auction opens and closes, in the marketplace's zone; not every format has an own end."""

    opens_at = _local_moment(lazy_gettext("Bidding opens"))
    closes_at = _local_moment(
        lazy_gettext("Bidding closes"), lazy_gettext("A bid shortly before the end extends it.")
    )

    custodian_id = SelectField(
        lazy_gettext("Second keeper of the bids"),
        validators=[OptionalInput()],
        description=lazy_gettext("Its officer and one of yours open the bids together after the end."),
    )

    def __init__(
        self,
        *arguments: Any,
        has_end: bool = True,
        keepers: list[tuple[str, str]] | None = None,
        **values: Any,
    ) -> None:
        super().__init__(*arguments, **values)
        self.custodian_id.choices = keepers or []
        if not has_end:
            del self.closes_at
        if keepers is None:
            del self.custodian_id

    def moments(self) -> tuple[datetime, datetime | None]:
        """Opening and end as aware UTC, None for an end that follows from stages; only once valid."""
        return _to_utc(self.opens_at.data), _to_utc(self.closes_at.data) if "closes_at" in self else None

    def custodian(self) -> uuid.UUID | None:
        """Who keeps sealed bids beside the seller; None where nobody is asked for."""
        chosen = self.custodian_id.data if "custodian_id" in self else None
        return uuid.UUID(chosen) if chosen else None


class AdmissionForm(FlaskForm):
    """The seller's decision about one bidder."""

    decision = RadioField(
        lazy_gettext("Decision"),
        choices=lambda: {"admit": gettext("Admit"), "bar": gettext("Bar")},
        validators=[InputRequired()],
    )
    reason = StringField(
        lazy_gettext("Reason"),
        validators=[Length(max=REASON_MOST)],
        description=lazy_gettext("Needed to bar; the bidder will read it."),
    )

    def has_reason(self) -> bool:
        """Whether there is a reason where one is needed; notes the lack beside the field."""
        if self.decision.data != "bar" or (self.reason.data or "").strip():
            return True
        self.reason.errors = [*self.reason.errors, gettext("State the reason.")]
        return False


class IdentityForm(FlaskForm):
    """The seller asks who a bidder is."""

    reason = StringField(
        lazy_gettext("Why you have to know who this is"),
        validators=[Length(max=REASON_MOST)],
        description=lazy_gettext("It is recorded with your name. You learn the name, not the alias."),
    )


class ControlForm(FlaskForm):
    """The operator's intervention."""

    action = SelectField(
        lazy_gettext("Act"),
        choices=lambda: {str(action): str(words) for action, words in CONTROLS.items()},
        coerce=Action,
    )
    reason = StringField(
        lazy_gettext("Reason"),
        validators=[InputRequired(), Length(max=REASON_MOST)],
        description=lazy_gettext("Everybody will read it on the auction's page."),
    )
    minutes = IntegerField(
        lazy_gettext("Minutes"),
        validators=[OptionalInput(), NumberRange(1, MINUTES_MOST)],
        description=lazy_gettext("Only to move the end: by how many minutes."),
    )

    def has_minutes(self) -> bool:
        """Whether it says by how much the end moves where it moves; notes the lack beside the field."""
        if self.action.data is not Action.EXTEND or self.minutes.data is not None:
            return True
        self.minutes.errors = [*self.minutes.errors, gettext("Say by how many minutes the end moves.")]
        return False

    def seconds(self) -> str | None:
        """By how much the end moves, as the journal writes it."""
        return None if self.minutes.data is None else str(self.minutes.data * 60)


class PauseAllForm(FlaskForm):
    """Every running auction stands still, for one reason."""

    reason = StringField(
        lazy_gettext("Reason"),
        validators=[InputRequired(), Length(max=REASON_MOST)],
        description=lazy_gettext("Everybody will read it on the page of each auction."),
    )
