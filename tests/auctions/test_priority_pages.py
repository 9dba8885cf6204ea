"""Claims of a right of first refusal in the browser: the bidder's page, the seller's and the operator's."""

from datetime import timedelta

import pytest
from builders import signed_in
from flask import Flask
from live_cast import Somebody, somebody
from priority_cast import PriorityCast
from sqlalchemy.orm import Session

from auctions import service
from auctions.models import Registration
from auctions.priority import queries
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.parties.models import Person

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
CLAIM = {"kind": "inventor", "proof": "certificate 7"}


def registered(session: Session, who: Somebody, cast: PriorityCast, auction_id: object) -> Registration:
    registration = service.register(session, who.actor, auction_id)  # type: ignore[arg-type]
    service.set_deposit_held(session, registration.id, True)
    return registration


def test_a_claim_from_the_form_to_the_order(app: Flask, session: Session, clock: FixedClock) -> None:
    carol = somebody(app, InstitutionKind.BUYER, "Carol", "Carol Carbon Works")
    olga = somebody(app, InstitutionKind.OPERATOR, "Olga", "Luochui Operations")
    with atomic():
        cast = PriorityCast(session)
        holder = cast.told("Xu Lin", 4)
        clock.advance(days=3)
        opens_at = clock.moment + timedelta(hours=1)
        auction = service.schedule(session, cast.alice, cast.lot.id, opens_at, opens_at + timedelta(hours=24))
    carol.signs_in()
    url = f"/auctions/{auction.id}/priority"
    assert "You are not registered" in carol.client.get(f"{url}/claim").text
    assert carol.client.post(f"{url}/claim", data=CLAIM).status_code == 422
    with atomic():
        registration = registered(session, carol, cast, auction.id)
    assert carol.client.post(f"{url}/claim", data=CLAIM | {"proof": ""}).status_code == 422
    assert carol.client.post(f"{url}/claim", data=CLAIM).status_code == 303
    assert "waits for an answer" in carol.client.get(f"{url}/claim").text
    assert carol.client.get(url).status_code == 404
    (claim,) = queries.claims_of(session, auction.id)
    amy = signed_in(app.test_client(), session.get_one(Person, cast.amy.person_id))
    page = amy.get(url).text
    assert "Carol Carbon Works" in page
    assert registration.alias not in page
    field = f"{claim.id.hex}-holder_id"
    forged = amy.post(f"{url}/{claim.id}", data={"answer": "confirm", field: str(auction.id)})
    assert forged.status_code == 422
    assert amy.post(f"{url}/{claim.id}", data={"answer": "confirm"}).status_code == 422
    chosen = {"answer": "confirm", field: str(holder.id)}
    assert amy.post(f"{url}/{claim.id}", data=chosen).status_code == 303
    assert "Order 4" in " ".join(carol.client.get(f"{url}/claim").text.split())
    bidders = " ".join(amy.get(f"/auctions/{auction.id}/bidders").text.split())
    assert "right of first refusal, order 4" in bidders
    olga.signs_in()
    assert "confirmed" in olga.client.get(url).text
    reason = {"answer": "refuse", f"{claim.id.hex}-reason": ""}
    assert olga.client.post(f"{url}/{claim.id}", data=reason).status_code == 422
    reason[f"{claim.id.hex}-reason"] = "the certificate is forged"
    assert olga.client.post(f"{url}/{claim.id}", data=reason).status_code == 303
    assert "the certificate is forged" in carol.client.get(f"{url}/claim").text
    session.expire_all()
    assert session.get_one(Registration, registration.id).priority_order is None
    clock.advance(days=2)
    with atomic():
        assert service.close_due(session)
    olga.signs_in()
    assert "was told and did not bid: deemed to have waived" in olga.client.get(url).text


def test_another_bank_and_another_auction_find_nothing(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    mallory = somebody(app, InstitutionKind.BANK, "Mallory", "Other Bank")
    with atomic():
        cast = PriorityCast(session)
        opens_at = clock.moment + timedelta(hours=1)
        auction = service.schedule(session, cast.alice, cast.lot.id, opens_at, opens_at + timedelta(hours=24))
    assert mallory.client.get(f"/auctions/{auction.id}/priority").status_code == 404
    assert mallory.client.get(f"/auctions/{auction.id}/priority/claim").status_code == 403
    assert mallory.client.post(f"/auctions/{auction.id}/priority/{auction.id}").status_code == 404
