"""Records kept as files beside the databases, made once for each last hash: anybody may fetch one, often."""

import json
import os
import tempfile
import threading
from pathlib import Path
from typing import Any, cast

from flask import current_app
from sqlalchemy.orm import Session

from auctions.keys import own_key
from auctions.models import Auction
from auctions.record.form import VERSION, parse
from auctions.record.verify import verify
from auctions.record.writing import write_record
from auctions.rules import Outcome
from auctions.scenarios.recorded import NeverOpened, NotEnded, never_opened
from marketplace.config import Config

# A record of very many entries takes a minute to check: whoever asks meanwhile waits for the same answer.
_one_at_a_time = threading.Lock()


def kept_record(session: Session, auction: Auction) -> Path:
    """The file with the auction's record, written unless it is there; raises NotEnded."""
    settings: Config = current_app.extensions["settings"]
    if auction.outcome is Outcome.OPEN:
        raise NotEnded
    if never_opened(auction):
        raise NeverOpened
    file = settings.home / "records" / f"{_name(auction)}.json"
    if not file.exists():
        with _one_at_a_time:
            if not file.exists():
                _write(file, write_record(session, auction, settings.marketplace_name))
    return file


def kept_verdict(session: Session, auction: Auction) -> dict[str, Any]:
    """What checking the record says, computed once; raises NotEnded."""
    record = kept_record(session, auction)
    file = record.with_suffix(".checks")
    if not file.exists():
        with _one_at_a_time:
            if not file.exists():
                _write(file, json.dumps(verify(parse(record.read_bytes()))).encode())
    return cast("dict[str, Any]", json.loads(file.read_bytes()))


def _name(auction: Auction) -> str:
    """The journal's end and the key decide what the record says; the form's version how it says it."""
    end = auction.last_hash[:32] or "no-entries"
    return f"{auction.id}-{end}-{own_key().fingerprint[:16]}-{VERSION}"


def _write(file: Path, content: bytes) -> None:
    """All or nothing: a reader never meets half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(descriptor, "wb") as half:
        half.write(content)
    Path(name).rename(file)
