"""Stripe: the only folder that speaks to it.

`calling` makes the calls, `parameters` says what each may carry, `objects` reads what comes back; each of the
other files holds the calls of one matter.
"""

from collections.abc import Iterable

from payments.gateways.stripe.calling import Calling
from payments.gateways.stripe.cards import Cards
from payments.gateways.stripe.disputes import Disputes
from payments.gateways.stripe.holds import Holds
from payments.gateways.stripe.notices import Notices
from payments.gateways.stripe.transfers import Transfers

# Keys of the live mode, secret or restricted.
_LIVE = ("sk_live_", "rk_live_")


class StripeGateway(Holds, Cards, Notices, Disputes, Transfers):
    """Stripe's v1 API.

    Args:
        api_key: the secret key.
        webhook_secrets: sign the notices; several while one is being replaced by another.
        account: our own account's id; notices for any other are refused.
        api_base: another address of the API, for a test double; empty for Stripe's own.
        payment_method: hold, charge and save this payment method directly instead of sending the payer to
            Stripe's page.

    Attributes:
        calling: the connection; the files beside this one make their calls through it.
    """

    def __init__(
        self,
        api_key: str,
        webhook_secrets: str | Iterable[str],
        *,
        account: str = "",
        api_base: str = "",
        payment_method: str = "",
    ) -> None:
        secrets = (webhook_secrets,) if isinstance(webhook_secrets, str) else tuple(webhook_secrets)
        calling = Calling(api_key, api_base=api_base)
        Holds.__init__(self, calling, payment_method)
        Cards.__init__(self, calling, payment_method)
        Disputes.__init__(self, calling)
        Transfers.__init__(self, calling)
        Notices.__init__(self, calling, secrets, live=api_key.startswith(_LIVE), account=account)
