"""Sealed bids from the door to the deal: who may open, when, and what comes of it."""

from typing import Any

import pytest
from builders import an_actor
from flask import Flask
from sqlalchemy import select

from auctions import service
from auctions.queries import journal_of
from auctions.rules import Action, Outcome
from auctions.scenarios.recorded import as_scenario
from auctions.scenarios.scenario import read_scenario, replay
from auctions.sealing.models import Opening
from auctions.sealing.rules import Fault, SealingReason
from auctions.service.contributing import opening_file
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.errors import Conflict, NotFound

from .builders_of_auctions import decisions
from .builders_of_sealing import (
    SealedSale,
    all_hold,
    auction,
    close,
    closed,
    contribute,
    contribution,
    custody,
    opened,
    played,
    refused,
)


@pytest.fixture
def bidden(app: Flask, clock: FixedClock) -> SealedSale:
    """Two bidders: 650,000.00 at last from the first, 600,000.00 from the second; one refused."""
    return played(clock)


def test_from_the_door_to_the_deal(bidden: SealedSale, clock: FixedClock) -> None:
    with atomic() as session:
        assert decisions(session, bidden.sale) == ["accepted", "accepted", "refused:below_start", "accepted"]
        all_hold(session)
    closed(bidden, clock)
    with atomic() as session:
        assert (auction(session, bidden).awaits_opening, auction(session, bidden).outcome) == (True, "open")
        all_hold(session)
    contribute(bidden, bidden.bank[1])
    with atomic() as session:
        assert opened(session, bidden) == {}
    contribute(bidden, bidden.operator[0])
    with atomic() as session:
        found = auction(session, bidden)
        assert (found.outcome, found.price_minor, found.awaits_opening) == (Outcome.SOLD, 65_000_000, False)
        assert session.scalars(select(Deal.price_minor)).all() == [65_000_000]
        amounts = {number: bid.amount for number, bid in opened(session, bidden).items()}
        assert amounts == {1: "500000.00", 2: "600000.00", 3: "1.00", 4: "650000.00"}
        held = session.scalars(select(Opening)).one()
        assert (held.valid, held.invalid, held.at) == (4, 0, clock.moment)
        assert [len(keys) for keys in held.keys.values()] == [1, 1]
        last = journal_of(session, bidden.auction_id)[-1][0]
        assert (last.action, last.commitment) == (Action.OPEN, held.digest)
        all_hold(session)
        assert replay(read_scenario(as_scenario(session, bidden.auction_id)))["differences"] == []


def test_the_second_price_is_paid_where_the_terms_say_so(app: Flask, clock: FixedClock) -> None:
    sealed = played(clock, "second")
    closed(sealed, clock)
    for officer in (sealed.operator[1], sealed.bank[0]):
        contribute(sealed, officer)
    with atomic() as session:
        assert auction(session, sealed).price_minor == 60_000_000
        all_hold(session)


def test_two_officers_of_one_institution_open_nothing(bidden: SealedSale, clock: FixedClock) -> None:
    closed(bidden, clock)
    for officer in bidden.bank:
        contribute(bidden, officer)
    with atomic() as session:
        assert (auction(session, bidden).outcome, opened(session, bidden)) == (Outcome.OPEN, {})


def test_nothing_opens_before_the_close(bidden: SealedSale, clock: FixedClock) -> None:
    with atomic() as session, refused(SealingReason.NOT_CLOSED, Conflict):
        opening_file(session, bidden.bank[0].actor, bidden.auction_id)
    clock.advance(days=1)
    with atomic() as session, refused(SealingReason.NOT_CLOSED, Conflict):
        service.contribute(session, bidden.bank[0].actor, bidden.auction_id, {})


def test_only_the_custodians_take_part(bidden: SealedSale, clock: FixedClock) -> None:
    closed(bidden, clock)
    with atomic() as session:
        mallory = an_actor(session, InstitutionKind.BANK)
        with pytest.raises(NotFound):
            opening_file(session, mallory, bidden.auction_id)
        with pytest.raises(NotFound):
            service.contribute(session, mallory, bidden.auction_id, {})
        keyless = an_actor(session, InstitutionKind.BANK, institution=custody(session, bidden).first)
        with refused(SealingReason.CONTRIBUTION_KEY):
            opening_file(session, keyless, bidden.auction_id)


