"""Whether the files of an index are as they were written.

Tantivy writes a checksum behind every file and looks at it only when asked, which Python cannot do; yet a
changed byte may lead it to ask for more memory than there is, which ends the process. So every file is read
once by each process before it is used; later commits add small ones.
"""

import json
import struct
import zlib
from pathlib import Path
from typing import Any

_CHUNK = 1 << 20

# Behind the content: a note in JSON, its length, and a number that stands in every file.
_TAIL = struct.Struct("<II")
_NOTE_LIMIT = 50_000


class Damaged(ValueError):
    """A file is not what was written."""


def generation(folder: Path) -> str:
    """The name of the state that the folder holds."""
    return f"{folder.name}.{_written(folder)['opstamp']}"


def check(folder: Path, known: set[str]) -> None:
    """Read the files of the state in the folder that are not `known`, and make known its files and no others.

    Raises Damaged, or OSError when a file is gone.
    """
    present: set[str] = set()
    for segment in _written(folder)["segments"]:
        name = segment["segment_id"].replace("-", "")
        deletes = segment["deletes"]
        newest = f"{name}.{deletes['opstamp']}.del" if deletes else ""
        for path in folder.glob(f"{name}.*"):
            if path.suffix == ".del" and path.name != newest:
                continue
            if path.name not in known:
                _check(path)
            present.add(path.name)
    known.clear()
    known.update(present)


def _written(folder: Path) -> dict[str, Any]:
    """What tantivy has written of the state: its number, its segments and the deletions in each."""
    written: dict[str, Any] = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    return written


def _check(path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL.size))
        tail = file.read()
        if len(tail) < _TAIL.size or (length := _TAIL.unpack(tail)[0]) > min(size - _TAIL.size, _NOTE_LIMIT):
            raise Damaged(path.name)
        content = size - _TAIL.size - length
        file.seek(content)
        note = file.read(length)
        file.seek(0)
        found = 0
        for start in range(0, content, _CHUNK):
            found = zlib.crc32(file.read(min(_CHUNK, content - start)), found)
    if json.loads(note).get("crc") != found:
        raise Damaged(path.name)
