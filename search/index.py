"""The index this application was configured with."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from marketplace.config import BadConfiguration, Config
from search.documents import LAYOUT
from search.engines import Engine
from search.engines.whoosh import WhooshEngine


def current() -> Engine:
    """The engine named by SEARCH_URL, one per application. Raises BadConfiguration for an unknown kind."""
    extensions = current_app.extensions
    if "search_engine" not in extensions:
        extensions["search_engine"] = open_engine(extensions["settings"])
    engine: Engine = extensions["search_engine"]
    return engine


def open_engine(settings: Config) -> Engine:
    """`whoosh:///folder`, or `whoosh:` for the folder `index` under the home folder."""
    address = urlsplit(settings.search_url)
    if address.scheme != "whoosh" or address.netloc:
        raise BadConfiguration("SEARCH_URL must be whoosh:///folder or whoosh:")
    return WhooshEngine(Path(address.path) if address.path else settings.home / "index", LAYOUT)
