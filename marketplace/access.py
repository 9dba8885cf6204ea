"""Who may do what: one table of verbs, one pure question. Nothing is allowed that no line allows."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

from marketplace.errors import NotAllowed, NotFound


class InstitutionKind(StrEnum):
    BANK = "bank"
    BUYER = "buyer"
    AGENCY = "agency"
    OPERATOR = "operator"
    REGULATOR = "regulator"
    FUND = "fund"
    """The keeper of public money: a pool that shares the risk of loans, a programme of subsidies."""
    INSURER = "insurer"
    GUARANTOR = "guarantor"


class Role(StrEnum):
    """What a person may do within the institution: prepare, approve what another prepared, manage people."""

    OFFICER = "officer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


BANK, BUYER, AGENCY = InstitutionKind.BANK, InstitutionKind.BUYER, InstitutionKind.AGENCY
OPERATOR, REGULATOR = InstitutionKind.OPERATOR, InstitutionKind.REGULATOR
FUND, INSURER, GUARANTOR = InstitutionKind.FUND, InstitutionKind.INSURER, InstitutionKind.GUARANTOR
OFFICER, APPROVER, ADMINISTRATOR = Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR

EVERY_KIND = frozenset(InstitutionKind)
EVERY_ROLE = frozenset(Role)


class Scope(StrEnum):
    """Which subjects a line covers."""

    ANY = "any"
    """Every subject: the act itself is what is granted."""
    OWN = "own"
    """Subjects that belong to the actor's institution."""
    PARTY = "party"
    """Subjects to which the actor's institution is a party, as owner or as named in `parties`."""


class Verb(StrEnum):
    MANAGE_PEOPLE = "manage_people"
    VERIFY_INSTITUTION = "verify_institution"
    SEE_PORTFOLIO = "see_portfolio"
    IMPORT_PORTFOLIO = "import_portfolio"
    DRAFT_LOT = "draft_lot"
    APPROVE_LOT = "approve_lot"
    SCHEDULE_AUCTION = "schedule_auction"
    REGISTER_TO_BID = "register_to_bid"
    BID = "bid"
    ADMIT_BIDDER = "admit_bidder"
    CONTROL_AUCTION = "control_auction"
    HOLD_OPENING_KEY = "hold_opening_key"
    ANSWER_RUNNER_UP = "answer_runner_up"
    PROPOSE_MANDATE = "propose_mandate"
    ACCEPT_MANDATE = "accept_mandate"
    MAKE_OFFER = "make_offer"
    LEAVE_OFFER = "leave_offer"
    SEE_OFFER = "see_offer"
    CONFIRM_OFFER = "confirm_offer"
    ANSWER_OFFER = "answer_offer"
    APPROVE_OFFER = "approve_offer"
    SEE_DEAL = "see_deal"
    PAY_DEAL = "pay_deal"
    PAY_SURPLUS = "pay_surplus"
    CONFIRM_MONEY = "confirm_money"
    RELEASE_MONEY = "release_money"
    KEEP_FUND = "keep_fund"
    RELEASE_FUND = "release_fund"
    CLAIM_COMPENSATION = "claim_compensation"
    SEE_CLAIM = "see_claim"
    APPLY_FOR_SUBSIDY = "apply_for_subsidy"
    SEE_SUBSIDY = "see_subsidy"
    FILE_TRANSFER = "file_transfer"
    WAIVE_TITLE = "waive_title"
    CONFIRM_TRANSFER = "confirm_transfer"
    DECLARE_TIES = "declare_ties"
    KEEP_FAIR_PLAY = "keep_fair_play"
    SEE_FAIR_PLAY = "see_fair_play"
    SEE_OPERATIONS = "see_operations"
    SEE_COMPARABLES = "see_comparables"
    ASK_STATISTICS = "ask_statistics"
    READ_EXACTLY = "read_exactly"
    STATE_PARTICULARS = "state_particulars"
    STATE_BANK_DETAILS = "state_bank_details"
    CONFIRM_BANK_DETAILS = "confirm_bank_details"
    SEE_DOCUMENT = "see_document"
    CORRECT_INVOICE = "correct_invoice"
    SEE_VALUATION = "see_valuation"
    MAKE_VALUATION = "make_valuation"
    WATCH_COLLATERAL = "watch_collateral"
    FILE_ESTIMATE = "file_estimate"
    APPLY_TO_CONTRIBUTE = "apply_to_contribute"
    KEEP_CONTRIBUTORS = "keep_contributors"
    PROPOSE_CORRECTION = "propose_correction"
    AGREE_CORRECTION = "agree_correction"
    PUBLISH_WANTED = "publish_wanted"
    ANSWER_WANTED = "answer_wanted"
    MODERATE_WANTED = "moderate_wanted"


@dataclass(frozen=True, slots=True)
class Grant:
    kinds: frozenset[InstitutionKind]
    roles: frozenset[Role]
    scope: Scope


