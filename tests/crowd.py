"""Several acts at the same moment, each in a thread and an application context of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask

from marketplace.db import db

# A crowd that blocks itself is a finding of its test, not a run that never ends.
LONGEST_SECONDS = 120


def at_once(app: Flask, acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each act returned or raised, in the order of the acts."""
    start, outcomes = threading.Barrier(len(acts)), list[Any]([None] * len(acts))

    def run(number: int, act: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait()
            try:
                outcomes[number] = act()
            except BaseException as error:  # noqa: BLE001 - handed to the test
                outcomes[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return outcomes


def raised_at_once(app: Flask, acts: Sequence[Callable[[], Any]]) -> list[BaseException]:
    """What the acts raised; nothing where all of them went well."""
    return [outcome for outcome in at_once(app, acts) if isinstance(outcome, BaseException)]
