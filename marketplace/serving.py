"""The web server's worker: gunicorn's threads, each request numbered in the order in which it came."""

from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from marketplace import arrivals


class Worker(ThreadWorker):  # type: ignore[misc]
    """Until a thread takes a request up all stand in one queue; after it threads overtake one another.

    It is over when its answer has been written: whoever is answered first may send again first.
    """

    def handle(self, conn: TConn) -> Any:
        """Answer one request of the connection; the answer says what becomes of it."""
        if not (conn.initialized or conn.data_ready):
            return super().handle(conn)  # perhaps nothing was sent yet: it is numbered once it has been read
        arrivals.come()
        try:
            return super().handle(conn)
        finally:
            arrivals.gone()
