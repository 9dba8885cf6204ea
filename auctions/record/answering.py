"""A record as the answer to a request, for the pages and the JSON alike."""

from collections.abc import Iterator
from pathlib import Path

from flask import Response, request

from auctions.asking import reading
from auctions.models import Auction
from auctions.record.store import kept_record
from auctions.refusals import RecordReason
from auctions.rules import Outcome
from auctions.scenarios.recorded import never_opened
from marketplace.errors import Refused

DOWNLOADS_PER_MINUTE = "30/minute"
_PIECE = 64 * 1024


def send_record(auction: Auction) -> Response:
    """The record, streamed from the file that is kept; refused while the auction is open."""
    if auction.outcome is Outcome.OPEN or never_opened(auction):
        raise Refused(RecordReason.NOT_ENDED)
    file = kept_record(reading(), auction)
    answer = Response(_pieces(file), mimetype="application/json")
    answer.content_length = file.stat().st_size
    answer.headers["Content-Disposition"] = f'attachment; filename="luochui-auction-{auction.id}.json"'
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(file.stem)
    answer.make_conditional(request)
    return answer


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as record:
        while piece := record.read(_PIECE):
            yield piece
