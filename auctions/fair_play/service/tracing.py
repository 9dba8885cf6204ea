"""Marks that sign-ins leave, hashed under a key of this marketplace and kept for a limited time."""

import hashlib
import hmac
import ipaddress
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from auctions.fair_play.models import SignInTrace
from auctions.fair_play.signals.records import TraceKind
from marketplace import clock
from marketplace.config import Config
from marketplace.parties.models import SignIn

# Long enough to see a pattern over several auctions, short enough to keep no history of people.
KEPT = timedelta(days=180)
AT_ONCE = 200


def trace_due(session: Session) -> bool:
    """Hash the marks of sign-ins that passed both factors and are not traced yet; False when none was."""
    statement = (
        select(SignIn)
        .outerjoin(SignInTrace, SignInTrace.sign_in_id == SignIn.id)
        .where(
            SignIn.second_factor_at.is_not(None),
            SignIn.signed_in_at > clock.now() - KEPT,
            SignInTrace.id.is_(None),
        )
        .order_by(SignIn.signed_in_at)
        .limit(AT_ONCE)
        .with_for_update(of=SignIn, skip_locked=True)
    )
    found = session.scalars(statement).all()
    session.add_all([_trace(sign_in) for sign_in in found])
    session.flush()
    return bool(found)


def _trace(sign_in: SignIn) -> SignInTrace:
    prefix = network_of(sign_in.address)
    program = sign_in.user_agent
    return SignInTrace(
        sign_in_id=sign_in.id,
        institution_id=sign_in.person.institution_id,
        device=keyed_hash(TraceKind.DEVICE, sign_in.device) if sign_in.device else "",
        browser=keyed_hash(TraceKind.BROWSER, f"{prefix} {program}") if prefix and program else "",
        address=keyed_hash(TraceKind.ADDRESS, prefix) if prefix else "",
        at=sign_in.signed_in_at,
    )


def network_of(address: str) -> str:
    """The network an address lies in: 24 bits of IPv4, 48 of IPv6; empty for none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.is_loopback:
        return ""
    return str(ipaddress.ip_network(f"{parsed}/{24 if parsed.version == 4 else 48}", strict=False))


def keyed_hash(kind: TraceKind, text: str) -> str:
    """HMAC-SHA256 under a key of ours: a plain hash of an address is found by trying all."""
    settings: Config = current_app.extensions["settings"]
    key = hashlib.sha256(b"fair-play-traces:" + settings.field_key.encode()).digest()
    return hmac.new(key, f"{kind}:{text}".encode(), "sha256").hexdigest()


def forget_due(session: Session) -> bool:
    """Remove traces that have been kept long enough; False when there were none."""
    old = select(SignInTrace.id).where(SignInTrace.at <= clock.now() - KEPT).limit(AT_ONCE)
    removed = session.execute(
        delete(SignInTrace).where(SignInTrace.id.in_(old)).returning(SignInTrace.id)
    ).all()
    return bool(removed)
