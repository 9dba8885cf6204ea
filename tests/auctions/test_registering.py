import uuid
from datetime import timedelta

import pytest
from builders import a_mandate, an_actor, an_institution
from flask import Flask

from auctions import service
from auctions.refusals import RegistrationReason
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.rules import MandateSide
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.parties.rules import InstitutionStatus

from .builders_of_auctions import a_bidder, a_sale, bid, decisions, opening

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@on_sqlite
def test_admission_is_asked_at_the_moment_of_the_bid(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session, rule_pack="cn-bank", deposit_minor=1_000_000)
        carol, registration = a_bidder(session, sale)
        service.set_deposit_held(session, registration.id, False)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        service.set_deposit_held(session, registration.id, True)
        service.admit(session, sale.bank, registration.id, admitted=False, reason="papers")
        bid(session, carol, sale, "100000.00")
        service.admit(session, sale.bank, registration.id, admitted=True)
        registration.institution.status = InstitutionStatus.SUSPENDED
        session.flush()
        bid(session, carol, sale, "100000.00")
        registration.institution.status = InstitutionStatus.VERIFIED
        session.flush()
        bid(session, carol, sale, "100000.00")
        assert decisions(session, sale) == [
            "refused:no_deposit",
            "refused:not_admitted",
            "refused:not_admitted",
            "accepted",
        ]
        mallory = an_actor(session, InstitutionKind.BANK)
        with pytest.raises(NotFound):
            service.admit(session, mallory, registration.id, admitted=False)
        with pytest.raises(NotFound):
            service.set_deposit_held(session, uuid.uuid4(), True)


@on_sqlite
def test_who_may_not_register(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        bob_institution = an_institution(session, InstitutionKind.AGENCY)
        bob = an_actor(session, InstitutionKind.AGENCY, institution=bob_institution)
        buyer = an_institution(session, InstitutionKind.BUYER)
        unverified = an_institution(session, InstitutionKind.BUYER)
        unverified.status = InstitutionStatus.REGISTERED

        def reason(**arguments: object) -> object:
            with pytest.raises(Refused) as refused:
                service.register(session, bob, sale.auction.id, **arguments)  # type: ignore[arg-type]
            return refused.value.reason

        assert reason() is RegistrationReason.MANDATE_NEEDED
        stale = a_mandate(
            session, bob_institution, buyer, valid_until=clock.moment.date() - timedelta(days=1)
        )
        assert reason(mandate_id=stale.id) is RegistrationReason.MANDATE_NOT_VALID
        unknown = a_mandate(session, bob_institution, unverified)
        assert reason(mandate_id=unknown.id) is RegistrationReason.BUYER_NOT_VERIFIED
        good = a_mandate(session, bob_institution, buyer)
        selling = a_mandate(session, bob_institution, sale.lot.institution)
        assert reason(mandate_id=good.id) is RegistrationReason.SELLING_AGENCY_MAY_NOT_BID
        selling.valid_until = clock.moment.date() - timedelta(days=1)
        session.flush()
        foreign = a_mandate(session, an_institution(session, InstitutionKind.AGENCY), buyer)
        with pytest.raises(NotFound):
            service.register(session, bob, sale.auction.id, mandate_id=foreign.id)
        with pytest.raises(NotAllowed):
            service.register(session, sale.bank, sale.auction.id)
        registration = service.register(session, bob, sale.auction.id, mandate_id=good.id)
        assert registration.institution_id == buyer.id
        assert service.register(session, bob, sale.auction.id, mandate_id=good.id) is registration
        carol = an_actor(session, InstitutionKind.BUYER, institution=buyer)
        with pytest.raises(Conflict, match="registered_otherwise"):
            service.register(session, carol, sale.auction.id)
        other = a_mandate(session, bob_institution, an_institution(session, InstitutionKind.BUYER))
        with pytest.raises(Conflict, match="registered_otherwise"):
            service.register(session, bob, sale.auction.id, mandate_id=other.id)
        clock.move_to(opening(sale))
        assert bid(session, bob, sale, "100000.00").decision == "accepted"
        clock.advance(days=2)
        assert reason(mandate_id=good.id) is RegistrationReason.AUCTION_ENDED


@on_sqlite
def test_a_bank_that_is_the_client_of_a_buyer_may_not_bid_for_its_own_lot(
    app: Flask, clock: FixedClock
) -> None:
    with atomic() as session:
        sale = a_sale(session)
        agency = an_institution(session, InstitutionKind.AGENCY)
        bob = an_actor(session, InstitutionKind.AGENCY, institution=agency)
        secret = a_mandate(session, agency, sale.lot.institution, side=MandateSide.BUY)
        with pytest.raises(Refused, match="seller_may_not_bid"):
            service.register(session, bob, sale.auction.id, mandate_id=secret.id)
