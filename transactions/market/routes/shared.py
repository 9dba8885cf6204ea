"""The blueprint of the market's pages."""

from flask import Blueprint

blueprint = Blueprint("market", __name__, template_folder="../templates")
