"""What a bank chooses for a rehearsal; sent by GET, so that a run has an address."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from auctions.rehearsal.rules import MOST_BIDDERS


def _number(label: Any, least: int, most: int, default: int, hint: Any = "") -> IntegerField:
    return IntegerField(label, [InputRequired(), NumberRange(least, most)], default=default, description=hint)


class RehearsalForm(FlaskForm):
    """The cast and what is to happen to it."""

    bidders = _number(_("Scripted bidders"), 1, MOST_BIDDERS, 5)
    lowest = _number(_("Lowest limit, in percent of the start price"), 1, 1000, 80)
    highest = _number(
        _("Highest limit, in percent of the start price"),
        1,
        1000,
        160,
        _("Every bidder's limit is drawn between the two; none ever exceeds its own."),
    )
    seed = _number(
        _("Number of the run"), 0, 999_999, 1, _("The same number gives the same run; another, another.")
    )
    pause = BooleanField(_("The platform suspends the auction for ten minutes"))
    default = BooleanField(_("The winner does not pay"))
