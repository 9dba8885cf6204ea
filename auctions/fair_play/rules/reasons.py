"""Why a verb about fair play is refused."""

from enum import StrEnum


class BarReason(StrEnum):
    """Why somebody may not bid: the codes of `rules.standing.Finding`."""

    SELLER = "seller"
    SELLING_AGENCY = "selling_agency"
    OPERATOR = "operator"
    COURT = "court"
    AUXILIARY = "auxiliary"
    APPRAISER = "appraiser"
    DEBTOR = "debtor"
    PLEDGOR = "pledgor"
    GUARANTOR = "guarantor"
    DEFAULTER = "defaulter"
    LISTED = "listed"
    TIED_TO_SELLER = "tied_to_seller"
    TIED_TO_SELLING_AGENCY = "tied_to_selling_agency"
    TIED_TO_OPERATOR = "tied_to_operator"
    TIED_TO_COURT = "tied_to_court"
    TIED_TO_AUXILIARY = "tied_to_auxiliary"
    TIED_TO_APPRAISER = "tied_to_appraiser"
    TIED_TO_DEBTOR = "tied_to_debtor"
    TIED_TO_PLEDGOR = "tied_to_pledgor"
    TIED_TO_GUARANTOR = "tied_to_guarantor"
    TIED_TO_DEFAULTER = "tied_to_defaulter"
    TIED_TO_LISTED = "tied_to_listed"


class Reason(StrEnum):
    NO_SUCH_INSTITUTION = "no_such_institution"
    TIED_TO_ITSELF = "tied_to_itself"
    TOO_MANY_TIES = "too_many_ties"
    EVIDENCE_MISSING = "evidence_missing"
    REASON_MISSING = "reason_missing"
    LISTED_ALREADY = "listed_already"
    OWN_INSTITUTION = "own_institution"
    UNTIL_TOO_LATE = "until_too_late"
    NOT_LIFTABLE = "not_liftable"
    NOTHING_TO_EXEMPT = "nothing_to_exempt"
    ASKED_ALREADY = "asked_already"
    ANSWER_MISSING = "answer_missing"
    ENDED_ALREADY = "ended_already"
    NOT_THE_WINNER = "not_the_winner"
    STILL_BARRED = "still_barred"
