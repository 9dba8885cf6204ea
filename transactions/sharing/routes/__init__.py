"""The pages of sharing: the public register, an institution's own entry, and the operator's desk."""

from transactions.sharing.routes import desk, own, register
from transactions.sharing.routes.shared import blueprint

__all__ = ["blueprint", "desk", "own", "register"]
