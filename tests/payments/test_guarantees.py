"""Guarantee letters: handed in, checked by two, given back, run out, called and paid."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from auctions.models import Registration
from marketplace import clock as time
from marketplace.access import Actor
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from payments.guarantees import queries
from payments.guarantees import service as guarantees
from payments.guarantees.models import GuaranteeLetter
from payments.guarantees.rules import (
    GuaranteeReason,
    GuaranteeStatus,
    Letter,
    check_document,
    check_letter,
    needed_until,
)
from payments.models import Payment
from payments.rules import DepositStatus
from payments.service import books

from .scene import (
    DEPOSIT,
    PRICE,
    Scene,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    default,
    deposit_of,
    open_auction,
    payment_of,
    receive,
    work,
)
from .test_routes import Browsers

PDF = b"%PDF-1.7 the letter"


def a_letter(days: int = 90, minor: int = DEPOSIT, number: str = "LG-1") -> Letter:
    return Letter("Bank of Harbin", number, minor, time.now() + timedelta(days=days))


def handed_in(session: Session, carol: Actor, registration: Registration, letter: Letter) -> GuaranteeLetter:
    return guarantees.hand_in(session, carol, deposit_of(session, registration).id, letter, PDF)


def accepted(session: Session, scene: Scene, letter: GuaranteeLetter) -> None:
    guarantees.check(session, scene.olga, letter.id, "Called the branch that signed it")
    guarantees.accept(session, scene.otto, letter.id, "Confirmed")


def a_promised_bidder(scene: Scene, days: int = 90) -> tuple[Actor, Registration, GuaranteeLetter]:
    """A bidder whose deposit a bank promises."""
    with atomic() as session:
        carol, registration = a_bidder(session, scene)
    work()
    with atomic() as session:
        letter = handed_in(session, carol, registration, a_letter(days))
        accepted(session, scene, letter)
    return carol, registration, letter


def stored(letter: GuaranteeLetter) -> tuple[GuaranteeStatus, DepositStatus]:
    with atomic() as session:
        row = session.get_one(GuaranteeLetter, letter.id)
        return row.status, row.deposit.status


@pytest.mark.parametrize(
    ("letter", "reason"),
    [
        (lambda: a_letter(minor=DEPOSIT - 1), GuaranteeReason.TOO_SMALL),
        (lambda: a_letter(days=5), GuaranteeReason.ENDS_TOO_EARLY),
    ],
)
def test_a_letter_promises_enough_for_long_enough(clock: FixedClock, letter: object, reason: object) -> None:
    until = needed_until(time.now() + timedelta(days=1), 15)
    with pytest.raises(Refused) as refused:
        check_letter(letter(), DEPOSIT, until)  # type: ignore[operator]
    assert refused.value.reason is reason
    check_letter(a_letter(days=16), DEPOSIT, until)


def test_only_a_small_pdf_is_taken() -> None:
    for content, reason in (
        (b"PK", GuaranteeReason.NOT_A_PDF),
        (b"%PDF-" * 2**20 + b"x" * 9, GuaranteeReason.TOO_LARGE),
    ):
        with pytest.raises(Refused) as refused:
            check_document(content)
        assert refused.value.reason is reason
    check_document(PDF)


def test_two_officers_take_a_letter_and_its_bidder_may_bid(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        carol, registration = a_bidder(session, scene)
    work()
    with atomic() as session:
        letter = handed_in(session, carol, registration, a_letter())
        with pytest.raises(Conflict):
            guarantees.accept(session, scene.otto, letter.id, "Not checked yet")
        guarantees.check(session, scene.olga, letter.id, "Called the branch")
        with pytest.raises(NotAllowed):
            guarantees.accept(session, scene.olga, letter.id, "The same person")
        guarantees.accept(session, scene.otto, letter.id, "Confirmed")
        session.flush()
        session.refresh(registration)
        assert registration.deposit_held
        deposit = deposit_of(session, registration)
        held = books.deposit_held(deposit.lot_id, deposit.institution_id, "CNY")
        assert (books.balance(session, held), len(books.promises(session, deposit.id))) == (0, 1)
        with pytest.raises(Conflict):
            guarantees.refuse(session, scene.olga, letter.id, "Too late")
    work()


def test_one_letter_stands_for_one_deposit(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        (carol, first), (dave, second) = a_bidder(session, scene), a_bidder(session, scene)
    work()
    with atomic() as session:
        letter = handed_in(session, carol, first, a_letter())
    with pytest.raises(Refused) as refused, atomic() as session:
        handed_in(session, dave, second, a_letter())
    assert refused.value.reason is GuaranteeReason.STANDS_ELSEWHERE
    with atomic() as session:
        guarantees.refuse(session, scene.olga, letter.id, "The branch does not know it")
        handed_in(session, dave, second, a_letter())
    assert stored(letter) == (GuaranteeStatus.REFUSED, DepositStatus.REQUIRED)
    work()


def test_a_bidder_takes_a_letter_back_until_it_is_accepted(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        carol, registration = a_bidder(session, scene)
        mallory, _ = a_bidder(session, scene)
    work()
    with atomic() as session:
        letter = handed_in(session, carol, registration, a_letter())
    with pytest.raises(NotFound), atomic() as session:
        guarantees.withdraw(session, mallory, letter.id)
    with atomic() as session:
        guarantees.withdraw(session, carol, letter.id)
    assert stored(letter) == (GuaranteeStatus.WITHDRAWN, DepositStatus.REQUIRED)
    with atomic() as session:
        letter = handed_in(session, carol, registration, a_letter())
        accepted(session, scene, letter)
    with pytest.raises(Conflict), atomic() as session:
        guarantees.withdraw(session, carol, letter.id)
    work()


def test_the_court_takes_no_letter(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session)
        carol, registration = a_bidder(session, scene)
    work()
    with pytest.raises(Refused) as refused, atomic() as session:
        handed_in(session, carol, registration, a_letter())
    assert refused.value.reason is GuaranteeReason.NOT_TAKEN


def test_a_loser_gets_the_letter_back(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
    _, _, letter = a_promised_bidder(scene)
    clock.advance(days=2)
    work()
    assert stored(letter) == (GuaranteeStatus.RETURNED, DepositStatus.RELEASED)


def test_a_winner_pays_the_whole_price_and_gets_the_letter_back(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
    carol, _, letter = a_promised_bidder(scene)
    payment = won(scene, carol, clock)
    assert payment.amount_minor >= PRICE
    receive(scene, payment, payment.amount_minor)
    work()
    assert stored(letter) == (GuaranteeStatus.RETURNED, DepositStatus.RELEASED)


def won(scene: Scene, carol: Actor, clock: FixedClock) -> Payment:
    """Carol wins; what is asked of her."""
    open_auction(scene, clock)
    assert bid(scene, carol, "150000.00") == "accepted"
    close_auction(scene, clock)
    with atomic() as session:
        return payment_of(session, deal_of(session, scene))


def test_a_default_calls_the_letter_and_its_payment_is_forfeited(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
    carol, registration, letter = a_promised_bidder(scene)
    won(scene, carol, clock)
    clock.advance(days=20)
    default(scene)
    assert stored(letter) == (GuaranteeStatus.CALLED, DepositStatus.HELD)
    with atomic() as session:
        deposit = deposit_of(session, registration)
    receive(scene, deposit, DEPOSIT // 2)
    work()
    assert stored(letter) == (GuaranteeStatus.CALLED, DepositStatus.HELD)
    receive(scene, deposit, DEPOSIT - DEPOSIT // 2)
    work()
    assert stored(letter) == (GuaranteeStatus.PAID, DepositStatus.FORFEITED)


def test_a_guarantor_that_does_not_pay_leaves_nothing_to_distribute(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
    carol, _, letter = a_promised_bidder(scene)
    won(scene, carol, clock)
    clock.advance(days=20)
    default(scene)
    with atomic() as session:
        guarantees.give_up(session, scene.otto, letter.id, "Insolvent")
    work()
    assert stored(letter) == (GuaranteeStatus.DISHONOURED, DepositStatus.FAILED)


def test_a_letter_that_ends_is_warned_of_and_lapses(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
    _, registration, letter = a_promised_bidder(scene, days=17)
    with atomic() as session:
        row = session.get_one(GuaranteeLetter, letter.id)
        row.valid_until = time.now() + timedelta(hours=3)
    work()
    with atomic() as session:
        assert session.get_one(GuaranteeLetter, letter.id).warned_at is not None
    clock.advance(hours=4)
    work()
    assert stored(letter) == (GuaranteeStatus.LAPSED, DepositStatus.REQUIRED)
    with atomic() as session:
        assert not session.get_one(Registration, registration.id).deposit_held


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_pages_from_handing_in_to_accepting(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        carol, registration = a_bidder(session, scene)
        mallory, _ = a_bidder(session, scene)
    work()
    page = f"/money/registrations/{registration.id}/guarantee"
    browsers = Browsers(app)
    buyer, stranger = browsers.of(carol), browsers.of(mallory)
    assert "Hand in a guarantee letter" in buyer.get(f"/money/registrations/{registration.id}/deposit").text
    assert stranger.get(page).status_code == 404
    fields = {
        "guarantor": "Bank of Harbin",
        "number": "LG-7",
        "amount": "9,999.99",
        "valid_until": "2030-01-01",
    }
    refused = buyer.post(page, data=fields | {"document": (io.BytesIO(PDF), "letter.pdf")})
    assert refused.status_code == 422
    assert "promises less than the deposit" in refused.text
    fields["amount"] = "10,000.00"
    assert buyer.post(page, data=fields | {"document": (io.BytesIO(PDF), "l.pdf")}).status_code == 303
    with atomic() as session:
        (letter,) = queries.open_letters(session)
    document = f"/money/guarantees/{letter.id}/document"
    assert buyer.get(document).data == PDF
    assert stranger.get(document).status_code == 404
    olga, otto = browsers.of(scene.olga), browsers.of(scene.otto)
    assert "LG-7" in olga.get("/money/guarantees").text
    assert olga.post(f"/money/guarantees/{letter.id}/check", data={"reason": ""}).status_code == 422
    assert olga.post(f"/money/guarantees/{letter.id}/check", data={"reason": "Rang"}).status_code == 303
    assert otto.post(f"/money/guarantees/{letter.id}/accept", data={"reason": "Good"}).status_code == 303
    assert "accepted" in buyer.get(page).text
