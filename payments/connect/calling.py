"""What a gateway is asked about payees: transfers, their reversals, how an account stands."""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.errors import MarketplaceError
from payments import ledger, queries
from payments.connect import queries as connect_queries
from payments.connect.service.accounts import stands
from payments.connect.service.transfers import charge_behind
from payments.disputes import queries as dispute_queries
from payments.disputes.rules import DebtStatus
from payments.disputes.service import debts
from payments.gateways import Gateway, GatewayUnreachable
from payments.gateways.transferring import AccountState, TransferAsk
from payments.ledger import Posting
from payments.models import GatewayCall, GatewayEvent
from payments.rules import CallStatus, CallVerb, Method
from payments.service import payouts
from payments.service.acts import record
from payments.service.releasing import blockers_of


def ask_transfer(session: Session, call: GatewayCall) -> TransferAsk | None:
    """The payout's own id is the key: however often the call is written down, it pays once.

    None while something keeps the payout here that was not there when it was released, such as a dispute.
    """
    payout = queries.lock_payout(session, _subject(call))
    if blockers_of(session, payout):
        return None
    settlement = payout.settlement
    return TransferAsk(
        key=f"luochui-payout-{payout.id}",
        minor=call.amount_minor,
        currency=call.currency,
        row_id=payout.id,
        account=call.gateway_object,
        group=f"deal-{settlement.deal_id}" if settlement else "",
        intent_id=charge_behind(session, payout),
    )


def make_transfer(gateway: Gateway, call: GatewayCall, ask: TransferAsk | None) -> str:
    del call
    if ask is None:
        raise GatewayUnreachable("the payout is kept here for now")
    return gateway.transfer(ask)


def transferred(session: Session, call: GatewayCall, transfer_id: str) -> None:
    """The gateway has paid the payee: the money leaves the ledger from the gateway's cash."""
    payout = queries.lock_payout(session, _subject(call))
    payout.transfer_object, payout.problem = transfer_id, ""
    payouts.mark_paid(session, payout, transfer_id, ledger.cash(Method.STRIPE, payout.currency), None)


def not_transferred(session: Session, call: GatewayCall, refusal: MarketplaceError) -> None:
    """The gateway will not: the bank pays what two persons have released."""
    payout = queries.lock_payout(session, _subject(call))
    payout.transfer_object, payout.problem = "", str(refusal)[:300]
    record(session, "transfer_refused", payout.id, None, reason=payout.problem)


def key_of_reversal(session: Session, call: GatewayCall) -> str:
    del session
    return f"luochui-{call.id}"


def make_reversal(gateway: Gateway, call: GatewayCall, key: str) -> str:
    return gateway.reverse(call.gateway_object, call.amount_minor, key)


def reversed_back(session: Session, call: GatewayCall, reversal_id: str) -> None:
    """The money is on the gateway's cash again: the debt is covered by it, as far as it is still owed."""
    debt = dispute_queries.lock_debt(session, _subject(call))
    minor = min(call.amount_minor, debt.open_minor)
    record(session, "transfer_reversed", debt.id, None, minor=call.amount_minor, reversal=reversal_id)
    if debt.status is DebtStatus.OPEN and minor:
        cash = ledger.cash(Method.STRIPE, debt.currency)
        debts.cover(session, debt, (Posting(cash, minor),), minor, key=f"reversal:{call.id}")


def not_reversed(session: Session, call: GatewayCall, refusal: MarketplaceError) -> None:
    """The payee's account is empty: its debt stays open, to be paid or set off."""
    record(session, "reversal_refused", _subject(call), None, reason=str(refusal))


def look_up_account(session: Session, event: GatewayEvent) -> bool:
    """Have a payee's account looked up that a notice speaks of; False for a stranger's."""
    if connect_queries.lock_account(session, event.subject) is None:
        return False
    if queries.waiting_call(session, CallVerb.LOOK_UP_ACCOUNT, event.subject, status=CallStatus.PREPARED):
        return True
    now = clock.now()
    session.add(
        GatewayCall(
            method=Method.STRIPE,
            verb=CallVerb.LOOK_UP_ACCOUNT,
            currency="XXX",
            gateway_object=event.subject,
            prepared_at=now,
            due_at=now,
        )
    )
    session.flush()
    return True


def make_look_up(gateway: Gateway, call: GatewayCall, ask: Any) -> AccountState:
    del ask
    return gateway.look_up_account(call.gateway_object)


def account_stands(session: Session, call: GatewayCall, state: AccountState) -> None:
    del call
    stands(session, state)


def account_unknown(session: Session, call: GatewayCall, refusal: MarketplaceError) -> None:
    record(session, "account_unknown", call.id, None, reason=str(refusal), account=call.gateway_object)


def return_address(path: str) -> str:
    """Where the gateway's pages send a payee back to."""
    return str(current_app.extensions["settings"].public_url) + path


def _subject(call: GatewayCall) -> Any:
    if call.subject_id is None:
        raise AssertionError("this call is about a payout or a debt")
    return call.subject_id
