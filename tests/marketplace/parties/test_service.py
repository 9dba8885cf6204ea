"""The verbs of parties on both databases."""

from collections.abc import Callable

import pytest
from builders import a_person, an_actor, an_institution
from flask import Flask
from parties_cast import ALL_ROLES, FIELD_KEY, PASSWORD, code, enrolled, password_hash
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from marketplace.outbox import Mail
from marketplace.parties.models import Institution, Person, SignIn
from marketplace.parties.rules import FIRST_ROLES, ONE_TIME_PASSWORD_LIFE, InstitutionStatus, Reason
from marketplace.parties.service import institutions, people, sign_ins
from marketplace.parties.service.institutions import NewInstitution, NewPerson, decide, register

SITE = "https://market.example"
NUMBER = "91110000600037341L"
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


def a_registration(name: str = "江南银行", number: str = NUMBER) -> NewInstitution:
    return NewInstitution(InstitutionKind.BANK, name, "CN", number)


def alice(email: str = "alice@example.com") -> NewPerson:
    return NewPerson("Alice", email, "!")


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_first_person_cannot_approve_and_the_operator_is_told(app: Flask, session: Session) -> None:
    with atomic():
        operator = an_institution(session, InstitutionKind.OPERATOR)
        person = register(session, a_registration(), alice())
    assert frozenset(person.roles) == FIRST_ROLES
    assert Role.APPROVER not in person.roles
    assert person.institution.status is InstitutionStatus.REGISTERED
    notice = session.scalars(select(Notice)).one()
    assert (notice.institution_id, notice.kind) == (operator.id, NoticeKind.INSTITUTION_REGISTERED)


@pytest.mark.parametrize(
    ("new", "email", "reason"),
    [
        (a_registration("江南 银行", "913100007109328220"), "new@example.com", Reason.NAME_TAKEN),
        (a_registration("Other"), "new@example.com", Reason.NUMBER_TAKEN),
        (a_registration("Other", "913100007109328220"), " ALICE@example.com", Reason.EMAIL_TAKEN),
    ],
)
def test_what_is_taken_is_refused_and_nothing_is_kept(
    app: Flask, session: Session, new: NewInstitution, email: str, reason: Reason
) -> None:
    with atomic():
        register(session, a_registration(), alice())
    with pytest.raises(Conflict, match=reason), atomic():
        register(session, new, alice(email))
    assert (count(session, Institution), count(session, Person)) == (1, 1)


