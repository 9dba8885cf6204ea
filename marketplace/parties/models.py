"""Institutions, their people, and the sign-ins that can be ended from the server's side."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, identity
from marketplace.parties.names import name_key
from marketplace.parties.rules import InstitutionKind, InstitutionStatus


def _key_of_name(context: Any) -> str:
    return name_key(context.get_current_parameters()["name"])


class Institution(Model):
    """A bank, buyer, agency, operator or regulator; everything private belongs to exactly one of them.

    Attributes:
        name_key: skeleton of the name; two institutions may not have names that look the same.
        registration_number: the state's number of the company, for example the 统一社会信用代码.
        region: as declared, ISO 3166-2; `names.region_of` says where it is when nothing is.
        region_stated_at: when that last became another one; None where it never did.
        parent_country, parent_number: the register number of the company at the top of its group; empty where
            it is that itself.
        parent_confirmed_at: when the operator has looked that up; until then it opens nothing.
        decision_reason: why the operator verified, refused or suspended it.
    """

    __tablename__ = "institutions"
    __table_args__ = (UniqueConstraint("country", "registration_number"),)

    id: Mapped[uuid.UUID] = identity()
    kind: Mapped[InstitutionKind]
    status: Mapped[InstitutionStatus] = mapped_column(default=InstitutionStatus.REGISTERED)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    name_key: Mapped[str] = mapped_column(String(200), unique=True, default=_key_of_name)
    country: Mapped[str] = mapped_column(String(2), default="CN")
    registration_number: Mapped[str] = mapped_column(String(40))
    registered_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(String(500), default="")
    region: Mapped[str] = mapped_column(String(6), default="", server_default="")
    region_stated_at: Mapped[datetime | None]
    parent_country: Mapped[str] = mapped_column(String(2), default="", server_default="")
    parent_number: Mapped[str] = mapped_column(String(40), default="", server_default="")
    parent_confirmed_at: Mapped[datetime | None]
    people: Mapped[list["Person"]] = relationship(back_populates="institution")

    @property
    def stated_parent(self) -> tuple[str, str]:
        """Country and number of the company at the top of its group, as it says."""
        if self.parent_number:
            return self.parent_country, self.parent_number
        return self.country, self.registration_number

    @property
    def ultimate_parent(self) -> tuple[str, str]:
        """The same as far as the operator has confirmed it; else of the institution itself."""
        return self.stated_parent if self.parent_confirmed_at else (self.country, self.registration_number)


class Person(Model):
    """Somebody who signs in and acts for one institution.

    Attributes:
        email: case-folded; one person has one e-mail address.
        roles: values of `Role`.
        second_factor_secret: the TOTP seed, encrypted; empty until enrolled.
        second_factor_step: the last accepted 30-second step, so that a code works once.
        one_time_until: until when a password set by somebody else works; the first sign-in replaces it.
        active: False once the administrator has switched the person off.
    """

    __tablename__ = "people"

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship(back_populates="people", lazy="joined")
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    second_factor_secret: Mapped[str] = mapped_column(String(300), default="")
    second_factor_step: Mapped[int] = mapped_column(default=0)
    one_time_until: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(5), default="zh")
    active: Mapped[bool] = mapped_column(default=True)
    registered_at: Mapped[datetime]


class SignIn(Model):
    """A signed-in browser. The cookie holds a token, this row its SHA-256: ending the row ends the session.

    Attributes:
        second_factor_at: when the TOTP code was accepted; None while only the password was.
        device: SHA-256 of the browser's own mark, a random cookie; empty where it keeps none.
    """

    __tablename__ = "sign_ins"

    id: Mapped[uuid.UUID] = identity()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    person: Mapped[Person] = relationship(lazy="joined")
    signed_in_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    device: Mapped[str] = mapped_column(String(64), default="", server_default="")
