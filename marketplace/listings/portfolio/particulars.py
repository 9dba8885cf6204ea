"""What a row says about how good its right is: family, claims, citations, use, legal events."""

import re

from marketplace.errors import Refused
from marketplace.listings.portfolio.cells import Cells
from marketplace.listings.portfolio.reading import CellReason
from marketplace.rights.particulars import LegalEvent, Particulars, check_particulars, events_in_order

_EVENTS = {member.value: member for member in LegalEvent} | {
    "质押": LegalEvent.PLEDGED, "质押解除": LegalEvent.PLEDGE_RELEASED, "许可": LegalEvent.LICENSED,
    "独占许可": LegalEvent.EXCLUSIVELY_LICENSED, "查封": LegalEvent.SEIZED, "涉诉": LegalEvent.LITIGATION,
    "诉讼": LegalEvent.LITIGATION, "请求无效": LegalEvent.INVALIDATION_REQUESTED,
    "部分无效": LegalEvent.PARTLY_INVALIDATED, "维持有效": LegalEvent.UPHELD,
    "年费逾期": LegalEvent.FEE_OVERDUE, "终止": LegalEvent.LAPSED, "恢复": LegalEvent.RESTORED,
    "转让": LegalEvent.TRANSFERRED,
}  # fmt: skip


def read_particulars(cells: Cells) -> Particulars:
    """The particulars of a row; every column may be left out or blank."""
    particulars = Particulars(
        family=cells.text("family", 40),
        family_size=cells.whole("family_size"),
        claims=cells.whole("claims"),
        forward_citations=cells.whole("forward_citations"),
        evidence_of_use=cells.flag("evidence_of_use"),
        legal_events=_events(cells),
    )
    try:
        check_particulars(particulars)
    except Refused as refused:
        cells.note(refused.field or "claims", refused)
    return particulars


def _events(cells: Cells) -> tuple[LegalEvent, ...]:
    written = [part for part in re.split(r"[;；|、,，\s]+", cells.text("legal_events", 300)) if part]
    found = []
    for word in written:
        event = _EVENTS.get(word.casefold())
        if event is None:
            cells.refuse("legal_events", CellReason.NOT_A_CHOICE, value=word[:40], choices=", ".join(_EVENTS))
        else:
            found.append(event)
    return events_in_order(found)
