"""The shape of what people enter about searches, webhooks and wanted notices."""

import uuid
from typing import Any
from urllib.parse import parse_qs

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.errors import Refused
from marketplace.money import EXPONENTS, MalformedAmount, parse_minor
from search.rules import Arguments
from search.watching.rules.destinations import URL_LIMIT
from search.watching.rules.keeping import KEPT_LIMIT
from search.watching.rules.words import NAME_LIMIT, Channel, Frequency, WatchReason
from search.watching.service.searches import Wish
from search.watching.service.wanted import Wanted
from search.watching.texts import CHANNELS, FREQUENCIES

# As an address writes them, characters take up to nine times the room.
_QUERY_LIMIT = 9 * KEPT_LIMIT
_ARGUMENTS_LIMIT = 200


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else text


class _Boxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class _SearchedForm(FlaskForm):
    """A form that carries the arguments of a search along."""

    query = HiddenField(validators=[Length(max=_QUERY_LIMIT)])

    @property
    def arguments(self) -> Arguments:
        """What is searched; raises Refused for more arguments than a search has."""
        try:
            return parse_qs(str(self.query.data or ""), max_num_fields=_ARGUMENTS_LIMIT)
        except ValueError:
            raise Refused(WatchReason.TOO_LONG_TO_KEEP, "name", most=KEPT_LIMIT) from None


class SearchForm(_SearchedForm):
    name = StringField(_("Name"), [InputRequired(), Length(max=NAME_LIMIT)], filters=[_stripped])
    instead_of = SelectField(
        _("Keep as"),
        validators=[Optional()],
        default="",
        description=_("A search that you keep already can look for this from now on."),
    )
    frequency = SelectField(
        _("How often"),
        choices=lambda: {kind.value: str(word) for kind, word in FREQUENCIES.items()},
        default=Frequency.DAILY.value,
    )
    channels = _Boxes(
        _("How you are told"),
        choices=lambda: [(kind.value, str(word)) for kind, word in CHANNELS.items()],
        default=[Channel.MAIL.value, Channel.NOTICE.value],
        description=_("In any case what was found stands on the page of the search."),
    )

    @property
    def wish(self) -> Wish:
        """What was entered."""
        return Wish(
            name=str(self.name.data),
            frequency=Frequency(self.frequency.data),
            channels=frozenset(map(Channel, self.channels.data or ())),
        )


class WebhookForm(FlaskForm):
    url = StringField(
        _("Address"),
        [InputRequired(), Length(max=URL_LIMIT)],
        description=_("Of your own system, for example https://hooks.example.com/luochui"),
        render_kw={"inputmode": "url", "spellcheck": "false"},
    )


class WantedForm(_SearchedForm):
    title = StringField(_("What you look for"), [InputRequired(), Length(max=120)], filters=[_stripped])
    text = TextAreaField(
        _("Description"),
        [InputRequired(), Length(max=4_000)],
        filters=[_stripped],
        description=_(
            "What the right should cover, for which use, in which countries. Everybody can read this."
        ),
    )
    q = StringField(
        _("Words that find it"),
        [Length(max=200)],
        filters=[_stripped],
        description=_("As in the search; lots that come and have them are told to you."),
    )
    budget = StringField(
        _("Budget"),
        [Optional(), Length(max=40)],
        description=_("Stays private: nobody but your institution sees it."),
        render_kw={"inputmode": "decimal"},
    )
    currency = SelectField(_("Currency"), choices=lambda: {code: code for code in EXPONENTS}, default="CNY")
    named = BooleanField(_("Show the name of our institution on the notice"))

    @property
    def wanted(self) -> Wanted:
        """What was entered. Raises Refused for a budget that is no amount."""
        arguments = {name: values for name, values in self.arguments.items() if name != "q"}
        if self.q.data:
            arguments["q"] = [str(self.q.data)]
        return Wanted(
            title=str(self.title.data),
            text=str(self.text.data),
            arguments=arguments,
            named=bool(self.named.data),
            budget_minor=self._budget(),
            currency=str(self.currency.data),
        )

    def _budget(self) -> int | None:
        text = str(self.budget.data or "").strip().replace(",", "")
        if not text:
            return None
        try:
            return parse_minor(text, str(self.currency.data))
        except MalformedAmount:
            raise Refused(WatchReason.BAD_BUDGET, "budget") from None


class TakeDownForm(FlaskForm):
    reason = StringField(_("Reason"), [InputRequired(), Length(max=500)], filters=[_stripped])


class AnswerForm(FlaskForm):
    text = TextAreaField(
        _("What you answer"),
        [InputRequired(), Length(max=2_000)],
        filters=[_stripped],
        description=_("Only the buyer reads it, with your name and that of your institution."),
    )
    lot = StringField(
        _("Address of a lot"),
        [Optional(), Length(max=200)],
        description=_("If it is about a lot on offer: the address of its page."),
    )

    @property
    def lot_id(self) -> uuid.UUID | None:
        """The lot at the end of the address. Raises Refused where none stands there."""
        text = str(self.lot.data or "").strip().partition("?")[0].rstrip("/")
        if not text:
            return None
        try:
            return uuid.UUID(text.rpartition("/")[2])
        except ValueError:
            raise Refused(WatchReason.NOT_ON_OFFER, "lot") from None


def own_choices(searches: Any) -> list[tuple[str, str]]:
    """What a search can be kept as: a new one, or instead of one of these."""
    return [("", str(_("a new search"))), *((str(search.id), search.name) for search in searches)]
