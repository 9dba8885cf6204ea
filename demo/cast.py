"""The people of the demo: nobody real, in institutions whose numbers have the right form."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from marketplace.access import Actor, InstitutionKind, Role
from marketplace.parties import passwords, second_factor
from marketplace.parties.models import Institution, Person
from marketplace.parties.service.institutions import NewInstitution, NewPerson, add_person, create
from marketplace.parties.sign_in import actor_of

PASSWORD = "luochui demo 2026"  # noqa: S105 - printed for whoever tries the demo

# One seed for the whole demo, so that one authenticator entry opens every account of it.
SECOND_FACTOR = "LUOCHUIDEMOLUOCHUIDEMOLUOCHUIDEM"

# Where the demo's buyers would send their transfers: of the right length, and nobody's.
BANK_ACCOUNT = (
    "落槌演示运营 · 演示银行泰安分行 · 6200 0000 0000 0000 000"
    "（演示账户，请勿汇款 / a demonstration account: send no money）"
)

_OFFICER, _APPROVER, _ADMINISTRATOR = Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the cast; `key` is how the demo's script calls them and the start of their address."""

    key: str
    name: str
    roles: frozenset[Role]

    @property
    def email(self) -> str:
        return f"{self.key}@demo.example"


@dataclass(frozen=True, slots=True)
class House:
    kind: InstitutionKind
    name: str
    serial: int
    members: tuple[Member, ...]


def _member(key: str, name: str, *roles: Role) -> Member:
    return Member(key, name, frozenset(roles))


CAST = (
    House(
        InstitutionKind.OPERATOR,
        "落槌演示运营",
        1,
        (
            _member("olga", "Olga 欧阳经办", _OFFICER, _ADMINISTRATOR),
            _member("otto", "Otto 欧阳复核", _APPROVER),
        ),
    ),
    House(
        InstitutionKind.BANK,
        "泰山演示银行",
        2,
        (_member("alice", "Alice 艾经办", _OFFICER, _ADMINISTRATOR), _member("amy", "Amy 艾复核", _APPROVER)),
    ),
    House(
        InstitutionKind.BANK,
        "汶河演示银行",
        3,
        (_member("mallory", "Mallory 马经办", _OFFICER, _APPROVER),),
    ),
    House(
        InstitutionKind.BUYER,
        "东平湖演示科技",
        4,
        (_member("carol", "Carol 柯", _OFFICER, _APPROVER, _ADMINISTRATOR),),
    ),
    House(InstitutionKind.BUYER, "徂徕演示基金", 5, (_member("dave", "Dave 戴", _OFFICER, _APPROVER),)),
    House(
        InstitutionKind.AGENCY,
        "岱宗演示知识产权服务",
        6,
        (_member("bob", "Bob 鲍", _OFFICER, _APPROVER),),
    ),
    House(InstitutionKind.REGULATOR, "演示监管局", 7, (_member("rita", "Rita 芮", _OFFICER),)),
    House(
        InstitutionKind.FUND,
        "演示园区风险补偿基金",
        8,
        (_member("fay", "Fay 费经办", _OFFICER, _ADMINISTRATOR), _member("finn", "Finn 费复核", _APPROVER)),
    ),
    House(InstitutionKind.INSURER, "演示财产保险", 9, (_member("ivy", "Ivy 殷", _OFFICER),)),
)


def registration_number(serial: int) -> str:
    """A 统一社会信用代码 of the right form for an institution that does not exist."""
    stem = f"91370900MADEMO{serial:03d}".replace("O", "0")
    return stem + uscc.calc_check_digit(stem)


def enrol(session: Session, house: House, *, hashed: str) -> Institution:
    """Create a house with its people, verified and with the demo's second factor."""
    number = registration_number(house.serial)
    institution = create(session, NewInstitution(house.kind, house.name, "CN", number), verified=True)
    field_key = current_app.extensions["settings"].field_key
    for member in house.members:
        person = add_person(
            session, institution, NewPerson(member.name, member.email, hashed, member.roles, "zh")
        )
        person.second_factor_secret = second_factor.encrypt(field_key, SECOND_FACTOR)
    return institution


def enrol_all(session: Session) -> None:
    """Create the whole cast."""
    hashed = passwords.hash_password(PASSWORD)
    for house in CAST:
        enrol(session, house, hashed=hashed)


def actor(session: Session, key: str) -> Actor:
    """A member of the cast as the rules see one."""
    return actor_of(session.scalars(select(Person).where(Person.email == f"{key}@demo.example")).one())
