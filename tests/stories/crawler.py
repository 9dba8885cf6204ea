"""Opens every address that can be read, with the id of everything there is."""

import io
import re
import uuid
from collections.abc import Iterator
from typing import Any

from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select
from stories.cast import Stage
from werkzeug.routing import Rule

from auctions.models import Auction, Confirmation, Registration
from marketplace.db import db
from marketplace.deals.models import Deal
from marketplace.listings.models import DefaultCase, Lot, PortfolioUpload
from marketplace.parties.models import Institution, Person
from marketplace.rights.models import Right
from payments.documents.models import Document
from transactions.models import TransactionRecord

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def everybody_looks(stage: Stage) -> None:
    """The visitor and everybody who is signed in open every page that needs no id, and every id they can."""
    for window in (stage.visitor, *(player.window for player in stage.players.values())):
        for path in every_address(stage):
            answer = window.client.get(path, buffered=False)
            window.seen[path] = first_part(answer) if answer.status_code == 200 else ""


def first_part(answer: Any) -> str:
    """The whole answer, of a paper or workbook its text; of a stream, what comes until the first state."""
    if answer.mimetype == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    if answer.mimetype == WORKBOOK:
        book = load_workbook(io.BytesIO(answer.data))
        return "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row)
    if answer.mimetype != "text/event-stream":
        return str(answer.get_data(as_text=True))
    text = ""
    for part in answer.iter_encoded():
        text += part.decode()
        if "event: state" in text:
            break
    answer.close()
    return text


def every_address(stage: Stage) -> list[str]:
    """Every GET address of the application, with the ids of everything there is."""
    with stage.app.app_context():
        known = ids()
        db.session.remove()
    with stage.app.test_request_context():
        return [path for rule in readable(stage.app) for path in addresses(rule, known)]


def ids() -> dict[str, list[Any]]:
    """By the name of a route's argument, the ids of everything there is."""
    models: dict[str, Any] = {
        "lot_id": Lot,
        "case_id": DefaultCase,
        "right_id": Right,
        "upload_id": PortfolioUpload,
        "registration_id": Registration,
        "deal_id": Deal,
        "auction_id": Auction,
        "person_id": Person,
        "institution_id": Institution,
        "record_id": TransactionRecord,
        "document_id": Document,
    }
    found: dict[str, list[Any]] = {
        name: list(db.session.scalars(select(model.id))) for name, model in models.items()
    }
    found["sequence"] = [1, 2, 3, 4]
    found["kind"] = ["jsonl", "csv"]
    found["code"] = [
        code for table in (Confirmation, Document) for code in db.session.scalars(select(table.code))
    ]
    return found


def readable(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            yield rule


def addresses(rule: Rule, known: dict[str, list[Any]]) -> Iterator[str]:
    arguments: list[dict[str, Any]] = [{}]
    for name in sorted(rule.arguments):
        arguments = [one | {name: value} for one in arguments for value in known.get(name, [uuid.uuid4()])]
    for values in arguments:
        built = rule.build(values)
        assert built
        yield built[1]


def without_numbers(page: str, path: str) -> str:
    """A page without its own address, the request's id and its token."""
    page = page.replace(path, "").replace(path.rsplit("/", 1)[0], "")
    page = re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", page)
    return re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}", "", page)
