"""Ties, the barred list, exemptions, awards to decide; traces of sign-ins, leads and their evidence."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auctions.fair_play.rules.leads import LeadKind, LeadStatus
from auctions.fair_play.rules.listing import ListingStatus
from auctions.fair_play.rules.policy import Capacity
from auctions.fair_play.rules.ties import TieKind, TieSource
from auctions.models import Auction, Registration
from marketplace.db import AppendOnly, Model, identity
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution


class InstitutionTie(Model):
    """What binds two institutions, or an institution and somebody outside the marketplace.

    Attributes:
        node, other_node: keys of `rules.ties`: whoever names a company, it has the same key.
        name, other_name: as they were written.
        certain: False for what was only found; a person confirms it or ends it.
        ended_by_id: another person than the one that recorded it.
    """

    __tablename__ = "institution_ties"

    id: Mapped[uuid.UUID] = identity()
    node: Mapped[str] = mapped_column(String(220), index=True)
    name: Mapped[str] = mapped_column(String(200))
    other_node: Mapped[str] = mapped_column(String(220), index=True)
    other_name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[TieKind]
    source: Mapped[TieSource]
    certain: Mapped[bool] = mapped_column(default=True)
    evidence: Mapped[str] = mapped_column(String(500))
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(index=True)


class LotParty(Model):
    """What somebody is to one lot: its debtor, its appraiser, a body that helps to sell it."""

    __tablename__ = "lot_parties"
    __table_args__ = (UniqueConstraint("lot_id", "node", "capacity"),)

    id: Mapped[uuid.UUID] = identity()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    node: Mapped[str] = mapped_column(String(220), index=True)
    name: Mapped[str] = mapped_column(String(200))
    capacity: Mapped[Capacity]
    evidence: Mapped[str] = mapped_column(String(500))
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime]


class BarredListing(Model):
    """An institution on the barred list: entered, reviewed and taken off by two persons each.

    Attributes:
        source: where the reason is proved: a judgment, a decision, the leads.
        until: exclusive end, fixed with the proposal.
        answer: what the institution says to it.
        proposed_by_id: who proposed the entry; lift_proposed_by_id: who proposed to lift it.
        lead_id: the lead that it came from, or None.
    """

    __tablename__ = "barred_listings"

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    status: Mapped[ListingStatus] = mapped_column(default=ListingStatus.PROPOSED, index=True)
    reason: Mapped[str] = mapped_column(String(500))
    source: Mapped[str] = mapped_column(String(300))
    until: Mapped[datetime] = mapped_column(index=True)
    lead_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("leads.id"))
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    listed_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    lift_proposed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None]


class Exemption(Model):
    """Two persons except a buyer, for one lot, from a ban that is the platform's own.

    Attributes:
        code: of the finding (`rules.standing.Finding.code`).
        confirmed_by_id: another person than the one that proposed it; None while it is only proposed.
    """

    __tablename__ = "exemptions"
    __table_args__ = (UniqueConstraint("lot_id", "institution_id", "code"),)

    id: Mapped[uuid.UUID] = identity()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    code: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(500))
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None]


class AwardReview(Model):
    """An award to somebody who was barred, or may have been, when the hammer fell: a person decides.

    Attributes:
        codes: of the findings, bars first.
        barred: False where they only suggest a ban.
        decision: empty while it waits; then `stands` or `disqualified`.
    """

    __tablename__ = "award_reviews"
    __table_args__ = (UniqueConstraint("auction_id", "registration_id"),)

    id: Mapped[uuid.UUID] = identity()
    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auctions.id"), index=True)
    auction: Mapped[Auction] = relationship()
    registration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("registrations.id"))
    registration: Mapped[Registration] = relationship()
    codes: Mapped[list[str]] = mapped_column(JSON)
    barred: Mapped[bool]
    opened_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(20), default="", index=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]


class SignInTrace(Model):
    """The hashed marks that one sign-in left; removed after `service.tracing.KEPT`.

    Attributes:
        device, browser, address: keyed hashes; empty where there was nothing to hash.
    """

    __tablename__ = "sign_in_traces"

    id: Mapped[uuid.UUID] = identity()
    sign_in_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sign_ins.id"), unique=True)
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    device: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(64), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime] = mapped_column(index=True)


class Lead(Model):
    """Something for a person to look into. It changes nothing that anybody may do.

    Attributes:
        fingerprint: the same suspicion about the same bidders is one lead.
        subjects: ids of the institutions, as text.
        strength_percent: the strongest signal so far, 0 to 100.
    """

    __tablename__ = "leads"

    id: Mapped[uuid.UUID] = identity()
    kind: Mapped[LeadKind] = mapped_column(index=True)
    status: Mapped[LeadStatus] = mapped_column(default=LeadStatus.OPENED, index=True)
    fingerprint: Mapped[str] = mapped_column(String(400), index=True)
    subjects: Mapped[list[str]] = mapped_column(JSON)
    context: Mapped[str] = mapped_column(String(60), default="")
    strength_percent: Mapped[int]
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    taken_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    conclusion: Mapped[str] = mapped_column(String(500), default="")
    evidence: Mapped[list["LeadEvidence"]] = relationship(order_by="LeadEvidence.at.desc()")


class LeadEvidence(AppendOnly, Model):
    """What a signal said at one moment: its strength and its lines."""

    __tablename__ = "lead_evidence"

    id: Mapped[uuid.UUID] = identity()
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("leads.id"), index=True)
    at: Mapped[datetime]
    strength_percent: Mapped[int]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class Examination(AppendOnly, Model):
    """An ended auction whose signals have been computed."""

    __tablename__ = "examinations"

    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auctions.id"), primary_key=True)
    at: Mapped[datetime]
    signals: Mapped[int]
