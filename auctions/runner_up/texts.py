"""The words for what the next bidder is asked."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from auctions.runner_up.rules import Answer, RunnerUpReason

ANSWERS: dict[Answer, Any] = {
    Answer.ASKED: _("waits for an answer"),
    Answer.ACCEPTED: _("accepted"),
    Answer.DECLINED: _("declined"),
    Answer.LAPSED: _("no answer in time"),
}

TONES: dict[Answer, str] = {
    Answer.ASKED: "waiting",
    Answer.ACCEPTED: "done",
    Answer.DECLINED: "stopped",
    Answer.LAPSED: "stopped",
}

REFUSALS: dict[StrEnum, Any] = {
    RunnerUpReason.TOO_LATE_TO_ACCEPT: _("The time to accept is over; nothing was bought."),
}
