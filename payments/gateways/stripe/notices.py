"""Stripe's notices, in our words: those it sends with a signature, and those it could not deliver."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe

from marketplace import clock
from payments.gateways import BadSignature, GatewayNotice
from payments.gateways.stripe.calling import Calling
from payments.rules import OLDEST_NOTICE

# How far a signature's time may lie from ours, in either direction (Stripe's own tolerance for the past).
TOLERANCE = timedelta(seconds=300)

# Objects whose notices we read as one about the PaymentIntent they belong to.
_OF_AN_INTENT = frozenset({"charge", "refund", "dispute"})

# The most events of one page of the list, and the most pages: a loop needs an end.
_PAGE = 100
_PAGES = 500

# The age is checked here, by our own clock; the library would not notice a time in the future.
_ANY_AGE = 0
_SIGNED_AT = re.compile(r"(?:^|,)t=(\d{1,12})")


class Notices:
    """What Stripe tells by itself.

    Args:
        calling: the connection.
        secrets: what the endpoint signs with; several while one is being replaced by another.
        live: whether the key is a live one; a notice of the other mode is refused.
        account: our own account's id where it is known; a notice for any other account is refused, but for
            what a payee's account tells of itself.
    """

    def __init__(self, calling: Calling, secrets: Sequence[str], *, live: bool, account: str = "") -> None:
        self.calling = calling
        self._secrets = tuple(secrets)
        self._live = live
        self._account = account

    def read_notice(self, body: bytes, signature: str) -> GatewayNotice:
        """As `Gateway.read_notice`: the raw body, a fresh signature, an event of our account and mode."""
        event, now = self._verified(body, signature), clock.now()
        signed_at = _moment(int(_SIGNED_AT.findall(signature)[0]))
        if abs(now - signed_at) > TOLERANCE:
            raise BadSignature("signed too long ago, or in the future")
        try:
            self._check_ours(event, now)
            return _notice(event)
        except (KeyError, TypeError, AttributeError) as error:
            raise BadSignature(f"not an event: {type(error).__name__}") from None

    def missed_notices(self, since: datetime) -> Iterator[GatewayNotice]:
        """As `Gateway.missed_notices`, page by page."""
        params: dict[str, Any] = {
            "created": {"gte": int(since.timestamp())},
            "delivery_success": False,
            "limit": _PAGE,
        }
        for _ in range(_PAGES):
            page = self.calling("events.list", self.calling.api.events.list, params)
            for event in page["data"]:
                yield _notice(event)
            if not page["has_more"]:
                return
            params["starting_after"] = page["data"][-1]["id"]

    def _verified(self, body: bytes, signature: str) -> dict[str, Any]:
        """The event in the body, if one of our secrets has signed exactly these bytes."""
        problem = "there is no secret to check it with"
        for secret in self._secrets:
            try:
                event = self.calling.client.construct_event(body, signature, secret, tolerance=_ANY_AGE)
            except stripe.SignatureVerificationError as error:
                problem = str(error)
            except ValueError as error:
                raise BadSignature(str(error)) from None
            else:
                return event.to_dict()
        raise BadSignature(problem)

    def _check_ours(self, event: Mapping[str, Any], now: datetime) -> None:
        if event["object"] != "event":
            raise BadSignature("not an event")
        if event.get("livemode", False) is not self._live:
            raise BadSignature("an event of the other mode")
        if event.get("account") not in {None, self._account} and not _tells_of_itself(event):
            raise BadSignature("an event of another account")
        age = now - _moment(event["created"])
        if not -TOLERANCE <= age <= OLDEST_NOTICE:
            raise BadSignature("an event from another time")


def _tells_of_itself(event: Mapping[str, Any]) -> bool:
    """Whether a payee's account tells how it stands itself; it is looked up if it is one of ours."""
    subject = event["data"]["object"]
    of_an_account = event["type"].startswith("account.") and subject.get("object") == "account"
    return bool(of_an_account and subject["id"] == event["account"])


def _notice(event: Mapping[str, Any]) -> GatewayNotice:
    subject = event["data"]["object"]
    own_id = str(subject.get("id") or "")
    of_an_intent = subject.get("object") in _OF_AN_INTENT
    object_id = str(subject.get("payment_intent") or "") if of_an_intent else own_id
    return GatewayNotice(str(event["id"]), str(event["type"]), object_id, own_id)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
