"""The worker under a supervisor that starts it again whenever it is killed, as a service manager would."""

import os
import signal
import sys
from types import FrameType

import worker


def main() -> None:
    """Fork the worker, again and again, until SIGTERM."""
    child = 0

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if child:
            os.kill(child, signal.SIGTERM)
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            worker.SECONDS_BETWEEN_TICKS = 0.05
            worker.main()
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
