"""A stateful Stripe on a local port: the v1 calls the adapter makes, with Stripe's own refusals.

It honours idempotency keys, refuses over-capture, over-refund and capture of a cancelled hold, lets holds and
pages run out by the tests' clock, and hands out signed notices once, twice, late, never or in any order. What
it cannot do it answers with 404. Each kind of object has a file and a `route_…` method.
"""

from stripe_fake.answers import Form, Refusal, Row
from stripe_fake.disputes import Disputes
from stripe_fake.state import WEBHOOK_SECRET, sign
from stripe_fake.transfers import Transfers
from stripe_fake.virtual_accounts import VirtualAccounts

__all__ = ["API_KEY", "WEBHOOK_SECRET", "Form", "Refusal", "Row", "StripeFake", "sign"]

API_KEY = "sk_test_fake"


class StripeFake(Disputes, Transfers, VirtualAccounts):
    """The state behind the port. Everything happens under one lock."""
