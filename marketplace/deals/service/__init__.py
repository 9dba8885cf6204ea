"""The verbs of deals."""

from marketplace.deals.service.agreed import (
    agree,
    complete,
    mark_defaulted,
    mark_paid,
    record_step,
    subject_of,
)

__all__ = ["agree", "complete", "mark_defaulted", "mark_paid", "record_step", "subject_of"]
