"""A reader of Chinese meets no English but data: the demo is played, and its cast look at all their pages."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from uuid import UUID

import pytest
from builders import signed_in
from catalogue import PLACEHOLDER, compile_catalogue, first, messages
from flask import Flask
from flask.testing import FlaskClient
from live_cast import a_stage
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from demo.story import Play
from marketplace.clock import FixedClock
from marketplace.db import db
from marketplace.parties.models import Person

pytestmark = pytest.mark.long

NOT_READ = {"script", "style", "code", "pre"}
READ_ATTRIBUTES = {
    "aria-label",
    "alt",
    "placeholder",
    "title",
    "data-label",
    "data-what",
    "data-passed",
    "data-day",
}
# The demo's data, which happen to be a message elsewhere: the name of a collection of sales.
DATA = {"published"}
LOOKERS = (None, "alice", "amy", "bob", "carol", "olga", "otto", "rita")
# So many pages are looked at of one kind: lots, records of sales and so on.
OF_A_KIND = 3


@dataclass
class Seen:
    """What a page shows and where it leads."""

    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    """Takes a page apart as somebody reads it or hears it read."""

    def __init__(self) -> None:
        super().__init__()
        self.seen, self._hidden = Seen(), 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._hidden += tag in NOT_READ
        self.seen.texts += [
            value for name, value in found.items() if name in READ_ATTRIBUTES or name.endswith("-word")
        ]
        self.seen.links += [
            found[name]
            for name in ("href", "hx-get")
            if found.get(name, "").startswith("/") and tag != "link"
        ]
        if tag == "form" and found.get("method") == "post" and found.get("action"):
            self.seen.forms.append(found["action"])

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in NOT_READ

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.seen.texts.append(" ".join(data.split()))


def read(answer: TestResponse) -> Seen:
    reader = Reader()
    if answer.mimetype == "text/html":
        reader.feed(answer.text)
    answer.close()
    return reader.seen


@cache
def english() -> tuple[frozenset[str], list[list[str]]]:
    """What is English when it is a whole text, and what is wherever it stands: three words and more.

    The latter as the parts of each text between its placeholders.
    """
    told = [first(message.id) for message in messages() if message.id != message.string]
    whole = frozenset(" ".join(text.split()) for text in told if re.search("[A-Za-z]", text)) - DATA
    long = [text for text in told if len(re.findall("[A-Za-z]{2,}", PLACEHOLDER.sub("", text))) >= 3]
    return whole, [PLACEHOLDER.split(" ".join(text.split())) for text in long]


@cache
def is_english(text: str) -> bool:
    whole, long = english()
    return text in whole or any(holds(text, parts) for parts in long)


def holds(text: str, parts: list[str]) -> bool:
    """Whether the parts stand in the text one after the other, with something between them."""
    # Looking for the parts alone is far quicker than the pattern, and nearly always enough.
    if not all(part in text for part in parts):
        return False
    return re.search("(?:.+?)".join(map(re.escape, parts)), text) is not None


def kind_of(app: Flask, path: str, method: str = "GET") -> str:
    """The endpoint of an address; empty for one that is none of ours."""
    try:
        return str(app.url_map.bind("localhost").match(path.partition("?")[0], method)[0])
    except HTTPException:
        return ""


def pages(app: Flask, client: FlaskClient) -> Iterator[tuple[str, Seen]]:
    """The first page, the pages it leads to, and so on; a few of each kind."""
    waiting, met = ["/"], Counter[str]()
    asked = set(waiting)
    while waiting:
        path = waiting.pop(0).partition("#")[0]
        kind = kind_of(app, path)
        met[kind] += 1
        if kind in {"", "static"} or met[kind] > OF_A_KIND:
            continue
        seen = read(client.get(path))
        yield path, seen
        waiting += [link for link in seen.links if link not in asked]
        asked.update(seen.links)


def refusals(app: Flask, client: FlaskClient, found: list[tuple[str, Seen]]) -> Iterator[tuple[str, Seen]]:
    """What the forms of these pages answer when they are sent empty."""
    actions = {kind_of(app, action, "POST"): action for _, seen in found for action in seen.forms}
    for kind, action in actions.items():
        if kind not in {"parties.sign_out", "language.choose"}:
            answer = client.post(action)
            if answer.status_code >= 400:
                yield f"POST {action}", read(answer)


@pytest.fixture
def people(app: Flask, clock: FixedClock) -> dict[str, UUID]:
    """The demo's cast after its play, and a live auction of others."""
    compile_catalogue()
    Play(app, clock, lambda _: None).run()
    stage = a_stage(app, clock)
    stage.bid(stage.carol, "100000.00")
    cast = {person.email.partition("@")[0]: person.id for person in db.session.scalars(select(Person))}
    db.session.remove()
    return cast


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_reader_of_chinese_meets_no_english(app: Flask, people: dict[str, UUID]) -> None:
    english_texts: dict[str, str] = {}
    kinds = set()
    for name in LOOKERS:
        client = app.test_client()
        if name is not None:
            signed_in(client, db.session.get_one(Person, people[name]))
        with client.session_transaction() as cookie:
            cookie["language"] = "zh"
        walked = list(pages(app, client))
        kinds |= {kind_of(app, path) for path, _ in walked}
        for path, seen in [*walked, *refusals(app, client, walked)]:
            english_texts |= {text: f"{name} at {path}" for text in seen.texts if is_english(text)}
    assert english_texts == {}
    assert len(kinds) > 40, "the walk reached so few kinds of pages that it proves little"
