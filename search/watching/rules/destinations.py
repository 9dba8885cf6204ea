"""Where a message may be sent, and its signature: no stranger's address leads into our own network."""

import hashlib
import hmac
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from marketplace.errors import Refused
from search.watching.rules.words import WatchReason

URL_LIMIT = 500
_HTTPS = 443
_UNPRIVILEGED = 1024

# IPv4 addresses written as IPv6 ones: by translators (RFC 6052, RFC 8215), which would pass them on.
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


def checked_url(text: str) -> str:
    """The address of somebody's own system, as it is kept.

    Raises:
        Refused: not https, no name of a host, a password in it, or a port of another service.
    """
    url = text.strip()
    try:
        parts = urlsplit(url)
        port = parts.port or _HTTPS
    except ValueError:
        raise _refused(url) from None
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= URL_LIMIT
    secret = parts.username is not None or parts.password is not None or parts.fragment
    if not plain or parts.scheme != "https" or secret or not _is_name(parts.hostname or ""):
        raise _refused(url)
    if port != _HTTPS and port < _UNPRIVILEGED:
        raise _refused(url)
    return url


def _is_name(host: str) -> bool:
    """Whether this is a name with a dot: a bare address, `localhost` or a name of our own network is not."""
    try:
        ip_address(host)
    except ValueError:
        labels = host.rstrip(".").split(".")
        return len(labels) > 1 and all(labels) and not labels[-1].isdigit()
    return False


def _refused(url: str) -> Refused:
    return Refused(WatchReason.BAD_WEBHOOK, "url", value=url[:60])


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, loopback, link-local or reserved."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    carried = _carried(found) if isinstance(found, IPv6Address) else None
    if carried is not None:
        return is_public(str(carried))
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if any(address in network for network in _TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def signature(secret: str, moment: int, body: bytes) -> str:
    """The header `Luochui-Signature`: the moment, and HMAC-SHA256 over it, a dot and the body."""
    signed = hmac.new(secret.encode(), b"%d." % moment + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={signed}"
