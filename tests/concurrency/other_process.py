"""The other process of `test_line`: reads its task, says "ready", bids with fifty threads, reports."""

import json
import sys
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from concurrency.test_line import crowd
from conftest import settings_for

from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import FixedClock
from wsgi import create_app


@dataclass(frozen=True)
class Given:
    """The databases of the test that started this process."""

    marketplace_url: str
    transactions_url: str


def main() -> None:
    task = json.load(sys.stdin)
    app = create_app(settings_for(Path(task["home"]) / "other", Given(*task["databases"])))
    actors = [
        Actor(uuid.uuid4(), uuid.UUID(given), InstitutionKind.BUYER, frozenset(Role), verified=True)
        for given in task["institutions"]
    ]
    print("ready", flush=True)  # noqa: T201 - how the two speak
    with clock.use(FixedClock(datetime(2026, 3, 2, 3, 0, tzinfo=UTC))):
        outcomes = crowd(app, uuid.UUID(task["auction"]), actors)
    json.dump([receipt for outcome in outcomes for receipt in outcome], sys.stdout)


if __name__ == "__main__":
    main()
