"""What is written to people and to their systems: mails in the reader's language, JSON for webhooks."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext, ngettext
from sqlalchemy.orm import Session

from marketplace import outbox
from marketplace.clock import moment_text
from marketplace.language import moment, money
from marketplace.listings.models import Lot
from marketplace.money import decimal_text
from marketplace.parties.models import Person
from search.texts import STATUSES
from search.watching.models import SavedSearch
from search.watching.rules.words import LOTS_A_MESSAGE
from search.watching.tokens import unsubscribe_url


@dataclass(frozen=True, slots=True)
class Find:
    """What a saved search found, each lot once, the latest first."""

    search: SavedSearch
    lots: Sequence[Lot]

    @property
    def path(self) -> str:
        """Of the page where all of it stands."""
        if self.search.wanted_id is not None:
            return f"/wanted/{self.search.wanted_id}"
        return f"/watching/searches/{self.search.id}"


@dataclass(frozen=True, slots=True)
class News:
    """One sentence about a watched lot, in the reader's language, and where more stands."""

    sentence: str
    path: str
    due_at: datetime | None


def site() -> str:
    """Where people reach this marketplace."""
    return str(current_app.extensions["settings"].public_url)


def mail_finds(session: Session, person: Person, finds: Sequence[Find]) -> None:
    """One mail with all that was found; at most `LOTS_A_MESSAGE` lots are named, the others counted."""
    total, left, parts = sum(len(find.lots) for find in finds), LOTS_A_MESSAGE, []
    with force_locale(person.language):
        for find in finds:
            named = find.lots[:left]
            left -= len(named)
            parts.append(_section(find, named))
        subject = ngettext("%(num)s lot for you", "%(num)s lots for you", total)
        if len(finds) == 1:
            subject = f"{finds[0].search.name}: {subject}"
        _queue(session, person, subject, "\n\n".join(parts))


def _section(find: Find, named: Sequence[Lot]) -> str:
    lines = [f"{find.search.name} – {site()}{find.path}"]
    for lot in named:
        price = gettext("start price %(price)s", price=money(lot.start_price_minor, lot.currency))
        lines.append(f"\n{lot.title}\n{STATUSES[lot.status]} · {price}\n{site()}/lots/{lot.id}")
    more = len(find.lots) - len(named)
    if more:
        lines.append("\n" + ngettext("and %(num)s more lot", "and %(num)s more lots", more))
    return "\n".join(lines)


def mail_news(session: Session, person: Person, news: Sequence[News]) -> None:
    """One mail with all that happened to watched lots."""
    with force_locale(person.language):
        parts = [f"{line.sentence}\n{_date(line.due_at)}{site()}{line.path}" for line in news]
        subject = news[0].sentence if len(news) == 1 else gettext("News of lots on your watch list")
        _queue(session, person, subject, "\n\n".join(parts))


def _date(due_at: datetime | None) -> str:
    return f"{moment(due_at)}\n" if due_at else ""


def _queue(session: Session, person: Person, subject: str, body: str) -> None:
    stop = unsubscribe_url(person.id)
    greeting = gettext("Dear %(name)s,", name=person.name)
    ending = gettext("What you are told about: %(address)s", address=f"{site()}/watching")
    stopping = gettext("No more of these mails: %(address)s", address=stop)
    text = f"{greeting}\n\n{body}\n\n--\n{ending}\n{stopping}\n\n落槌 Luochui\n"
    outbox.queue(session, person.email, subject, text, unsubscribe_url=stop)


def webhook_body(delivery_id: uuid.UUID, find: Find, now: datetime) -> str:
    """What a webhook is sent; it names public facts only."""
    lots = [lot_as_json(lot) for lot in find.lots[:LOTS_A_MESSAGE]]
    message = {
        "id": str(delivery_id),
        "event": "search_matched",
        "at": moment_text(now),
        "search": {"id": str(find.search.id), "name": find.search.name, "url": site() + find.path},
        "total": len(find.lots),
        "lots": lots,
    }
    return json.dumps(message, ensure_ascii=False, sort_keys=True)


def lot_as_json(lot: Lot) -> dict[str, Any]:
    """A lot that anybody may see, for programs."""
    price = None if lot.start_price_minor is None else decimal_text(lot.start_price_minor, lot.currency)
    return {
        "id": str(lot.id),
        "reference": lot.reference,
        "title": lot.title,
        "status": str(lot.status),
        "currency": lot.currency,
        "start_price": price,
        "opens_at": moment_text(lot.opens_at) if lot.opens_at else None,
        "closes_at": moment_text(lot.closes_at) if lot.closes_at else None,
        "url": f"{site()}/lots/{lot.id}",
    }
