"""The pages of parties: signing in, the own account, an institution's people, the operator's queue."""

from marketplace.parties.routes import account, group, operator, people, registration, sign_in
from marketplace.parties.routes.shared import blueprint

__all__ = ["account", "blueprint", "group", "operator", "people", "registration", "sign_in"]