def _grant(kinds: set[InstitutionKind], roles: set[Role], scope: Scope) -> Grant:
    return Grant(frozenset(kinds), frozenset(roles), scope)


GRANTS: dict[Verb, Grant] = {
    Verb.MANAGE_PEOPLE: Grant(EVERY_KIND, frozenset({ADMINISTRATOR}), Scope.OWN),
    Verb.VERIFY_INSTITUTION: _grant({OPERATOR}, {OFFICER, APPROVER}, Scope.ANY),
    Verb.SEE_PORTFOLIO: Grant(frozenset({BANK}), EVERY_ROLE, Scope.OWN),
    Verb.IMPORT_PORTFOLIO: _grant({BANK}, {OFFICER}, Scope.OWN),
    Verb.DRAFT_LOT: _grant({BANK}, {OFFICER}, Scope.OWN),
    Verb.APPROVE_LOT: _grant({BANK}, {APPROVER}, Scope.OWN),
    Verb.SCHEDULE_AUCTION: _grant({BANK}, {OFFICER, APPROVER}, Scope.OWN),
    Verb.REGISTER_TO_BID: _grant({BUYER, AGENCY}, {OFFICER, APPROVER}, Scope.ANY),
    Verb.BID: _grant({BUYER, AGENCY}, {OFFICER, APPROVER}, Scope.OWN),
    Verb.ADMIT_BIDDER: _grant({BANK}, {OFFICER, APPROVER}, Scope.OWN),
    Verb.CONTROL_AUCTION: _grant({OPERATOR}, {OFFICER, APPROVER}, Scope.ANY),
    Verb.HOLD_OPENING_KEY: _grant({BANK, OPERATOR, REGULATOR}, {OFFICER, APPROVER}, Scope.PARTY),
    Verb.ANSWER_RUNNER_UP: _grant({BUYER, AGENCY}, {OFFICER, APPROVER}, Scope.PARTY),
    Verb.PROPOSE_MANDATE: _grant({AGENCY}, {OFFICER}, Scope.ANY),
    Verb.ACCEPT_MANDATE: _grant({BANK, BUYER}, {APPROVER}, Scope.PARTY),
    Verb.MAKE_OFFER: _grant({AGENCY}, {OFFICER}, Scope.PARTY),
    Verb.LEAVE_OFFER: _grant({BUYER, AGENCY}, {OFFICER, APPROVER}, Scope.ANY),
    Verb.SEE_OFFER: Grant(frozenset({BANK, AGENCY, BUYER}), EVERY_ROLE, Scope.PARTY),
    Verb.CONFIRM_OFFER: _grant({BUYER}, {APPROVER}, Scope.PARTY),
    Verb.ANSWER_OFFER: _grant({BANK}, {OFFICER}, Scope.PARTY),
    Verb.APPROVE_OFFER: _grant({BANK}, {APPROVER}, Scope.PARTY),
    Verb.SEE_DEAL: Grant(frozenset({BANK, BUYER, AGENCY}), EVERY_ROLE, Scope.PARTY),
    Verb.PAY_DEAL: _grant({BUYER, AGENCY}, {OFFICER, APPROVER}, Scope.PARTY),
    Verb.PAY_SURPLUS: _grant({BANK}, {OFFICER, APPROVER}, Scope.OWN),
    Verb.CONFIRM_MONEY: _grant({OPERATOR}, {OFFICER}, Scope.ANY),
    Verb.RELEASE_MONEY: _grant({OPERATOR}, {APPROVER}, Scope.ANY),
    Verb.KEEP_FUND: _grant({FUND}, {OFFICER}, Scope.OWN),
    Verb.RELEASE_FUND: _grant({FUND}, {APPROVER}, Scope.OWN),
    Verb.CLAIM_COMPENSATION: _grant({BANK}, {OFFICER}, Scope.OWN),
    Verb.SEE_CLAIM: Grant(frozenset({BANK, AGENCY, FUND, INSURER, GUARANTOR}), EVERY_ROLE, Scope.PARTY),
    Verb.APPLY_FOR_SUBSIDY: _grant({BANK, BUYER, AGENCY}, {OFFICER}, Scope.OWN),
    Verb.SEE_SUBSIDY: Grant(frozenset({BANK, BUYER, AGENCY, FUND}), EVERY_ROLE, Scope.PARTY),
    Verb.FILE_TRANSFER: _grant({BANK, BUYER, AGENCY}, {OFFICER}, Scope.PARTY),
    Verb.WAIVE_TITLE: _grant({BANK}, {APPROVER}, Scope.OWN),
    Verb.CONFIRM_TRANSFER: _grant({OPERATOR}, {OFFICER, APPROVER}, Scope.ANY),
    Verb.DECLARE_TIES: Grant(frozenset({BANK, BUYER, AGENCY}), EVERY_ROLE, Scope.OWN),
    Verb.KEEP_FAIR_PLAY: _grant({OPERATOR}, {OFFICER, APPROVER}, Scope.ANY),
    Verb.SEE_FAIR_PLAY: Grant(frozenset({OPERATOR, REGULATOR}), EVERY_ROLE, Scope.ANY),
    Verb.SEE_OPERATIONS: Grant(frozenset({OPERATOR, REGULATOR}), EVERY_ROLE, Scope.ANY),
    Verb.SEE_COMPARABLES: Grant(EVERY_KIND, EVERY_ROLE, Scope.ANY),
    Verb.ASK_STATISTICS: Grant(EVERY_KIND, EVERY_ROLE, Scope.ANY),
    Verb.READ_EXACTLY: _grant({OPERATOR, REGULATOR}, {OFFICER, APPROVER}, Scope.ANY),
    Verb.STATE_BANK_DETAILS: Grant(EVERY_KIND - {REGULATOR}, EVERY_ROLE, Scope.OWN),
    Verb.CONFIRM_BANK_DETAILS: Grant(
        EVERY_KIND - {REGULATOR}, frozenset({APPROVER, ADMINISTRATOR}), Scope.OWN
    ),
    Verb.STATE_PARTICULARS: Grant(EVERY_KIND - {REGULATOR}, frozenset({OFFICER, ADMINISTRATOR}), Scope.OWN),
    Verb.SEE_DOCUMENT: Grant(EVERY_KIND, EVERY_ROLE, Scope.PARTY),
    Verb.CORRECT_INVOICE: _grant({BANK, AGENCY, OPERATOR}, {OFFICER, APPROVER}, Scope.OWN),
    Verb.SEE_VALUATION: Grant(frozenset({BANK, AGENCY}), EVERY_ROLE, Scope.OWN),
    Verb.MAKE_VALUATION: _grant({BANK, AGENCY}, {OFFICER, APPROVER}, Scope.OWN),
    Verb.WATCH_COLLATERAL: _grant({BANK}, {OFFICER, APPROVER}, Scope.OWN),
    Verb.FILE_ESTIMATE: _grant({AGENCY, BANK, INSURER, GUARANTOR}, {OFFICER, APPROVER}, Scope.OWN),
    Verb.APPLY_TO_CONTRIBUTE: Grant(EVERY_KIND - {REGULATOR}, frozenset({ADMINISTRATOR}), Scope.OWN),
    Verb.KEEP_CONTRIBUTORS: _grant({OPERATOR}, {OFFICER, APPROVER}, Scope.ANY),
    Verb.PROPOSE_CORRECTION: _grant({OPERATOR}, {OFFICER}, Scope.ANY),
    Verb.AGREE_CORRECTION: _grant({OPERATOR}, {APPROVER}, Scope.ANY),
    Verb.PUBLISH_WANTED: _grant({BUYER, AGENCY}, {OFFICER, APPROVER}, Scope.OWN),
    Verb.ANSWER_WANTED: _grant({BANK, AGENCY}, {OFFICER, APPROVER}, Scope.ANY),
    Verb.MODERATE_WANTED: _grant({OPERATOR}, {OFFICER, APPROVER}, Scope.ANY),
}


