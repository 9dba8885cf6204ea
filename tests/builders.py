"""Builders for tests: plain functions that make the cast and what they act on.

Bank Alice (officer) and Amy (approver), buyers Carol and Dave, agency Bob, operators Olga (officer) and
Otto (approver), and Mallory of another bank, who must see nothing.
Builders write within `atomic()` and return rows.
"""

import secrets
import uuid
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Role
from marketplace.db import atomic
from marketplace.deals.models import Mandate
from marketplace.deals.rules import MandateSide, MandateStatus
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus, PriceBasis
from marketplace.listings.terms import consent_of
from marketplace.parties.models import Institution, Person, SignIn
from marketplace.parties.rules import InstitutionStatus
from marketplace.parties.service.sign_ins import token_hash
from marketplace.rights.models import Right
from marketplace.rights.rules import RightType
from marketplace.rule_packs import load

BOTH = frozenset({Role.OFFICER, Role.APPROVER})


def an_institution(session: Session, kind: InstitutionKind, name: str | None = None) -> Institution:
    """A verified institution."""
    institution = Institution(
        kind=kind,
        status=InstitutionStatus.VERIFIED,
        name=name or f"{kind} {uuid.uuid4().hex[:8]}",
        country="CN",
        registration_number=uuid.uuid4().hex[:18].upper(),
        registered_at=clock.now(),
        verified_at=clock.now(),
    )
    session.add(institution)
    session.flush()
    return institution


def a_person(
    session: Session, institution: Institution, name: str, roles: frozenset[Role] = frozenset({Role.OFFICER})
) -> Person:
    """Somebody of the institution; the password does not verify, so use `sign_in` of the parties tests."""
    person = Person(
        institution_id=institution.id,
        email=f"{name.casefold()}.{uuid.uuid4().hex[:6]}@example.com",
        name=name,
        password_hash="!",
        roles=sorted(roles),
        language="en",
        registered_at=clock.now(),
    )
    session.add(person)
    session.flush()
    return person


def actor_for(person: Person, institution: Institution) -> Actor:
    return Actor(
        person_id=person.id,
        institution_id=institution.id,
        kind=institution.kind,
        roles=frozenset(Role(role) for role in person.roles),
        verified=institution.status is InstitutionStatus.VERIFIED,
    )


def an_actor(
    session: Session,
    kind: InstitutionKind,
    roles: frozenset[Role] = BOTH,
    institution: Institution | None = None,
) -> Actor:
    """A person of a new (or the given) institution, as the rules see one."""
    institution = institution or an_institution(session, kind)
    return actor_for(a_person(session, institution, "Somebody", roles), institution)


def a_right(session: Session, institution: Institution, **changes: Any) -> Right:
    """An invention in the institution's portfolio, free of encumbrances unless some are given."""
    values: dict[str, Any] = {
        "right_type": RightType.INVENTION,
        "number": f"CN{uuid.uuid4().hex[:12].upper()}",
        "title": "Winding with two phases",
        "abstract": "A motor whose rotor has two phases.",
        "applicant": "Taishan Motors",
        "classes": ["H02K17/02"],
        "technology_field": 1,
        "filed_on": date(2018, 5, 4),
        "granted_on": date(2020, 6, 2),
        "expires_on": date(2038, 5, 4),
        "imported_at": clock.now(),
    }
    right = Right(institution_id=institution.id, **(values | changes))
    session.add(right)
    session.flush()
    return right


def a_lot(session: Session, institution: Institution, **changes: Any) -> Lot:
    """A published lot with one right, start price 100,000.00 CNY and a secret reserve of 120,000.00 CNY."""
    values: dict[str, Any] = {
        "reference": f"L-{uuid.uuid4().hex[:8]}",
        "title": "Two-phase winding",
        "status": LotStatus.PUBLISHED,
        "currency": "CNY",
        "reference_price_minor": 15_000_000,
        "reference_price_basis": PriceBasis.APPRAISAL,
        "start_price_minor": 10_000_000,
        "reserve_minor": 12_000_000,
        "deposit_minor": 1_000_000,
        "increment_minor": 100_000,
        "rule_pack": "cn-bank",
        "rule_pack_version": "1",
        "drafted_at": clock.now(),
        "published_at": clock.now(),
        "changed_at": clock.now(),
    }
    rights = changes.pop("rights", None) or [a_right(session, institution)]
    values |= changes
    values.setdefault(
        "consent_tier", consent_of(None, load(values["rule_pack"], values["rule_pack_version"]))
    )
    lot = Lot(institution_id=institution.id, rights=rights, **values)
    session.add(lot)
    session.flush()
    return lot


def a_mandate(session: Session, agency: Institution, client: Institution, **changes: Any) -> Mandate:
    """An accepted mandate at 3 % until the end of 2026: to sell for a bank, to buy for anybody else."""
    values: dict[str, Any] = {
        "side": MandateSide.SELL if client.kind is InstitutionKind.BANK else MandateSide.BUY,
        "status": MandateStatus.ACCEPTED,
        "commission_basis_points": 300,
        "valid_until": date(2026, 12, 31),
        "proposed_by_id": a_person(session, agency, "Bob").id,
        "proposed_at": clock.now(),
        "answered_at": clock.now(),
    }
    mandate = Mandate(agency_id=agency.id, client_id=client.id, **(values | changes))
    session.add(mandate)
    session.flush()
    return mandate


def signed_in(client: FlaskClient, person: Person) -> FlaskClient:
    """The client with the cookie of a sign-in that passed both factors, without the work of a real one."""
    token, now = secrets.token_urlsafe(16), clock.now()
    with atomic() as session:
        locked = session.get_one(Person, person.id)
        locked.second_factor_secret = locked.second_factor_secret or "!"
        row = SignIn(
            token_hash=token_hash(token),
            person_id=person.id,
            signed_in_at=now,
            last_seen_at=now,
            second_factor_at=now,
        )
        session.add(row)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client