def test_a_contribution_is_good_once_and_for_its_auction_only(bidden: SealedSale, clock: FixedClock) -> None:
    other = played(clock)
    closed(bidden, clock)
    with atomic() as session:
        close(session, other)
    with atomic() as session:
        document = contribution(session, bidden, bidden.bank[0])
        foreign = contribution(session, other, other.bank[0])
        with refused(SealingReason.CONTRIBUTION_FOREIGN):
            service.contribute(session, bidden.bank[0].actor, bidden.auction_id, foreign)
        with refused(SealingReason.CONTRIBUTION_KEY):
            service.contribute(session, bidden.bank[1].actor, bidden.auction_id, document)
        with refused(SealingReason.CONTRIBUTION_FOREIGN):
            service.contribute(session, bidden.operator[0].actor, bidden.auction_id, document)
        service.contribute(session, bidden.bank[0].actor, bidden.auction_id, document)
        with refused(SealingReason.CONTRIBUTED, Conflict):
            service.contribute(session, bidden.bank[0].actor, bidden.auction_id, document)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"challenge": "00" * 32}, SealingReason.CONTRIBUTION_UNPROVEN),
        ({"challenge": "é"}, SealingReason.CONTRIBUTION_UNPROVEN),
        ({"closing_hash": "00" * 32}, SealingReason.CONTRIBUTION_FOREIGN),
        ({"fingerprint": "00" * 32}, SealingReason.CONTRIBUTION_KEY),
        ({"shares": {}}, SealingReason.CONTRIBUTION_INCOMPLETE),
        ({"shares": {"1": "A" * 43 + "="}}, SealingReason.SHARE_WRONG),
        ({"kind": "another"}, SealingReason.CONTRIBUTION_MALFORMED),
    ],
)
def test_a_contribution_that_was_altered_changes_nothing(
    bidden: SealedSale, clock: FixedClock, change: dict[str, Any], reason: SealingReason
) -> None:
    closed(bidden, clock)
    with atomic() as session:
        document = contribution(session, bidden, bidden.bank[0]) | change
    with refused(reason), atomic() as session:
        service.contribute(session, bidden.bank[0].actor, bidden.auction_id, document)
    with atomic() as session:
        assert service.opening_file(session, bidden.bank[0].actor, bidden.auction_id)


def test_a_share_for_an_entry_that_has_none_is_refused(bidden: SealedSale, clock: FixedClock) -> None:
    closed(bidden, clock)
    with atomic() as session:
        document = contribution(session, bidden, bidden.bank[0])
        document["shares"]["99"] = document["shares"]["1"]
        with refused(SealingReason.SHARE_WRONG):
            service.contribute(session, bidden.bank[0].actor, bidden.auction_id, document)


def test_one_envelope_that_nobody_opens_does_not_hold_up_the_rest(
    bidden: SealedSale, clock: FixedClock
) -> None:
    """Both officers of the bank say that entry 4 will not open; so the 600,000.00 wins, on the record."""
    closed(bidden, clock)
    for officer in bidden.bank:
        with atomic() as session:
            document = contribution(session, bidden, officer)
            del document["shares"]["4"]
            document["unopenable"] = [4]
            service.contribute(session, officer.actor, bidden.auction_id, document)
    contribute(bidden, bidden.operator[0])
    with atomic() as session:
        assert opened(session, bidden)[4].fault is Fault.SHARE_MISSING
        assert auction(session, bidden).price_minor == 60_000_000
        held = session.scalars(select(Opening)).one()
        assert (held.valid, held.invalid) == (3, 1)
        all_hold(session)


def test_one_officer_alone_cannot_make_a_bid_invalid(bidden: SealedSale, clock: FixedClock) -> None:
    """While a colleague's key could still open the envelope, the opening waits for it."""
    closed(bidden, clock)
    contribute(bidden, bidden.operator[0])
    with atomic() as session:
        document = contribution(session, bidden, bidden.bank[0])
        del document["shares"]["4"]
        document["unopenable"] = [4]
        service.contribute(session, bidden.bank[0].actor, bidden.auction_id, document)
    with atomic() as session:
        assert opened(session, bidden) == {}
    contribute(bidden, bidden.bank[1])
    with atomic() as session:
        assert auction(session, bidden).price_minor == 65_000_000
