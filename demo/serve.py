"""`make run`: migrate, load the demo where nothing is yet, start web and worker, print the log-ins."""

import os
import signal
import subprocess
import sys
import time

from demo import cast, loading
from migrations.commands import upgrade_all
from wsgi import create_app

PORT = os.environ.get("PORT", "8000")

# One process; open live pages hold none of its threads.
_WORKER = ["--worker-class", "marketplace.serving.Worker"]
_WEB = ["-m", "gunicorn", "wsgi:create_app()", "--bind", f"127.0.0.1:{PORT}", *_WORKER]
_THREADS = ["--workers", "1", "--threads", "64", "--timeout", "60", "--no-control-socket"]


def main() -> int:
    """Run until interrupted; returns the exit code of whichever part stopped first."""
    os.environ.setdefault("SECURE_COOKIES", "no")  # plain HTTP on this machine
    os.environ.setdefault("BANK_ACCOUNT", cast.BANK_ACCOUNT)
    app = create_app()
    with app.app_context():
        upgrade_all()
        loading.load_once()
    parts = [
        subprocess.Popen([sys.executable, *arguments]) for arguments in ([*_WEB, *_THREADS], ["worker.py"])
    ]
    _greet()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while all(part.poll() is None for part in parts):
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(parts)
    return next((part.returncode for part in parts if part.returncode), 1)


def _stop(parts: list[subprocess.Popen[bytes]]) -> None:
    for part in parts:
        part.terminate()
    for part in parts:
        part.wait(timeout=30)


def _greet() -> None:
    print(f"\nLuochui 落槌 is at http://127.0.0.1:{PORT}\n")
    print(f"{'who':<28}{'of':<24}{'e-mail'}")
    for house in cast.CAST:
        for member in house.members:
            print(f"{member.name:<28}{house.name:<24}{member.email}")
    print(f"\npassword: {cast.PASSWORD}")
    print(f"second factor: put the seed {cast.SECOND_FACTOR} into an authenticator, or ask for a code with")
    print("    .venv/bin/python -m demo.code\n", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
