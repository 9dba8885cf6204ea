"""The planted fault: a server that answers before it commits. Only the kill tests start it."""

import threading
import time
import uuid
from collections.abc import Callable, Sequence

from flask import Flask, current_app

from auctions import line, service
from auctions.service import Act, Answer
from marketplace.db import atomic
from wsgi import create_app

COMMIT_DELAY_SECONDS = 0.1


def create() -> Flask:
    """The application, its receipts sent while the transaction still waits to commit."""
    line._decide = _decide_early
    return create_app()


def _decide_early(auction_id: uuid.UUID, take: Callable[[], list[Act]]) -> Sequence[Answer | BaseException]:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    decided, answers = threading.Event(), []

    def decide() -> None:
        with app.app_context(), atomic() as session:
            answers.extend(service.place_together(session, auction_id, take))
            decided.set()
            time.sleep(COMMIT_DELAY_SECONDS)

    threading.Thread(target=decide).start()
    decided.wait()
    return answers
