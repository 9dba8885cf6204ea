"""The door for requests: `create_app()` knows every package, and no package knows it."""

import gc
import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix

from marketplace import config, db, error_pages, headers, health, language, limits, logs, own_secrets, web
from marketplace.config import Config
from migrations.commands import upgrade_all

# In the order in which a deal lives; a package's drawers are named alike, so none needs a line of its own.
PACKAGES = (
    "marketplace.home",
    "marketplace.parties",
    "marketplace.notices",
    "marketplace.rights",
    "marketplace.listings",
    "marketplace.listings.fees",
    "marketplace.deals",
    "auctions",
    "auctions.fair_play",
    "auctions.procedure",
    "auctions.runner_up",
    "payments",
    "payments.defaults",
    "payments.leaving",
    "payments.rates",
    "payments.risk_sharing",
    "payments.cards",
    "payments.disputes",
    "payments.connect",
    "payments.bank",
    "payments.bookkeeping",
    "payments.reconciliation",
    "payments.guarantees",
    "payments.spending",
    "payments.taxes",
    "payments.documents",
    "payments.funds",
    "payments.compensation",
    "payments.subsidies",
    "transactions",
    "transactions.hedonics",
    "transactions.backtest",
    "transactions.sharing",
    "transactions.correcting",
    "transactions.market",
    "transactions.log",
    "transactions.disclosure",
    "transactions.contest",
    "transactions.valuations",
    "search",
    "search.classification",
    "search.language",
    "search.watching",
    "migrations",
)


def create_app(settings: Config | None = None) -> Flask:
    """The whole application. Without settings they are read from the environment.

    Raises:
        BadConfiguration: when a variable is missing or malformed.
    """
    if settings is None:
        settings = config.from_environment(own_secrets.completed(os.environ))
        app = create_app(settings)
        _make_embedded_databases(app, settings)
        _settle_in()
        return app
    settings.home.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__, static_folder="static", template_folder="marketplace/templates")
    app.config.update(_flask_settings(settings))
    app.extensions["settings"] = settings
    db.db.init_app(app)
    web.csrf.init_app(app)
    web.limiter.init_app(app)
    logs.install(app)
    headers.install(app, secure=settings.secure_cookies)
    language.install(app)
    error_pages.install(app)
    sign_in = _drawer("marketplace.parties", "sign_in")
    sign_in.install(app)
    web.install(app, sign_in.visitor, sign_in.visitor_anew)
    _install_packages(app)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.trusted_proxies, settings.trusted_proxies)  # type: ignore[method-assign]
    return app


def _settle_in() -> None:
    """Do before the first request what would hold it up.

    What stays for good is kept out of every full collection of garbage, each of which would otherwise look
    at it again and stop everybody for a tenth of a second.
    """
    configure_mappers()
    gc.collect()
    gc.freeze()


def _make_embedded_databases(app: Flask, settings: Config) -> None:
    """On one machine the first start makes the databases; elsewhere `flask database upgrade` does."""
    file = settings.home / "marketplace.sqlite"
    if settings.database_url == f"sqlite:///{file}" and not file.exists():
        with app.app_context():
            upgrade_all()


def _flask_settings(settings: Config) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": db.engine_options(settings.database_url),
        "SQLALCHEMY_BINDS": {
            db.TRANSACTIONS_BIND: {
                "url": settings.transactions_url,
                **db.engine_options(settings.transactions_url),
            }
        },
        "SESSION_COOKIE_NAME": "__Host-luochui" if settings.secure_cookies else "luochui",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "RATELIMIT_STORAGE_URI": settings.redis_url or f"{limits.SCHEME}://",
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": bool(settings.redis_url),
    }


def _install_packages(app: Flask) -> None:
    """Plug in each package by its drawers: pages, JSON, commands and the words for its refusals."""
    app.register_blueprint(health.blueprint)
    for package in PACKAGES:
        for drawer in ("routes", "api"):
            if module := _drawer(package, drawer):
                app.register_blueprint(module.blueprint)
        if module := _drawer(package, "commands"):
            app.cli.add_command(module.group)
        if module := _drawer(package, "texts"):
            web.register_texts(app, module.REFUSALS)
    app.cli.add_command(_check)


@click.command("check")
@with_appcontext
def _check() -> None:
    """Ask every invariant; print what breaks one and exit 1, or exit 0."""
    broken = 0
    for package in PACKAGES:
        for name, question in getattr(_drawer(package, "invariants"), "CHECKS", ()):
            problems = question(db.db.session())
            click.echo(f"{'broken' if problems else 'holds '}  {package}: {name}")
            for problem in problems[:100]:
                click.echo(f"        {problem}")
            broken += len(problems)
    raise SystemExit(1 if broken else 0)


def _drawer(package: str, drawer: str) -> Any:
    name = f"{package}.{drawer}"
    return import_module(name) if find_spec(name) else None
