"""The words of saved searches, watch lists and wanted notices."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from search.watching.rules.happenings import Happening
from search.watching.rules.words import Channel, Failure, Frequency, WantedStatus, WatchReason

REFUSALS: dict[StrEnum, Any] = {
    WatchReason.SAYS_NOTHING: lazy_gettext("Every lot answers this search; enter a word or a filter first."),
    WatchReason.TOO_LONG_TO_KEEP: lazy_gettext("A search can be kept up to %(most)s characters."),
    WatchReason.TOO_MANY_SEARCHES: lazy_gettext(
        "At most %(most)s searches can be kept; delete one that you no longer need."
    ),
    WatchReason.TOO_MANY_WATCHES: lazy_gettext(
        "At most %(most)s lots can be watched; take one off the list first."
    ),
    WatchReason.TOO_MANY_WANTED: lazy_gettext(
        "At most %(most)s notices can be open at once; withdraw one that is no longer needed."
    ),
    WatchReason.TOO_MANY_ANSWERS: lazy_gettext(
        "At most %(each)s answers to a notice and %(day)s in a day; wait until the buyer has read yours."
    ),
    WatchReason.NO_WEBHOOK: lazy_gettext("First say where your own system can be reached."),
    WatchReason.BAD_WEBHOOK: lazy_gettext(
        "An address that begins with https://, with the name of a public server and no password in it."
    ),
    WatchReason.BAD_BUDGET: lazy_gettext("Write figures only, for example 120000.00."),
    WatchReason.ENDED: lazy_gettext("This notice has ended."),
    WatchReason.NOT_ON_OFFER: lazy_gettext("There is no such lot on offer."),
    WatchReason.NOT_AN_OBJECT: lazy_gettext("Send one JSON object, as application/json."),
    WatchReason.FIELD_MISSING: lazy_gettext("This field is missing."),
    WatchReason.FIELD_UNKNOWN: lazy_gettext("There is no such field; these can be set: %(known)s."),
    WatchReason.BAD_NAME: lazy_gettext("A name has 1 to %(most)s printable characters."),
    WatchReason.NEITHER_TRUE_NOR_FALSE: lazy_gettext("This must be true or false."),
    WatchReason.NOT_A_LIST: lazy_gettext("This must be a list of texts."),
    WatchReason.UNKNOWN_WORD: lazy_gettext("Only these are possible: %(known)s."),
    WatchReason.BAD_ARGUMENTS: lazy_gettext(
        'Give every argument of the search as a list of texts, for example {"q": ["battery"]}.'
    ),
}

FREQUENCIES: dict[Frequency, Any] = {
    Frequency.AT_ONCE: lazy_gettext("as soon as it is found"),
    Frequency.DAILY: lazy_gettext("daily at 08:00"),
    Frequency.WEEKLY: lazy_gettext("Mondays at 08:00"),
}

CHANNELS: dict[Channel, Any] = {
    Channel.MAIL: lazy_gettext("mail"),
    Channel.NOTICE: lazy_gettext("notice on this site"),
    Channel.WEBHOOK: lazy_gettext("webhook to your own system"),
}

WANTED_STATUSES: dict[WantedStatus, Any] = {
    WantedStatus.OPEN: lazy_gettext("open"),
    WantedStatus.WITHDRAWN: lazy_gettext("withdrawn"),
    WantedStatus.EXPIRED: lazy_gettext("run out"),
    WantedStatus.TAKEN_DOWN: lazy_gettext("taken down"),
}

FAILURES: dict[Failure, Any] = {
    Failure.ADDRESS: lazy_gettext("the name does not lead to a server of the open internet"),
    Failure.CERTIFICATE: lazy_gettext("its certificate is not trusted"),
    Failure.NO_ANSWER: lazy_gettext("no answer in time"),
    Failure.STATUS: lazy_gettext("the status says that it was not taken"),
}

HAPPENINGS: dict[Happening, Any] = {
    Happening.PUBLISHED: lazy_gettext("is on offer"),
    Happening.SCHEDULED: lazy_gettext("auction announced"),
    Happening.RESCHEDULED: lazy_gettext("dates changed"),
    Happening.OPENS_SOON: lazy_gettext("bidding opens within a day"),
    Happening.PRICE_CHANGED: lazy_gettext("start price changed"),
    Happening.SOLD: lazy_gettext("sold"),
    Happening.UNSOLD: lazy_gettext("found no buyer"),
    Happening.GONE: lazy_gettext("no longer on offer"),
}