# What an institution may do before the operator has verified it: ties are declared for the verification.
BEFORE_VERIFICATION = frozenset({Verb.MANAGE_PEOPLE, Verb.DECLARE_TIES})


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person as the rules see one.

    Attributes:
        verified: the institution has been verified by the operator.
    """

    person_id: uuid.UUID
    institution_id: uuid.UUID
    kind: InstitutionKind
    roles: frozenset[Role]
    verified: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act is done to, as the rules see it: whose it is, and which other institutions take part.

    Attributes:
        makers: people who prepared it; a checker may not be one of them.
    """

    owner_id: uuid.UUID | None = None
    parties: frozenset[uuid.UUID] = frozenset()
    makers: frozenset[uuid.UUID] = frozenset()


def may(actor: Actor, verb: Verb, subject: Subject | None = None) -> bool:
    """Whether the actor may do this to the subject; without a subject, whether to any subject at all.

    An institution that the operator has not verified may do no more than `BEFORE_VERIFICATION`.
    """
    grant = GRANTS[verb]
    if not actor.verified and verb not in BEFORE_VERIFICATION:
        return False
    if actor.kind not in grant.kinds or not actor.roles & grant.roles:
        return False
    if subject is None or grant.scope is Scope.ANY:
        return True
    if actor.institution_id == subject.owner_id:
        return True
    return grant.scope is Scope.PARTY and actor.institution_id in subject.parties


def require(actor: Actor, verb: Verb, subject: Subject | None = None) -> None:
    """Raise unless the actor may: NotFound where the subject is foreign, NotAllowed where a role lacks."""
    if may(actor, verb, subject):
        return
    if subject is not None and actor.institution_id not in {subject.owner_id, *subject.parties}:
        raise NotFound(verb)
    raise NotAllowed(verb)


def require_four_eyes(actor: Actor, subject: Subject) -> None:
    """Raise NotAllowed when the checker is one of the makers (four-eyes principle)."""
    if actor.person_id in subject.makers:
        raise NotAllowed("four_eyes")
