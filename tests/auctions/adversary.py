"""Somebody with a full copy of everything: searches it for an amount, and tries to open what is sealed."""

import base64
import os
import re
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from urllib.parse import quote, urlsplit

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import Aead

from auctions.sealing.envelopes import SealedBid, commitment_of

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
_HEX = re.compile(r"\b[0-9a-f]{64}\b")


def spellings(amount: str) -> set[bytes]:
    """How an amount could stand somewhere: in minor units, plain, grouped, and each of them encoded."""
    minor = str(int(Decimal(amount) * 100))
    texts = {amount, minor, f"{Decimal(amount):,}", f"{int(minor):,}", f"{int(minor):x}", f"{int(minor):X}"}
    return set().union(*(_encoded(text.encode()) for text in texts))


def _encoded(text: bytes) -> set[bytes]:
    inside = {base64.b64encode(b"\0" * shift + text)[4 if shift else 0 : -4] for shift in range(3)}
    found = {text, text.hex().encode(), text.decode().encode("utf-16-le"), quote(text).encode(), *inside}
    return {one for one in found if len(one) >= 6}


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file as bytes: databases with their journals, index, mails."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def dump(url: str) -> str:
    """The whole database as SQL text."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            text = "\n".join(connection.iterdump())
        connection.close()
        return text
    parts = urlsplit(url)
    command = ["pg_dump", "--inserts", "--dbname", parts.path.lstrip("/")]
    if parts.hostname:
        command += ["--host", parts.hostname]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ})
    return done.stdout.decode()


class Adversary:
    """Tries every key it has or can make of what it found on everything that is locked."""

    def __init__(self, copy: str, secrets: Iterable[bytes], keys: Iterable[PrivateKey]) -> None:
        self.copy, self.keys = copy, list(keys)
        self.blobs = {blob for token in _BASE64.findall(copy) if (blob := _decoded(token))}
        self.texts = {*_HEX.findall(copy), "0" * 64, "", *(secret.hex() for secret in secrets)}
        self.bare = {*secrets, *(bytes.fromhex(text) for text in _HEX.findall(copy))}
        self.bare |= {blob for blob in self.blobs if len(blob) == 32} | set(self._unlocked())

    def _unlocked(self) -> Iterator[bytes]:
        for key in self.keys:
            box = SealedBox(key)
            for blob in self.blobs:
                if len(blob) == 80:
                    try:
                        yield box.decrypt(blob)
                    except CryptoError:
                        continue

    def opened(self) -> set[bytes]:
        """The contents of all envelopes that any key, share, secret or sum of two of them opens."""
        bare = [one for one in self.bare if len(one) == 32]
        keys = {*bare, *(bytes(a ^ b for a, b in zip(*pair, strict=True)) for pair in combinations(bare, 2))}
        locked = [blob for blob in self.blobs if len(blob) > 500]
        return {content for blob in locked for key in keys for content in self._try(blob, key)}

    def _try(self, blob: bytes, key: bytes) -> Iterator[bytes]:
        for commitment in self.commitments():
            try:
                yield Aead(key).decrypt(blob, aad=f"luochui sealed bid 1 {commitment}".encode())
            except CryptoError:
                continue

    def commitments(self) -> set[str]:
        return getattr(self, "_commitments", set())

    def knows(self, commitments: Iterable[str]) -> "Adversary":
        self._commitments = set(commitments)
        return self

    def guessed(self, auction: str, bidder: str, amount: str) -> bool:
        """Whether a commitment to the very amount can be told from others with anything found as its salt."""
        tried = {commitment_of(SealedBid(auction, bidder, amount, salt)) for salt in self.texts}
        return bool(tried & self.commitments())


def _decoded(token: str) -> bytes | None:
    try:
        return base64.b64decode(token.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        return None
