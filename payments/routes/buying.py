"""A buyer's pages: what is to be paid, the deposit, the balance, and how to pay them."""

import uuid
from collections.abc import Iterable

from flask import current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auctions.models import Registration
from auctions.spending.service import percent_of
from marketplace.access import InstitutionKind, Subject, Verb, may
from marketplace.db import atomic, db
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.queries import find_deal
from marketplace.errors import NotFound, Refused
from marketplace.web import current_actor, show_refusal, signed_in
from payments import queries, service
from payments.access import require_to_see
from payments.bank.queries.paying import PayTo, pay_to
from payments.cards.texts import card_name
from payments.cards.views import hold_view, own_cards
from payments.forms import MethodForm, WayForm
from payments.gateways.bank_transfer import Received
from payments.gateways.registry import offered
from payments.guarantees.service import takes_letters
from payments.models import Deposit, Payment
from payments.queries import pages
from payments.routes.shared import blueprint, reading
from payments.rules import CARD_CEILING_MINOR, DepositStatus, Method, PaymentStatus
from payments.service import books
from payments.taxes.charging import tax_on_top
from payments.ways import offers

Page = str | Response | tuple[str, int]
PER_PAGE = 50


@blueprint.get("/money")
@signed_in
def index() -> str:
    """Everything the reader's institution pays, has held, or is paid."""
    institution_id = current_actor().institution_id
    return render_template(
        "payments/index.html",
        deposits=db.paginate(pages.own_deposits(institution_id), per_page=PER_PAGE, error_out=False),
        payments=pages.own_payments(reading(), institution_id),
        payouts=pages.own_payouts(reading(), institution_id),
        settlements=pages.settlements_of_seller(reading(), institution_id),
    )


@blueprint.get("/money/today")
@signed_in
def today_fragment() -> str:
    """For the reader's day: what is to be paid, and for the operator what is to be released."""
    actor = current_actor()
    everything = may(actor, Verb.SEE_OPERATIONS)
    whose = None if everything else actor.institution_id
    desk = actor.kind is InstitutionKind.OPERATOR
    return render_template(
        "payments/_today.html",
        own=not everything,
        deposits=pages.waiting_deposits(reading(), whose),
        payments=pages.waiting_payments(reading(), whose),
        payouts=db.paginate(pages.open_payouts(), per_page=10) if desk else None,
    )


@blueprint.get("/money/registrations/<uuid:registration_id>/deposit")
@signed_in
def deposit(registration_id: uuid.UUID) -> Page:
    """The deposit of a registration: where it stands, how to pay it."""
    found = queries.deposit_of_registration(reading(), registration_id)
    if found is None:
        return _not_asked_yet(registration_id)
    require_to_see(current_actor(), service.subject_of(found))
    return deposit_page(found, MethodForm())


@blueprint.post("/money/registrations/<uuid:registration_id>/deposit")
@signed_in
def choose_for_deposit(registration_id: uuid.UUID) -> Page:
    """Choose how to pay the deposit."""
    found, form = find_deposit(registration_id), MethodForm()
    form.offer(frozenset(Method), _saved(found))
    if not form.validate_on_submit():
        return deposit_page(found, form), 422
    try:
        with atomic() as session:
            service.choose_method(
                session, current_actor(), found.id, form.chosen, offered(), card_id=form.card_id
            )
    except Refused as refused:
        show_refusal(form, refused)
        return deposit_page(find_deposit(registration_id), form), refused.status
    return redirect(url_for("payments.deposit", registration_id=registration_id), code=303)


@blueprint.post("/money/registrations/<uuid:registration_id>/deposit/again")
@signed_in
def choose_deposit_again(registration_id: uuid.UUID) -> Page:
    """Pay the deposit in another way."""
    found = find_deposit(registration_id)
    with atomic() as session:
        service.choose_again(session, current_actor(), found.id)
    return redirect(url_for("payments.deposit", registration_id=registration_id), code=303)


@blueprint.get("/money/deals/<uuid:deal_id>/payment")
@signed_in
def payment(deal_id: uuid.UUID) -> Page:
    """The balance of a deal: what is due until when, and how to pay it."""
    deal = find_deal(reading(), deal_id)
    require_to_see(current_actor(), deals.subject_of(reading(), deal))
    return _payment_page(deal_id, WayForm())


@blueprint.post("/money/deals/<uuid:deal_id>/payment")
@signed_in
def choose_for_payment(deal_id: uuid.UUID) -> Page:
    """Choose how to pay the balance."""
    found, form = _payment(deal_id), WayForm()
    if not form.validate_on_submit():
        return _payment_page(deal_id, form), 422
    try:
        with atomic() as session:
            service.choose_payment_method(session, current_actor(), found.id, form.chosen, offered())
    except Refused as refused:
        show_refusal(form, refused)
        return _payment_page(deal_id, form), refused.status
    return redirect(url_for("payments.payment", deal_id=deal_id), code=303)


