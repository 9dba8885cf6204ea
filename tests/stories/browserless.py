"""A browser without a screen: opens pages, follows links, sends forms only as they stand there."""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Values = dict[str, list[Any]]


@dataclass
class Form:
    """A form of a page with what it would send untouched."""

    action: str
    method: str
    values: Values = field(default_factory=dict)
    choices: dict[str, set[str]] = field(default_factory=dict)

    def filled(self, changes: dict[str, Any]) -> Values:
        """What it sends after somebody changed these fields; None empties a field, unticks a box."""
        sent = dict(self.values)
        for name, value in changes.items():
            known = name in self.values or name in self.choices
            assert known, f"{self.action} has no field {name}, only {sorted(self.values)}"
            values = value if isinstance(value, list) else [] if value is None else [value]
            if name in self.choices:
                assert set(values) <= self.choices[name], f"{name}: {values} not in {self.choices[name]}"
            sent[name] = values
        return sent


class _Reader(HTMLParser):
    """Reads forms and links; knows as much of HTML as the pages use."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._select: tuple[str, bool] | None = None
        self._first_option: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if "href" in got:
            self.links.append(got["href"])
        self.links += [got[name] for name in ("hx-get", "data-src") if name in got]
        if tag == "form":
            self._form = Form(got.get("action", ""), got.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and (got.get("name") or tag == "option"):
            self._control(self._form, tag, got)

    def _control(self, form: Form, tag: str, got: dict[str, str]) -> None:
        name, value = got.get("name", ""), got.get("value", "")
        kind = got.get("type", "text") if tag == "input" else tag
        if kind in {"checkbox", "radio"}:
            form.choices.setdefault(name, set()).add(value or "on")
            if "checked" in got:
                form.values.setdefault(name, []).append(value or "on")
        elif kind in {"button", "submit"}:
            form.choices.setdefault(name, set()).add(value)
        elif kind == "file":
            form.values.setdefault(name, [])
        elif kind == "textarea":
            self._area = name
            form.values[name] = [""]
        elif kind == "select":
            self._select, self._first_option = (name, "multiple" in got), None
            form.choices.setdefault(name, set())
        elif kind == "option" and self._select:
            self._option(form, value, chosen="selected" in got)
        else:
            form.values.setdefault(name, []).append(value)

    def _option(self, form: Form, value: str, *, chosen: bool) -> None:
        assert self._select
        name, several = self._select
        form.choices[name].add(value)
        if chosen:
            form.values.setdefault(name, []).append(value)
        elif self._first_option is None and not several:
            self._first_option = value

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area is not None:
            self._form.values[self._area] = [(self._form.values[self._area][0] + data).removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select" and self._select and self._form is not None:
            if self._first_option is not None:
                self._form.values.setdefault(self._select[0], [self._first_option])
            self._select = None


class Window:
    """One person's window. `text`, `path` and `status` are those of the page shown.

    Every page that was ever shown stays in `seen`, so that a story can be searched for what it must not say.
    """

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.text, self.path, self.status = client, "", "", 0
        self.seen: dict[str, str] = {}
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        with client.session_transaction() as cookie:
            cookie["language"] = "en"

    def open(self, path: str, status: int = 200) -> "Window":
        """Show a page of this site, wherever it redirects to."""
        return self._show(self.client.get(path), path, status)

    def follow(self, pattern: str, status: int = 200) -> "Window":
        """Click the first link whose address matches."""
        return self.open(self.link(pattern), status)

    def link(self, pattern: str) -> str:
        """The first address on the page that matches: links and what the page fetches later."""
        found = [link for link in self._read().links if re.search(pattern, link)]
        assert found, f"{self.path} links nowhere like {pattern}"
        return found[0]

    def send(self, to: str, status: int = 200, /, **changes: Any) -> "Window":
        """Fill in and send the first form whose address matches `to`; `__` in a name stands for a hyphen."""
        forms = [form for form in self.forms() if re.search(to, form.action or self.path)]
        assert forms, (
            f"{self.path} ({self.status}) has no form to {to}: {[form.action for form in self.forms()]}"
        )
        form = forms[0]
        filled = form.filled({name.replace("__", "-"): value for name, value in changes.items()})
        path = form.action or self.path
        files = any(isinstance(one, tuple) for values in filled.values() for one in values)
        kind = "multipart/form-data" if files else "application/x-www-form-urlencoded"
        answer = self.client.open(path, method=form.method.upper(), data=filled, content_type=kind)
        return self._show(answer, path, status)

    def forge(self, path: str, **data: Any) -> int:
        """Send what no page offers, with this window's own token; returns the status."""
        token = self.forms()[0].values["csrf_token"][0]
        return self.client.post(path, data={"csrf_token": token, **data}).status_code

    def forms(self) -> list[Form]:
        """The forms of the page."""
        return self._read().forms

    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.text)
        return reader

    def _show(self, answer: TestResponse, path: str, status: int) -> "Window":
        for _ in range(5):
            if answer.status_code not in {302, 303}:
                break
            there = urlsplit(answer.headers["Location"])
            path = there.path + (f"?{there.query}" if there.query else "")
            answer = self.client.get(path)
        self.text, self.path, self.status = answer.get_data(as_text=True), path, answer.status_code
        self.seen[path] = self.text
        assert self.status == status, f"{path} answered {self.status}: {self.words[:1500]}"
        return self

    @property
    def words(self) -> str:
        """The page without its markup."""
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", self.text)).split())
