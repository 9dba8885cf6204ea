"""A document in the making: who issues it to whom, about what, what it says, who may read it."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus
from marketplace.taxes import Taxed
from payments.documents.rules import PLATFORM, DocumentKind
from payments.taxes.queries import particulars_of

Party = dict[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a document will be, before it has a number.

    Attributes:
        issuer: None for the marketplace itself.
        recipient: an institution, or the name of somebody outside.
        about, edition: as in `Document`.
        body: the parts of the content that depend on the kind, JSON values only.
        readers: institutions beside issuer and recipient that may read it.
        corrects, replaces: the invoice that a credit note takes back, or that this invoice replaces.
    """

    kind: DocumentKind
    issuer: Institution | None
    recipient: Institution | str
    subject_id: uuid.UUID
    currency: str
    taxed: Taxed
    body: dict[str, Any]
    about: str = ""
    edition: int = 1
    lot: Any = None
    deal_id: uuid.UUID | None = None
    readers: frozenset[uuid.UUID] = field(default_factory=frozenset)
    corrects_id: uuid.UUID | None = None
    replaces_id: uuid.UUID | None = None

    @property
    def series(self) -> str:
        return str(self.issuer.id) if self.issuer else PLATFORM

    @property
    def recipient_id(self) -> uuid.UUID | None:
        return self.recipient.id if isinstance(self.recipient, Institution) else None

    @property
    def all_readers(self) -> frozenset[uuid.UUID]:
        """Everybody who may read it; overseers may read every document."""
        own = {self.issuer.id if self.issuer else None, self.recipient_id} - {None}
        return self.readers | {found for found in own if found is not None}


def party(session: Session, institution: Institution | str) -> Party:
    """What a document says of a party, as it is known when it is issued."""
    if isinstance(institution, str):
        return {"name": institution}
    stated = particulars_of(session, institution.id)
    told = {
        "name": institution.name,
        "country": institution.country,
        "number": institution.registration_number,
        "tax_number": stated.tax_number if stated else "",
        "address": stated.address if stated else "",
        "telephone": stated.telephone if stated else "",
        "bank": stated.bank if stated else "",
        "bank_account": stated.bank_account if stated else "",
    }
    return {name: text for name, text in told.items() if text}


def platform(session: Session, marketplace: str) -> Party:
    """The marketplace as an issuer: its operator, or its plain name while it has none."""
    statement = (
        select(Institution)
        .where(
            Institution.kind == InstitutionKind.OPERATOR,
            Institution.status == InstitutionStatus.VERIFIED,
        )
        .order_by(Institution.registered_at, Institution.id)
        .limit(1)
    )
    operator = session.scalars(statement).one_or_none()
    return party(session, operator) if operator else {"name": marketplace}