def test_two_at_the_same_moment_are_told_apart_by_the_table(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with atomic():
        register(session, a_registration(), alice())
    monkeypatch.setattr(institutions, "_exists", lambda *_: False)
    monkeypatch.setattr(institutions, "person_by_email", lambda *_: None)
    with pytest.raises(Conflict, match=Reason.NAME_TAKEN), atomic():
        register(session, a_registration("江南 银行", "913100007109328220"), alice("other@example.com"))
    with pytest.raises(Conflict, match=Reason.EMAIL_TAKEN), atomic():
        register(session, a_registration("Other", "913100007109328220"), alice())


@pytest.mark.parametrize("status", [InstitutionStatus.VERIFIED, InstitutionStatus.REFUSED])
def test_a_decision_reaches_the_administrators(
    app: Flask, session: Session, status: InstitutionStatus
) -> None:
    with atomic():
        olga = an_actor(session, InstitutionKind.OPERATOR)
        bank = register(session, a_registration(), alice()).institution
    with atomic():
        decide(session, olga, bank.id, status, reason="extract of 2 March seen", site=SITE)
    kept = session.get_one(Institution, bank.id)
    assert kept.status is status
    assert (kept.verified_at is not None) is (status is InstitutionStatus.VERIFIED)
    mail = session.scalars(select(Mail)).one()
    assert mail.recipient == "alice@example.com"
    assert "extract of 2 March seen" in mail.body
    assert count(session, Notice) == 2


def test_only_operators_decide_and_never_about_themselves(app: Flask, session: Session) -> None:
    with atomic():
        olga = an_actor(session, InstitutionKind.OPERATOR)
        mallory = an_actor(session, InstitutionKind.BANK, ALL_ROLES)
        bank = register(session, a_registration(), alice()).institution
    verified = InstitutionStatus.VERIFIED
    with pytest.raises(NotFound), atomic():
        decide(session, mallory, bank.id, verified, reason="", site=SITE)
    with pytest.raises(NotAllowed), atomic():
        decide(session, mallory, mallory.institution_id, verified, reason="", site=SITE)
    with pytest.raises(Refused, match=Reason.OWN_INSTITUTION), atomic():
        decide(session, olga, olga.institution_id, InstitutionStatus.SUSPENDED, reason="x", site=SITE)


def test_a_refusal_needs_a_reason_and_cannot_be_taken_back(app: Flask, session: Session) -> None:
    with atomic():
        olga = an_actor(session, InstitutionKind.OPERATOR)
        bank = register(session, a_registration(), alice()).institution
    with pytest.raises(Refused, match=Reason.REASON_MISSING), atomic():
        decide(session, olga, bank.id, InstitutionStatus.REFUSED, reason="  ", site=SITE)
    with atomic():
        decide(session, olga, bank.id, InstitutionStatus.REFUSED, reason="no such company", site=SITE)
    with pytest.raises(Conflict), atomic():
        decide(session, olga, bank.id, InstitutionStatus.VERIFIED, reason="", site=SITE)


def test_an_invited_person_gets_a_one_time_password_by_mail(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    with atomic():
        alice_actor = an_actor(session, InstitutionKind.BANK, ADMINISTRATOR)
    new = NewPerson("Amy", "amy@example.com", password_hash(), frozenset({Role.APPROVER}))
    with atomic():
        amy = people.invite(session, alice_actor, new, PASSWORD, SITE)
    assert amy.institution_id == alice_actor.institution_id
    assert PASSWORD in session.scalars(select(Mail.body)).one()
    assert sign_ins.check_password(session, amy.email, PASSWORD)
    clock.advance(seconds=ONE_TIME_PASSWORD_LIFE.total_seconds())
    assert sign_ins.check_password(session, amy.email, PASSWORD) is None


def test_a_one_time_password_never_passes_the_second_factor(app: Flask, session: Session) -> None:
    with atomic():
        amy = enrolled(session, an_institution(session, InstitutionKind.BANK), "Amy")
        sign_ins.replace_password(session, amy.id, password_hash())
    checked = sign_ins.check_password(session, amy.email, PASSWORD)
    assert checked
    with atomic():
        _, row = sign_ins.begin(session, checked, sign_ins.Browser())
    with pytest.raises(Refused, match=Reason.PASSWORD_ONE_TIME), atomic():
        sign_ins.pass_second_factor(session, row.id, code(), FIELD_KEY)
    with pytest.raises(Refused, match=Reason.PASSWORD_ONE_TIME), atomic():
        sign_ins.enrol(session, row.id, code(), FIELD_KEY)
    with atomic():
        sign_ins.change_password(session, row.id, password_hash(), "another hash")
    with atomic():
        sign_ins.pass_second_factor(session, row.id, code(), FIELD_KEY)


@pytest.mark.parametrize("verb", ["roles", "deactivate", "password", "second factor"])
def test_what_an_administrator_changes_ends_the_sign_ins_at_once(
    app: Flask, session: Session, verb: str
) -> None:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK)
        actor = an_actor(session, InstitutionKind.BANK, ADMINISTRATOR, bank)
        amy = enrolled(session, bank, "Amy")
    checked = sign_ins.check_password(session, amy.email, PASSWORD)
    assert checked
    with atomic():
        sign_ins.begin(session, checked, sign_ins.Browser())
    with atomic():
        if verb == "roles":
            people.change_roles(session, actor, amy.id, frozenset({Role.OFFICER}))
        elif verb == "deactivate":
            people.deactivate(session, actor, amy.id)
        elif verb == "password":
            people.renew_password(session, actor, amy.id, "new", "hash of new", site=SITE)
        else:
            people.remove_second_factor(session, actor, amy.id, SITE)
    assert session.scalars(select(SignIn)).one().ended_at is not None


def test_mallory_cannot_touch_people_of_another_bank(app: Flask, session: Session) -> None:
    with atomic():
        amy = a_person(session, an_institution(session, InstitutionKind.BANK), "Amy")
        mallory = an_actor(session, InstitutionKind.BANK, ALL_ROLES)
    verbs: list[Callable[[], object]] = [
        lambda: people.change_roles(session, mallory, amy.id, frozenset({Role.APPROVER})),
        lambda: people.deactivate(session, mallory, amy.id),
        lambda: people.renew_password(session, mallory, amy.id, "x", "x", site=SITE),
        lambda: people.remove_second_factor(session, mallory, amy.id, SITE),
    ]
    for verb in verbs:
        with pytest.raises(NotFound), atomic():
            verb()
    assert amy.active
    assert amy.password_hash == "!"


def test_only_administrators_manage_people(app: Flask, session: Session) -> None:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK)
        officer = an_actor(session, InstitutionKind.BANK, frozenset({Role.OFFICER, Role.APPROVER}), bank)
        amy = a_person(session, bank, "Amy")
    with pytest.raises(NotAllowed), atomic():
        people.invite(session, officer, NewPerson("Eve", "eve@example.com", "!"), "x", SITE)
    with pytest.raises(NotAllowed), atomic():
        people.change_roles(session, officer, amy.id, ALL_ROLES)


