"""The pages of a window for offers: proposed, approved, offered in, decided; secrets stay the seller's."""

import pytest
from builders import a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from offers_cast import Cast
from sqlalchemy.orm import Session

from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.windows import queries
from marketplace.deals.windows.rules import WindowStatus
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Person

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def cast(session: Session, clock: FixedClock) -> Cast:
    with atomic():
        cast = Cast(session)
        cast.lot.status = LotStatus.UNSOLD
        return cast


def browser(app: Flask, session: Session, actor: Actor) -> FlaskClient:
    return signed_in(app.test_client(), session.get_one(Person, actor.person_id))


def test_from_the_proposal_to_the_deal(app: Flask, session: Session, cast: Cast, client: FlaskClient) -> None:
    alice, amy, carol, bob = (
        browser(app, session, actor) for actor in (cast.alice, cast.amy, cast.carol, cast.bob)
    )
    bank, shown = f"/portfolio/lots/{cast.lot.id}/offers-window", f"/lots/{cast.lot.id}/offers-window"
    assert alice.post(bank, data={"days": "31", "floor": ""}).status_code == 422
    assert alice.post(bank, data={"days": "14", "floor": "abc"}).status_code == 422
    assert alice.post(bank, data={"days": "14", "floor": "90000.00"}).status_code == 303
    assert "No offers are taken" in client.get(shown).text
    window = queries.standing_window(session, cast.lot.id)
    assert window is not None
    act, leave = f"/portfolio/offers-windows/{window.id}", f"/offers-windows/{window.id}/offer"
    assert carol.get(leave).status_code == 404
    assert alice.post(f"{act}/approve").status_code == 403
    assert amy.post(f"{act}/approve").status_code == 303
    page = client.get(shown).text
    assert "90,000.00 CNY" in page
    assert "Leave an offer" not in page
    assert "Leave an offer" in carol.get(shown).text
    assert client.get(f"/lots/{cast.lot.id}").status_code == 200
    assert carol.post(leave, data={"price": "90000.00"}).status_code == 422
    low = carol.post(leave, data={"price": "1.00", "bound": "y"})
    assert (low.status_code, "below the least offer" in low.text) == (422, True)
    left = carol.post(leave, data={"price": "95000.00", "bound": "y"})
    assert left.status_code == 303
    assert "95,000.00" in carol.get(leave).text
    by_bob = {"price": "96000.00", "bound": "y", "mandate_id": str(cast.buying.id)}
    answer = bob.post(leave, data=by_bob)
    assert answer.status_code == 303
    offer_url = answer.headers["Location"]
    bank_page = " ".join(alice.get(bank).text.split())
    assert "96,000.00 CNY" in bank_page
    assert "−4,000.00 CNY" in bank_page
    assert "−24,000.00 CNY" in bank_page
    for public in (client.get(shown).text, client.get(f"/lots/{cast.lot.id}").text):
        assert "96,000" not in public
        assert "120,000" not in public
    assert bob.post(f"{offer_url}/withdraw").status_code == 422
    assert alice.post(f"{offer_url}/accept").status_code == 303
    assert amy.post(f"{offer_url}/approve").status_code == 303
    session.expire_all()
    assert queries.find_window(session, window.id).status is WindowStatus.CLOSED
    assert "a price was agreed" in alice.get(bank).text
    assert carol.post(leave, data={"price": "99000.00", "bound": "y"}).status_code == 409


def test_a_rival_and_another_bank_see_no_offer(app: Flask, session: Session, cast: Cast) -> None:
    alice, amy, carol = (browser(app, session, actor) for actor in (cast.alice, cast.amy, cast.carol))
    bank = f"/portfolio/lots/{cast.lot.id}/offers-window"
    alice.post(bank, data={"days": "14"})
    window = queries.standing_window(session, cast.lot.id)
    assert window is not None
    amy.post(f"/portfolio/offers-windows/{window.id}/approve")
    left = carol.post(f"/offers-windows/{window.id}/offer", data={"price": "95000.00", "bound": "y"})
    with atomic():
        dave = a_person(
            session, an_institution(session, InstitutionKind.BUYER), "Dave", frozenset({Role.OFFICER})
        )
    rival = signed_in(app.test_client(), dave)
    assert rival.get(left.headers["Location"]).status_code == 404
    assert "95,000" not in rival.get(f"/offers-windows/{window.id}/offer").text
    mallory = browser(app, session, cast.mallory)
    assert mallory.get(bank).status_code == 404
    assert mallory.post(bank, data={"days": "14"}).status_code == 404
    assert mallory.post(f"/portfolio/offers-windows/{window.id}/approve").status_code == 404
    assert mallory.post(f"/portfolio/offers-windows/{window.id}/end", data={"reason": "x"}).status_code == 404


def test_the_seller_ends_a_window_from_its_page(app: Flask, session: Session, cast: Cast) -> None:
    alice, amy = (browser(app, session, actor) for actor in (cast.alice, cast.amy))
    bank = f"/portfolio/lots/{cast.lot.id}/offers-window"
    alice.post(bank, data={"days": "7"})
    window = queries.standing_window(session, cast.lot.id)
    assert window is not None
    silent = amy.post(f"/portfolio/offers-windows/{window.id}/end", data={"reason": " "})
    assert (silent.status_code, "State the reason" in silent.text) == (422, True)
    assert (
        amy.post(f"/portfolio/offers-windows/{window.id}/end", data={"reason": "not now"}).status_code == 303
    )
    assert "not now" in alice.get(bank).text


def test_a_courts_lot_says_that_it_is_sold_in_public_only(app: Flask, session: Session, cast: Cast) -> None:
    with atomic():
        cast.lot.rule_pack = "cn-court"
    alice = browser(app, session, cast.alice)
    bank = f"/portfolio/lots/{cast.lot.id}/offers-window"
    assert "sold in public only" in alice.get(bank).text
    assert alice.post(bank, data={"days": "7"}).status_code == 422
    assert "Offers after the auction" not in app.test_client().get(f"/lots/{cast.lot.id}").text
