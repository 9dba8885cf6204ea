"""Redis between the processes of one marketplace: carries "this auction changed", nothing else.

Its loss is noticed and logged once, and costs a second of delay; no answer depends on it.
"""

import threading
import time
import uuid
from collections.abc import Callable

import structlog
from redis import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()

_TIMEOUT_SECONDS = 0.5
_RETRY_SECONDS = 3.0


class RedisChannel:
    """The name and address under which changes are published and heard of."""

    def __init__(self, url: str, marketplace_name: str, wake: Callable[[uuid.UUID], None]) -> None:
        self._url = url
        self.name = f"{marketplace_name}:auctions"
        self.wake = wake
        self._quiet_until = 0.0
        self._publisher = self.client()

    def client(self) -> Redis:
        """A client that gives up soon: nothing here is worth waiting for."""
        return Redis.from_url(
            self._url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
        )

    def publish(self, auction_id: uuid.UUID) -> None:
        """Tell the other processes. While Redis is down, one attempt every few seconds keeps bids fast."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            self._publisher.publish(self.name, str(auction_id))
        except RedisError as error:
            self._quiet_until = time.monotonic() + _RETRY_SECONDS
            log.warning("redis_lost", doing="publish", error=str(error))


class Listener:
    """Hears of changes in a thread of its own until it is stopped.

    Attributes:
        alive: whether the listening connection stands.
    """

    def __init__(self, channel: RedisChannel) -> None:
        self._channel = channel
        self._stopping = threading.Event()
        self.alive = False
        threading.Thread(target=self._listen, name="live-redis", daemon=True).start()

    def stop(self) -> None:
        """Stop soon."""
        self._stopping.set()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._hear()
            except RedisError as error:
                log.warning("redis_lost", doing="listen", error=str(error))
            self.alive = False
            self._stopping.wait(_RETRY_SECONDS)

    def _hear(self) -> None:
        with self._channel.client() as client, client.pubsub(ignore_subscribe_messages=True) as subscription:
            subscription.subscribe(self._channel.name)
            self.alive = True
            while not self._stopping.is_set():
                message = subscription.get_message(timeout=_TIMEOUT_SECONDS / 2)
                if message and (auction_id := _read(message["data"])):
                    self._channel.wake(auction_id)


def _read(data: bytes) -> uuid.UUID | None:
    """The auction named in a message; None for anything else that came over the channel."""
    try:
        return uuid.UUID(data.decode())
    except (ValueError, AttributeError):
        return None
