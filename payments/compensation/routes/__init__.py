"""The pages of risk compensation."""

from payments.compensation.routes import claiming, claims, deciding, files, money, pools, recoveries
from payments.compensation.routes.shared import blueprint

__all__ = ["blueprint", "claiming", "claims", "deciding", "files", "money", "pools", "recoveries"]
