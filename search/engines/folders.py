"""Blue and green: each build of an index has its own folder, and a small file names the one that is current.

The file is replaced in one step after the new folder is whole and on the disk, so a crash at any moment
leaves the old index or the new one. One process at a time may write; the kernel frees the lock of a dead one.
"""

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.engines import Busy, Unavailable

# Folders that are kept beside the current one, for readers that still have files of it to open.
KEPT = 1


class Folders:
    """The folders of one index under `root`.

    Attributes:
        layout: changes when documents or tokens change; an index of another layout counts as none.
    """

    def __init__(self, root: Path, layout: str) -> None:
        self.root = root
        self.layout = layout

    def current(self) -> Path:
        """The folder that answers now; raises Unavailable when there is none of this layout."""
        try:
            name = (self.root / "current").read_text(encoding="ascii").strip()
        except OSError:
            raise Unavailable(f"no index under {self.root}") from None
        folder = self.root / name
        if not name.startswith(f"{self.layout}-") or folder.parent != self.root or not folder.is_dir():
            raise Unavailable(f"the index under {self.root} is of another version")
        return folder

    @contextmanager
    def fresh(self) -> Iterator[Path]:
        """A new empty folder, removed again when the block fails.

        Only this user may enter it: index files are pickles, and who can exchange one can run code.
        """
        folder = self.root / f"{self.layout}-{uuid.uuid4().hex}"
        folder.mkdir(mode=0o700)
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def switch(self, folder: Path) -> None:
        """Make `folder` the current one and remove what no reader needs any more."""
        for path in [*folder.iterdir(), folder]:
            _to_disk(path)
        pointer = self.root / "current.new"
        pointer.write_text(folder.name, encoding="ascii")
        _to_disk(pointer)
        pointer.replace(self.root / "current")
        _to_disk(self.root)
        self._remove_old(folder)

    def _remove_old(self, current: Path) -> None:
        others = [path for path in self.root.iterdir() if path.is_dir() and path != current]
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for folder in others[KEPT:]:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the writer's lock; raises Busy at once when another process or thread has it."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(str(self.root)) from None
            yield
        finally:
            os.close(descriptor)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