def test_nobody_promotes_themselves_or_leaves_a_bank_without_an_administrator(
    app: Flask, session: Session
) -> None:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK)
        actor = an_actor(session, InstitutionKind.BANK, ADMINISTRATOR, bank)
        amy = a_person(session, bank, "Amy", ADMINISTRATOR)
    with pytest.raises(Refused, match=Reason.OWN_ROLES), atomic():
        people.change_roles(session, actor, actor.person_id, ALL_ROLES)
    with pytest.raises(Refused, match=Reason.OWN_ACCOUNT), atomic():
        people.renew_password(session, actor, actor.person_id, "x", "x", site=SITE)
    with atomic():
        people.deactivate(session, actor, amy.id)
    with pytest.raises(Refused, match=Reason.NO_ROLE), atomic():
        people.change_roles(session, actor, amy.id, frozenset())


def test_the_last_administrator_stays(app: Flask, session: Session) -> None:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK)
        gone = an_actor(session, InstitutionKind.BANK, ADMINISTRATOR, bank)
        amy = a_person(session, bank, "Amy", ADMINISTRATOR)
        session.get_one(Person, gone.person_id).active = False
    with pytest.raises(Conflict, match=Reason.LAST_ADMINISTRATOR), atomic():
        people.change_roles(session, gone, amy.id, frozenset({Role.OFFICER}))


def test_the_number_of_people_is_limited(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PEOPLE_LIMIT", 1)
    with atomic():
        actor = an_actor(session, InstitutionKind.BANK, ADMINISTRATOR)
    with pytest.raises(Refused, match=Reason.TOO_MANY_PEOPLE), atomic():
        people.invite(session, actor, NewPerson("Amy", "amy@example.com", "!"), "x", SITE)


def test_the_same_code_in_two_requests_is_accepted_once(app: Flask, session: Session) -> None:
    with atomic():
        amy = enrolled(session, an_institution(session, InstitutionKind.BANK), "Amy")
    checked = sign_ins.check_password(session, amy.email, PASSWORD)
    assert checked
    with atomic():
        rows = [sign_ins.begin(session, checked, sign_ins.Browser())[1] for _ in range(2)]
    used = code()
    with atomic():
        sign_ins.pass_second_factor(session, rows[0].id, used, FIELD_KEY)
    with pytest.raises(Refused, match=Reason.CODE_WRONG), atomic():
        sign_ins.pass_second_factor(session, rows[1].id, used, FIELD_KEY)
