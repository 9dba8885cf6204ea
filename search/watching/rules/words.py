"""Words and limits of saved searches, watch lists and wanted notices."""

from datetime import timedelta
from enum import StrEnum

NAME_LIMIT = 120
"""Characters in the name of a saved search."""
SEARCHES_LIMIT = 100
"""Saved searches of one person."""
WATCHES_LIMIT = 500
"""Watched lots of one person."""
WANTED_LIMIT = 20
"""Open wanted notices of one institution."""
ANSWERS_A_NOTICE = 5
"""Answers of one institution to one notice."""
ANSWERS_A_DAY = 20
"""Answers of one institution in a day."""
WANTED_LIFE = timedelta(days=180)
MATCHES_KEPT = timedelta(days=180)
"""How long the list of what a search found goes back."""
DELIVERIES_KEPT = timedelta(days=30)
LOTS_A_MESSAGE = 50
"""Lots named in one message; the others are counted."""
SEARCHES_A_MESSAGE = 20
"""Saved searches whose lots are named in one mail; the others have the next."""
OPENS_SOON = timedelta(hours=24)


class Frequency(StrEnum):
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


class Channel(StrEnum):
    MAIL = "mail"
    NOTICE = "notice"
    WEBHOOK = "webhook"


class WantedStatus(StrEnum):
    OPEN = "open"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    TAKEN_DOWN = "taken_down"


class Failure(StrEnum):
    """Why a message did not reach somebody's own system."""

    ADDRESS = "address"
    CERTIFICATE = "certificate"
    NO_ANSWER = "no_answer"
    STATUS = "status"


class WatchReason(StrEnum):
    SAYS_NOTHING = "says_nothing"
    TOO_LONG_TO_KEEP = "too_long_to_keep"
    TOO_MANY_SEARCHES = "too_many_searches"
    TOO_MANY_WATCHES = "too_many_watches"
    TOO_MANY_WANTED = "too_many_wanted"
    TOO_MANY_ANSWERS = "too_many_answers"
    NO_WEBHOOK = "no_webhook"
    BAD_WEBHOOK = "bad_webhook"
    BAD_BUDGET = "bad_budget"
    ENDED = "ended"
    NOT_ON_OFFER = "not_on_offer"
    NOT_AN_OBJECT = "not_an_object"
    FIELD_MISSING = "field_missing"
    FIELD_UNKNOWN = "field_unknown"
    BAD_NAME = "bad_name"
    NEITHER_TRUE_NOR_FALSE = "neither_true_nor_false"
    NOT_A_LIST = "not_a_list"
    UNKNOWN_WORD = "unknown_word"
    BAD_ARGUMENTS = "bad_arguments"
