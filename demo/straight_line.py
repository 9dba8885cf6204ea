"""`make demo`: plays the story in a scratch folder and proves the result; ends by itself."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path

from demo.story import Play
from marketplace import clock
from marketplace.clock import FixedClock
from migrations.commands import upgrade_all
from wsgi import create_app

# The story takes some days of its own time and ends before the present.
_BEGINS_AGO = timedelta(days=60)


def main() -> None:
    """Play, then ask every invariant and verify the log."""
    with tempfile.TemporaryDirectory(prefix="luochui-demo-") as folder:
        os.environ.update(LUOCHUI_HOME=folder, SECURE_COOKIES="no")
        for name in ("DATABASE_URL", "TRANSACTIONS_URL", "SEARCH_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        print(f"Luochui 落槌: one real lot from file to valuation, in {Path(folder).name}\n")
        _play()


def _play() -> None:
    app, fixed = create_app(), FixedClock(clock.now() - _BEGINS_AGO)
    with app.app_context(), clock.use(fixed):
        upgrade_all()
        play = Play(app, fixed, lambda text: print(text, flush=True))
        play.run()
        print(f"\nflask check\n{play.command('check')}")
        print(f"flask transactions verify\n{play.command('transactions', 'verify')}")


if __name__ == "__main__":
    main()
