"""The verbs about what follows a default."""

from payments.defaults.service.distributing import answer_distribution, ground_for, propose_distribution
from payments.defaults.service.more_time import answer_request, ask_for_more_time
from payments.defaults.service.shortfalls import (
    answer_waiver,
    open_shortfall,
    propose_waiver,
    record_paid,
)

__all__ = [
    "answer_distribution",
    "answer_request",
    "answer_waiver",
    "ask_for_more_time",
    "ground_for",
    "open_shortfall",
    "propose_distribution",
    "propose_waiver",
    "record_paid",
]
