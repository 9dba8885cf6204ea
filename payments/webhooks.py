"""Where Stripe tells that something has happened. The signature over the raw body is what lets it in."""

import structlog
from flask import request
from werkzeug.wrappers import Response

from marketplace.db import atomic
from marketplace.errors import NotFound
from marketplace.web import csrf, limiter, public
from payments import service
from payments.gateways import BadSignature
from payments.gateways.registry import gateways
from payments.routes.shared import blueprint
from payments.rules import Method

# A notice is a few kilobytes.
BODY_LIMIT = 256 * 1024

log = structlog.get_logger()


@blueprint.post("/webhooks/stripe")
@public
def stripe_notice() -> Response:
    """Keep a signed notice; one about an object that is not known here yet is parked, not lost.

    A notice whose signature does not fit the raw body, from another time, mode or account is answered with
    400, and leaves a line in the log and nothing else.
    """
    gateway = gateways().get(Method.STRIPE)
    if gateway is None:
        raise NotFound("stripe")
    request.max_content_length = BODY_LIMIT
    body = request.get_data(cache=False, parse_form_data=False)
    try:
        notice = gateway.read_notice(body, request.headers.get("Stripe-Signature", ""))
    except BadSignature as bad:
        log.warning("notice_refused", gateway="stripe", reason=str(bad)[:200], size=len(body))
        raise
    with atomic() as session:
        event = service.receive(session, notice)
        status = event.status
    return Response(f"{status}\n", 200, mimetype="text/plain")


# Stripe has no token of ours, and sends as many notices as it must.
csrf.exempt(stripe_notice)
limiter.exempt(stripe_notice)
