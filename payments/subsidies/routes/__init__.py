"""The pages of subsidies."""

from payments.subsidies.routes import applications, deciding, money, programmes
from payments.subsidies.routes.shared import blueprint

__all__ = ["applications", "blueprint", "deciding", "money", "programmes"]
