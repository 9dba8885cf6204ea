import itertools
import uuid

import pytest

from marketplace.access import (
    EVERY_KIND,
    EVERY_ROLE,
    GRANTS,
    Actor,
    InstitutionKind,
    Role,
    Scope,
    Subject,
    Verb,
    may,
    require,
    require_four_eyes,
)
from marketplace.errors import NotAllowed, NotFound

BANK, BUYER, AGENCY, OPERATOR, REGULATOR, FUND, INSURER, GUARANTOR = InstitutionKind
OFFICER, APPROVER, ADMINISTRATOR = Role

OWN, OTHER, THIRD = uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3)

# Written a second time, from the field and not from the code: who may do what, "o a m" for the three roles.
TABLE = {
    Verb.MANAGE_PEOPLE: ("bank buyer agency operator regulator fund insurer guarantor", "m"),
    Verb.VERIFY_INSTITUTION: ("operator", "oa"),
    Verb.SEE_PORTFOLIO: ("bank", "oam"),
    Verb.IMPORT_PORTFOLIO: ("bank", "o"),
    Verb.DRAFT_LOT: ("bank", "o"),
    Verb.APPROVE_LOT: ("bank", "a"),
    Verb.SCHEDULE_AUCTION: ("bank", "oa"),
    Verb.REGISTER_TO_BID: ("buyer agency", "oa"),
    Verb.BID: ("buyer agency", "oa"),
    Verb.ADMIT_BIDDER: ("bank", "oa"),
    Verb.CONTROL_AUCTION: ("operator", "oa"),
    Verb.ANSWER_RUNNER_UP: ("buyer agency", "oa"),
    Verb.HOLD_OPENING_KEY: ("bank operator regulator", "oa"),
    Verb.PROPOSE_MANDATE: ("agency", "o"),
    Verb.ACCEPT_MANDATE: ("bank buyer", "a"),
    Verb.MAKE_OFFER: ("agency", "o"),
    Verb.LEAVE_OFFER: ("buyer agency", "oa"),
    Verb.SEE_OFFER: ("bank buyer agency", "oam"),
    Verb.ANSWER_OFFER: ("bank", "o"),
    Verb.APPROVE_OFFER: ("bank", "a"),
    Verb.CONFIRM_OFFER: ("buyer", "a"),
    Verb.SEE_DEAL: ("bank buyer agency", "oam"),
    Verb.PAY_DEAL: ("buyer agency", "oa"),
    Verb.PAY_SURPLUS: ("bank", "oa"),
    Verb.CONFIRM_MONEY: ("operator", "o"),
    Verb.RELEASE_MONEY: ("operator", "a"),
    Verb.KEEP_FUND: ("fund", "o"),
    Verb.RELEASE_FUND: ("fund", "a"),
    Verb.CLAIM_COMPENSATION: ("bank", "o"),
    Verb.SEE_CLAIM: ("bank agency fund insurer guarantor", "oam"),
    Verb.APPLY_FOR_SUBSIDY: ("bank buyer agency", "o"),
    Verb.SEE_SUBSIDY: ("bank buyer agency fund", "oam"),
    Verb.FILE_TRANSFER: ("bank buyer agency", "o"),
    Verb.WAIVE_TITLE: ("bank", "a"),
    Verb.CONFIRM_TRANSFER: ("operator", "oa"),
    Verb.DECLARE_TIES: ("bank buyer agency", "oam"),
    Verb.KEEP_FAIR_PLAY: ("operator", "oa"),
    Verb.SEE_FAIR_PLAY: ("operator regulator", "oam"),
    Verb.SEE_OPERATIONS: ("operator regulator", "oam"),
    Verb.SEE_COMPARABLES: ("bank buyer agency operator regulator fund insurer guarantor", "oam"),
    Verb.ASK_STATISTICS: ("bank buyer agency operator regulator fund insurer guarantor", "oam"),
    Verb.READ_EXACTLY: ("operator regulator", "oa"),
    Verb.STATE_BANK_DETAILS: ("bank buyer agency operator fund insurer guarantor", "oam"),
    Verb.CONFIRM_BANK_DETAILS: ("bank buyer agency operator fund insurer guarantor", "am"),
    Verb.STATE_PARTICULARS: ("bank buyer agency operator fund insurer guarantor", "om"),
    Verb.SEE_DOCUMENT: ("bank buyer agency operator regulator fund insurer guarantor", "oam"),
    Verb.CORRECT_INVOICE: ("bank agency operator", "oa"),
    Verb.APPLY_TO_CONTRIBUTE: ("bank buyer agency operator fund insurer guarantor", "m"),
    Verb.KEEP_CONTRIBUTORS: ("operator", "oa"),
    Verb.SEE_VALUATION: ("bank agency", "oam"),
    Verb.MAKE_VALUATION: ("bank agency", "oa"),
    Verb.WATCH_COLLATERAL: ("bank", "oa"),
    Verb.FILE_ESTIMATE: ("agency bank insurer guarantor", "oa"),
    Verb.PROPOSE_CORRECTION: ("operator", "o"),
    Verb.AGREE_CORRECTION: ("operator", "a"),
    Verb.PUBLISH_WANTED: ("buyer agency", "oa"),
    Verb.ANSWER_WANTED: ("bank agency", "oa"),
    Verb.MODERATE_WANTED: ("operator", "oa"),
}
LETTERS = {"o": OFFICER, "a": APPROVER, "m": ADMINISTRATOR}


