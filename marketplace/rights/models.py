"""IP rights as a bank files them, and the encumbrances on them."""

import uuid
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, currency_code, identity, minor_units
from marketplace.rights.particulars import LegalEvent, Particulars, legal_events_of
from marketplace.rights.rules import EncumbranceKind, RightType


class Right(Model):
    """A patent, trademark or copyright.

    Attributes:
        institution_id: the bank whose portfolio it is in.
        number: the normalised application or registration number (`rights.numbers`).
        claims_text: the wording of the claims, empty where nobody filed it; `claims` counts them.
        classes: IPC or CPC symbols, Locarno or Nice class numbers, the main one first.
        registrations: how many registrations the entry stands for; above 1 for a batch, such as a cluster of
            trademarks, that its source lists as one.
        technology_field: number 1-35 of WIPO's IPC-technology concordance; None where none applies.
        family and below: as `rules.Particulars`; `legal_events` without what follows from encumbrances.
    """

    __tablename__ = "rights"
    __table_args__ = (UniqueConstraint("institution_id", "number"),)

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    right_type: Mapped[RightType]
    number: Mapped[str] = mapped_column(String(40), index=True)
    publication_number: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(String(500))
    abstract: Mapped[str] = mapped_column(Text, default="")
    claims_text: Mapped[str] = mapped_column(Text, default="", server_default="")
    applicant: Mapped[str] = mapped_column(String(300), default="")
    classes: Mapped[list[str]] = mapped_column(JSON, default=list)
    registrations: Mapped[int] = mapped_column(default=1)
    technology_field: Mapped[int | None] = mapped_column(Integer)
    filed_on: Mapped[date | None]
    granted_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    family: Mapped[str] = mapped_column(String(40), default="", server_default="")
    family_size: Mapped[int | None]
    claims: Mapped[int | None]
    forward_citations: Mapped[int | None]
    evidence_of_use: Mapped[bool | None]
    legal_events: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    imported_at: Mapped[datetime]
    encumbrances: Mapped[list["Encumbrance"]] = relationship(
        back_populates="right", order_by="Encumbrance.rank"
    )

    @property
    def particulars(self) -> Particulars:
        """What says how good the right is, as the rules see it."""
        return Particulars(
            family=self.family,
            family_size=self.family_size,
            claims=self.claims,
            forward_citations=self.forward_citations,
            evidence_of_use=self.evidence_of_use,
            legal_events=tuple(LegalEvent(event) for event in self.legal_events),
        )

    @property
    def all_legal_events(self) -> tuple[LegalEvent, ...]:
        """What is recorded of it and what lies on it."""
        return legal_events_of(self.legal_events, [found.kind for found in self.encumbrances])


class Encumbrance(Model):
    """A pledge, licence or seizure on a right.

    Attributes:
        holder: the pledgee, licensee or court.
        registration_number: of the pledge register or the court's order.
        claim_minor: the secured claim in minor units; None where it secures none.
        rank: 1 is paid first; order of registration (Civil Code 414, 415).
    """

    __tablename__ = "encumbrances"

    id: Mapped[uuid.UUID] = identity()
    right_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rights.id"), index=True)
    right: Mapped[Right] = relationship(back_populates="encumbrances")
    kind: Mapped[EncumbranceKind]
    holder: Mapped[str] = mapped_column(String(200))
    registration_number: Mapped[str] = mapped_column(String(60), default="")
    registered_on: Mapped[date | None]
    rank: Mapped[int] = mapped_column(default=1)
    claim_minor: Mapped[int | None] = minor_units(optional=True)
    currency: Mapped[str] = currency_code()
