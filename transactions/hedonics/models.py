"""Fitted price models, kept forever: a valuation names the version it was made with."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import TRANSACTIONS_BIND, AppendOnly, Model, currency_code


class FittedModel(AppendOnly, Model):
    """One fit.

    Attributes:
        version: the digest of `document`, and so the same for the same records.
        number: 1, 2, 3 … in the order of the fits.
        data_digest: of the observations it was fitted to.
        method: the version of the method, `hedonics.method.METHOD`.
        family: of the rights, a word of `AssetFamily`: a model is fitted to rights of one family.
        priced, unsold: how many lots with a price, and with none, it was fitted to.
        cut_off: the date of the latest of them. tree_size: leaves of the price log when it was fitted.
        document: the model as `HedonicModel.to_json` writes it.
    """

    __tablename__ = "hedonic_models"
    __bind_key__ = TRANSACTIONS_BIND

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    data_digest: Mapped[str] = mapped_column(String(64))
    family: Mapped[str] = mapped_column(String(32), default="patent", index=True)
    method: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str] = currency_code()
    priced: Mapped[int]
    unsold: Mapped[int]
    cut_off: Mapped[date]
    tree_size: Mapped[int] = mapped_column(BigInteger)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    fitted_at: Mapped[datetime]
