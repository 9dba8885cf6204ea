"""The address by which somebody stops mails without signing in: signed, so that nobody stops another's."""

import uuid

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from marketplace.errors import NotFound


def unsubscribe_url(person_id: uuid.UUID) -> str:
    """Where one click stops mails about searches and watched lots; good for as long as the secret key."""
    site = str(current_app.extensions["settings"].public_url)
    return f"{site}/watching/stop/{_serializer().dumps(person_id.hex)}"


def person_of(token: str) -> uuid.UUID:
    """Whose mails the token stops. Raises NotFound for one that we have not signed."""
    try:
        return uuid.UUID(_serializer().loads(token))
    except (BadSignature, ValueError, TypeError, AttributeError):
        raise NotFound("token") from None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.extensions["settings"].secret_key, salt="watching-stop-mails")
