"""Registering to bid: who may, under which alias, with which deposit."""

import secrets
import uuid

from sqlalchemy.orm import Session

from auctions import queries
from auctions.attempts import announced_deposit
from auctions.fair_play.service.barring import check_registration, note_reviews
from auctions.models import Auction, Registration
from auctions.refusals import RegistrationReason
from auctions.rules import Outcome
from marketplace import audit, clock
from marketplace.access import Actor, InstitutionKind, Subject, Verb, require
from marketplace.clock import LOCAL_ZONE
from marketplace.deals.models import Mandate
from marketplace.deals.rules import MandateSide, MandateStatus
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.money import parse_minor
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus

# No letters or digits that are read for another.
_ALIAS_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_ALIAS_LENGTH = 5

_SALE_OFF = "sale_off"


def register(
    session: Session, actor: Actor, auction_id: uuid.UUID, *, mandate_id: uuid.UUID | None = None
) -> Registration:
    """Register the actor's institution, or the client of its buy-side mandate, under a fresh alias.

    A verified buyer is admitted at once; it may bid as soon as the deposit is held. Registering again gives
    the same registration.

    Raises:
        Refused: the auction has ended, the mandate is missing or not valid, or this bidder is barred: the
            seller, an agency that sells the lot, somebody who won an earlier attempt and did not pay, or as
            `auctions.fair_play` says.
        Conflict: the buyer is registered through somebody else, or the agency for another client.
        NotFound, NotAllowed: as `access.require`.
    """
    require(actor, Verb.REGISTER_TO_BID)
    auction = queries.lock_auction(session, auction_id)
    now = clock.now()
    if auction.outcome is not Outcome.OPEN or (auction.closes_at is not None and now >= auction.closes_at):
        raise Refused(RegistrationReason.AUCTION_ENDED)
    mandate = _mandate(session, actor, auction, mandate_id)
    buyer_id = mandate.client_id if mandate else actor.institution_id
    _check_buyer(session, auction, buyer_id, actor.institution_id)
    known = _known(session, auction, actor, buyer_id, mandate)
    if known is not None:
        return known
    standing = check_registration(session, auction, buyer_id, actor.institution_id)
    deposit = _deposit(auction)
    registration = Registration(
        auction_id=auction.id,
        institution_id=buyer_id,
        mandate_id=mandate.id if mandate else None,
        alias=_fresh_alias(session, auction.id),
        admitted=True,
        deposit_minor=deposit,
        deposit_held=deposit == 0,
        registered_at=now,
    )
    session.add(registration)
    session.flush()
    note_reviews(session, registration, standing)
    _audit(session, actor, registration, "auctions.register", mandate=mandate_id and str(mandate_id))
    return registration


def _deposit(auction: Auction) -> int:
    """What must be held before the first bid; in a sale-off the full price (法明传〔2017〕455号)."""
    if auction.auction_format == _SALE_OFF:
        return parse_minor(auction.terms["start_price"], auction.currency)
    return announced_deposit(auction)


def _mandate(
    session: Session, actor: Actor, auction: Auction, mandate_id: uuid.UUID | None
) -> Mandate | None:
    if mandate_id is None:
        if actor.kind is InstitutionKind.AGENCY:
            raise Refused(RegistrationReason.MANDATE_NEEDED, field="mandate_id")
        return None
    mandate = session.get(Mandate, mandate_id)
    if mandate is None or mandate.agency_id != actor.institution_id:
        raise NotFound("mandate")
    valid = (
        mandate.side is MandateSide.BUY
        and mandate.status is MandateStatus.ACCEPTED
        and mandate.valid_until >= clock.now().astimezone(LOCAL_ZONE).date()
        and mandate.lot_id in {None, auction.lot_id}
    )
    if not valid:
        raise Refused(RegistrationReason.MANDATE_NOT_VALID, field="mandate_id")
    return mandate


def _check_buyer(session: Session, auction: Auction, buyer_id: uuid.UUID, acting_id: uuid.UUID) -> None:
    """Who may not bid: 拍卖法 art. 30 (consignor), 法释〔2016〕18号 arts. 24, 34 (defaulter, helpers)."""
    buyer = session.get(Institution, buyer_id)
    if buyer is None or buyer.status is not InstitutionStatus.VERIFIED:
        raise Refused(RegistrationReason.BUYER_NOT_VERIFIED)
    if auction.institution_id in {buyer_id, acting_id}:
        raise Refused(RegistrationReason.SELLER_MAY_NOT_BID)
    today = clock.now().astimezone(LOCAL_ZONE).date()
    selling = queries.selling_agencies(session, auction.institution_id, auction.lot_id, today)
    if selling & {buyer_id, acting_id}:
        raise Refused(RegistrationReason.SELLING_AGENCY_MAY_NOT_BID)
    if queries.struck_buyers(session, auction.lot_id) & {buyer_id, acting_id}:
        raise Refused(RegistrationReason.DEFAULTED_BEFORE)


def _known(
    session: Session, auction: Auction, actor: Actor, buyer_id: uuid.UUID, mandate: Mandate | None
) -> Registration | None:
    """The same registration asked for again; one buyer through one bidder, one bidder for one buyer."""
    as_buyer = queries.registration_of_buyer(session, auction.id, buyer_id)
    as_bidder = queries.registration_for(session, auction.id, actor.institution_id)
    for found in (as_buyer, as_bidder):
        if found is None:
            continue
        if found.institution_id != buyer_id or found.mandate_id != (mandate.id if mandate else None):
            raise Conflict(RegistrationReason.REGISTERED_OTHERWISE)
    return as_buyer


def _fresh_alias(session: Session, auction_id: uuid.UUID) -> str:
    taken = {registration.alias for registration in queries.registrations_of(session, auction_id)}
    while True:
        alias = "".join(secrets.choice(_ALIAS_LETTERS) for _ in range(_ALIAS_LENGTH))
        if alias not in taken:
            return alias


def set_deposit_held(session: Session, registration_id: uuid.UUID, held: bool) -> None:  # noqa: FBT001
    """Payments says whether the registration's deposit is held; without it no bid is taken.

    Raises:
        NotFound: no such registration.
    """
    registration = _locked(session, registration_id)
    if registration.deposit_held != held:
        registration.deposit_held = held
        audit.record(session, "auctions.set_deposit_held", registration_id, held=held)


def admit(
    session: Session, actor: Actor, registration_id: uuid.UUID, *, admitted: bool, reason: str = ""
) -> Registration:
    """The seller confirms or ends an admission. A right of first refusal is confirmed by `auctions.priority`.

    Raises:
        NotFound, NotAllowed: as `access.require`.
    """
    registration = _locked(session, registration_id)
    auction = queries.find_auction(session, registration.auction_id)
    require(actor, Verb.ADMIT_BIDDER, Subject(owner_id=auction.institution_id))
    registration.admitted = admitted
    _audit(session, actor, registration, "auctions.admit", reason=reason, admitted=admitted)
    return registration


def _locked(session: Session, registration_id: uuid.UUID) -> Registration:
    """The registration under its auction's lock: admission changes between two bids, never within one."""
    registration = session.get(Registration, registration_id)
    if registration is None:
        raise NotFound("registration")
    queries.lock_auction(session, registration.auction_id)
    session.refresh(registration)
    return registration


def _audit(
    session: Session, actor: Actor, registration: Registration, act: str, reason: str = "", **facts: object
) -> None:
    audit.record(
        session,
        act,
        registration.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=reason,
        auction=str(registration.auction_id),
        **facts,
    )