@blueprint.post("/money/deals/<uuid:deal_id>/payment/again")
@signed_in
def choose_payment_again(deal_id: uuid.UUID) -> Page:
    """Pay the balance in another way."""
    found = _payment(deal_id)
    with atomic() as session:
        service.choose_payment_again(session, current_actor(), found.id)
    return redirect(url_for("payments.payment", deal_id=deal_id), code=303)


def find_deposit(registration_id: uuid.UUID) -> Deposit:
    """The deposit of a registration, for its parties and overseers; raises NotFound."""
    found = queries.deposit_of_registration(reading(), registration_id)
    if found is None:
        raise NotFound("deposit")
    require_to_see(current_actor(), service.subject_of(found))
    return found


def _payment(deal_id: uuid.UUID) -> Payment:
    found = queries.payment_of(reading(), deal_id)
    if found is None:
        raise NotFound("payment")
    require_to_see(current_actor(), deals.subject_of(reading(), found.deal))
    return found


def _not_asked_yet(registration_id: uuid.UUID) -> Page:
    registration = reading().get(Registration, registration_id)
    if registration is None:
        raise NotFound("registration")
    mandate = registration.mandate
    parties = frozenset({mandate.agency_id}) if mandate else frozenset[uuid.UUID]()
    require_to_see(current_actor(), Subject(owner_id=registration.institution_id, parties=parties))
    return render_template("payments/not_yet.html", lot=registration.auction.lot, registration=registration)


def deposit_page(found: Deposit, form: MethodForm) -> str:
    """The page of a deposit, with a form that was refused or an empty one."""
    auction = found.registration.auction
    return render_template(
        "payments/deposit.html",
        deposit=found,
        lot=found.lot,
        form=_limited(form, found.amount_minor, _saved(found)),
        hold=hold_view(reading(), found) if found.method is Method.STRIPE else None,
        received=_received(found),
        receipts=pages.receipts_of(reading(), found),
        may_pay=_may_pay(service.subject_of(found)),
        choosing=found.status is DepositStatus.REQUIRED,
        takes_limit=percent_of(auction) is not None,
        takes_letters=takes_letters(auction),
        bank_account=_bank_account(found),
    )


def _payment_page(deal_id: uuid.UUID, form: WayForm) -> str:
    deal = find_deal(reading(), deal_id)
    found = queries.payment_of(reading(), deal_id)
    subject = deals.subject_of(reading(), deal)
    return render_template(
        "payments/payment.html",
        deal=deal,
        lot=deal.lot,
        payment=found,
        deposit=queries.deposit_of_deal(reading(), deal_id),
        commission=service.buyer_commission(reading(), deal),
        tax=tax_on_top(deal),
        form=form,
        offers=offers(found.amount_minor, found.currency, offered()) if found else (),
        received=_received(found) if found else None,
        receipts=pages.receipts_of(reading(), found) if found else [],
        may_pay=_may_pay_deal(deal, subject),
        choosing=found is not None and found.status is PaymentStatus.PREPARED,
        bank_account=_bank_account(found),
    )


def _may_pay(subject: Subject) -> bool:
    return may(current_actor(), Verb.PAY_DEAL, subject)


def _may_pay_deal(deal: Deal, subject: Subject) -> bool:
    """The buyer and its agency, but never its seller, unless that took the lot itself."""
    actor = current_actor()
    foreign = actor.institution_id == deal.seller_id != deal.buyer_id
    return not foreign and may(actor, deals.paying_verb(deal), subject)


def _saved(deposit: Deposit) -> list[tuple[uuid.UUID, str]]:
    """The reader's saved cards, as it knows them."""
    return [(card.id, card_name(card)) for card in own_cards(reading(), current_actor(), deposit)]


def _limited(form: MethodForm, minor: int, saved: Iterable[tuple[uuid.UUID, str]] = ()) -> MethodForm:
    """Offer only what can be used for this amount."""
    usable = {method for method in offered() if method is not Method.STRIPE or minor <= CARD_CEILING_MINOR}
    form.offer(usable, saved)
    return form


def _received(row: Deposit | Payment) -> Received:
    own = books.buyer_balance(row.lot_id, row.institution_id, row.currency)
    return Received(row.amount_minor, books.balance(reading(), own))


def _bank_account(row: Deposit | Payment | None) -> PayTo | str | None:
    """Where the transfer goes: an account that was entered, else what the configuration says."""
    entered = pay_to(reading(), row) if row is not None else None
    return entered or str(current_app.extensions["settings"].bank_account)
