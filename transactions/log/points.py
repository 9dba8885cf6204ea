"""Checking the checkpoints during the walk: their roots, signatures, countersignatures and time stamps."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.x509 import Certificate
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from transactions.log import signing, stamps
from transactions.log.models import CheckpointSignature, CheckpointStamp
from transactions.log.notes import note_text
from transactions.log.reading import in_parts
from transactions.log.tree import Frontier
from transactions.log.walking import Problems
from transactions.models import Checkpoint
from transactions.sharing.rules.contributors import Key

# The keys of the register of contributors, by the name that signs.
Registered = Mapping[str, Sequence[Key]]


@dataclass(frozen=True, slots=True)
class Signer:
    """A marketplace's name and its public key in base64."""

    name: str
    key: str


class Points:
    """Holds the checkpoints beside the frontier as the walk passes them; each is read and checked once."""

    def __init__(
        self,
        session: Session,
        problems: Problems,
        own: Signer,
        roots: Sequence[Certificate],
        registered: Registered,
    ) -> None:
        self._session, self._problems, self._own, self._roots = session, problems, own, roots
        self._keys, self._names = {own.name: own.key}, {own.key: own.name}
        self._registered = registered
        self._noted = False
        self.checked = self.signatures = self.stamps = self.unchecked_stamps = 0
        self._remaining = self._points()
        self._next = next(self._remaining, None)
        self._covered = 0

    def _points(self) -> Iterator[tuple[int, str]]:
        """Size and root of each checkpoint in order, after its signatures were checked."""
        for part in in_parts(self._session, Checkpoint, Checkpoint.tree_size):
            sizes = [size for size, _ in part]
            signatures = self._beside(CheckpointSignature, sizes)
            stamped = self._beside(CheckpointStamp, sizes)
            for size, point in part:
                self.checked += 1
                if point is None:
                    self._problems.add("checkpoint", f"checkpoint {size}: cannot be read")
                    yield size, ""
                    continue
                self._check(point)
                self._check_note(point, signatures[size])
                self._check_stamps(point, stamped[size])
                yield size, point.root

    def _beside(self, table: Any, sizes: list[int]) -> dict[int, list[Any]]:
        query = select(table).where(table.tree_size.between(sizes[0], sizes[-1])).order_by(table.tree_size)
        query = query.execution_options(populate_existing=True)
        found: dict[int, list[Any]] = defaultdict(list)
        try:
            for row in self._session.scalars(query):
                found[row.tree_size].append(row)
        except (ValueError, TypeError):
            self._problems.add(
                "beside", f"{table.__tablename__}: a row about {sizes[0]} to {sizes[-1]} cannot be read"
            )
        return found

    def _check(self, point: Checkpoint) -> None:
        name = f"checkpoint {point.tree_size}"
        message = signing.statement(point.tree_size, point.root, point.at, point.signer)
        if not signing.is_signed(point.public_key, point.signature, message):
            self._problems.add("signature", f"{name}: the signature of {point.signer} does not fit")
        self._check_key(name, point.signer, point.public_key, point.at)

    def _check_key(self, name: str, signer: str, key: str, at: datetime) -> None:
        """A signer's registered key, else one key for each signer; and one signer for each key."""
        fault = self._fault_of_key(signer, key, at)
        if not fault and self._names.setdefault(key, signer) != signer:
            fault = f"{signer} signed with the key of {self._names[key]}"
        if fault:
            self._problems.add("key", f"{name}: {fault}")

    def _fault_of_key(self, signer: str, key: str, at: datetime) -> str:
        mine = signer == self._own.name
        if mine and key == self._own.key:
            return ""
        if signer in self._registered:
            good = any(one.public_key == key and not one.ended_at(at) for one in self._registered[signer])
            return "" if good else f"{signer} signed with a key that the register does not have, or no longer"
        if self._keys.setdefault(signer, key) == key:
            return ""
        return "signed for this marketplace with another key" if mine else f"{signer} signed with another key"

    def _check_note(self, point: Checkpoint, signatures: list[CheckpointSignature]) -> None:
        name = f"checkpoint {point.tree_size}"
        try:
            text = note_text(point.tree_size, point.root)
        except ValueError:
            text = b""
        for one in signatures:
            self.signatures += 1
            if not signing.is_signed(one.public_key, one.signature, text):
                self._problems.add("signature", f"{name}: the note's signature of {one.signer} does not fit")
            self._check_key(name, one.signer, one.public_key, one.signed_at)
        signed = any(one.signer == point.signer for one in signatures)
        # Checkpoints from before there were notes have none; once there is one, each that follows has one.
        if (self._noted or signatures) and not signed:
            self._problems.add("note", f"{name}: the note is not signed by {point.signer}")
        self._noted = self._noted or signed

    def _check_stamps(self, point: Checkpoint, stamped: list[CheckpointStamp]) -> None:
        for stamp in stamped:
            self.stamps += 1
            fault = stamps.fault_of(stamp, point, self._roots)
            if fault:
                self._problems.add(
                    "stamp", f"checkpoint {point.tree_size}: the time stamp of {stamp.authority} {fault}"
                )
            self.unchecked_stamps += not self._roots

    def reached(self, frontier: Frontier) -> None:
        """The walk has come so far: compare the checkpoints of this size."""
        while self._next and self._next[0] <= frontier.size:
            size, root = self._next
            if size != frontier.size or frontier.root().hex() != root:
                self._problems.add("root", f"checkpoint {size}: the records give another root")
            self._covered = size
            self._next = next(self._remaining, None)

    def finish(self, size: int) -> None:
        """After the last leaf: no checkpoint may promise more, and no record may stand in none."""
        while self._next:
            self._problems.add("root", f"checkpoint {self._next[0]}: the log has only {size} records")
            self._covered = self._next[0]
            self._next = next(self._remaining, None)
        self._finish_beside(CheckpointSignature, self.signatures)
        self._finish_beside(CheckpointStamp, self.stamps)
        if self._covered < size:
            self._problems.add("covered", f"{size - self._covered} records stand in no signed checkpoint")

    def _finish_beside(self, table: type[CheckpointSignature | CheckpointStamp], belonging: int) -> None:
        count = self._session.scalar(select(func.count()).select_from(table)) or 0
        if count != belonging:
            name = table.__tablename__
            self._problems.add("beside", f"{name}: {count - belonging} rows belong to no checkpoint")
