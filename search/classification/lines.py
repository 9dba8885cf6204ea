"""Many short lines in little memory: the text as it was read, and where each line ends."""

import gzip
from collections.abc import Iterable
from functools import cached_property
from importlib.resources import files

import numpy as np
import numpy.typing as npt

_NEWLINE = 10

Rows = npt.NDArray[np.int32]


class Lines:
    """Lines of UTF-8 by their number, from 0; nothing is decoded before it is asked for.

    Attributes:
        data: the text; its last line ends with a newline too.
        ends: where the newline of each line stands.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.ends: Rows = np.flatnonzero(np.frombuffer(data, np.uint8) == _NEWLINE).astype(np.int32)

    def __len__(self) -> int:
        return int(self.ends.size)

    def start(self, row: int) -> int:
        """Where a line begins."""
        return int(self.ends[row - 1]) + 1 if row else 0

    def __getitem__(self, row: int) -> str:
        return self.data[self.start(row) : self.ends[row]].decode()

    @cached_property
    def starts(self) -> Rows:
        """Where each line begins."""
        return np.concatenate((np.zeros(1, np.int32), self.ends[:-1] + 1))

    @cached_property
    def folded(self) -> bytes:
        """The text with small letters only, for looking words up; as long as `data`."""
        return self.data.lower()

    def rows_of(self, places: Iterable[int]) -> Rows:
        """The numbers of the lines in which these places lie, each once, in order."""
        return np.unique(np.searchsorted(self.ends, np.fromiter(places, np.int64))).astype(np.int32)


def read(name: str) -> Lines:
    """The lines of a compressed file that comes with this package."""
    return Lines(gzip.decompress((files(__package__) / "data" / name).read_bytes()))