def an_actor(kind: InstitutionKind, *roles: Role, verified: bool = True) -> Actor:
    return Actor(uuid.UUID(int=9), OWN, kind, frozenset(roles), verified=verified)


def test_every_verb_has_a_line_and_no_line_is_without_a_verb() -> None:
    assert set(GRANTS) == set(Verb) == set(TABLE)


@pytest.mark.parametrize("verb", Verb)
def test_kind_role_and_verb(verb: Verb) -> None:
    kinds, letters = TABLE[verb]
    for kind, role in itertools.product(EVERY_KIND, EVERY_ROLE):
        expected = kind.value in kinds.split() and role in {LETTERS[letter] for letter in letters}
        assert may(an_actor(kind, role), verb) is expected, (kind, role)
        assert not may(an_actor(kind), verb)


@pytest.mark.parametrize("verb", Verb)
def test_an_unverified_institution_manages_its_people_declares_its_ties_and_nothing_else(verb: Verb) -> None:
    for kind in EVERY_KIND:
        granted = may(an_actor(kind, *EVERY_ROLE, verified=False), verb)
        declares = verb is Verb.DECLARE_TIES and kind in {BANK, BUYER, AGENCY}
        assert granted is (verb is Verb.MANAGE_PEOPLE or declares)


@pytest.mark.parametrize("verb", Verb)
def test_the_scope_decides_about_the_subject(verb: Verb) -> None:
    grant = GRANTS[verb]
    actor = an_actor(min(grant.kinds), *grant.roles)
    assert may(actor, verb, Subject(owner_id=OWN))
    assert may(actor, verb, Subject(owner_id=OTHER)) is (grant.scope is Scope.ANY)
    assert may(actor, verb, Subject(OTHER, frozenset({OWN}))) is (grant.scope is not Scope.OWN)
    assert may(actor, verb, Subject(OTHER, frozenset({THIRD}))) is (grant.scope is Scope.ANY)


def test_what_is_foreign_is_not_found_and_what_a_role_lacks_is_not_allowed() -> None:
    require(an_actor(BANK, OFFICER), Verb.DRAFT_LOT, Subject(owner_id=OWN))
    with pytest.raises(NotFound):
        require(an_actor(BANK, OFFICER), Verb.DRAFT_LOT, Subject(owner_id=OTHER))
    with pytest.raises(NotAllowed):
        require(an_actor(BANK, ADMINISTRATOR), Verb.DRAFT_LOT, Subject(owner_id=OWN))
    with pytest.raises(NotAllowed):
        require(an_actor(BUYER, OFFICER), Verb.DRAFT_LOT)


def test_nobody_checks_what_they_made() -> None:
    actor = an_actor(BANK, APPROVER, OFFICER)
    require_four_eyes(actor, Subject(makers=frozenset({uuid.UUID(int=8)})))
    with pytest.raises(NotAllowed, match="four_eyes"):
        require_four_eyes(actor, Subject(makers=frozenset({actor.person_id})))
