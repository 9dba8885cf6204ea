"""The census of routes: every view declares who may ask, and the declaration bites."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from marketplace.access import Verb
from marketplace.web import Access, declared_access
from search import service as search

# Addresses whose values stand for something that does not exist.
_VALUES = {"uuid": uuid.UUID(int=7), "int": 7, "string": "nothing", "default": "nothing", "path": "nothing"}


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(app: Flask, rule: Rule) -> str:
    values = {name: _value(rule, name) for name in rule.arguments}
    with app.test_request_context():
        return str(rule.build(values)[1])  # type: ignore[index]


def _value(rule: Rule, name: str) -> object:
    one = rule._converters[name]
    if isinstance(one, AnyConverter):
        return min(one.items)
    converter = type(one).__name__.removesuffix("Converter").lower()
    return _VALUES.get({"unicode": "string", "integer": "int"}.get(converter, converter), "nothing")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_route_declares_its_access(app: Flask) -> None:
    undeclared = [
        rule.endpoint
        for rule in rules(app)
        if not isinstance(declared_access(app.view_functions[rule.endpoint]), Access | Verb)
    ]
    assert undeclared == []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_stranger_gets_nothing_that_is_not_public(app: Flask, client: FlaskClient) -> None:
    for rule in rules(app):
        if declared_access(app.view_functions[rule.endpoint]) is Access.PUBLIC:
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = client.open(address(app, rule), method=method)
            sent_to_sign_in = answer.status_code == 303 and "/sign-in" in answer.headers["Location"]
            assert sent_to_sign_in or answer.status_code in {401, 403, 404}, (method, rule)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_public_page_fails_on_what_does_not_exist(app: Flask, client: FlaskClient) -> None:
    search.index_changed()  # without an index the search is unavailable, as it should say
    for rule in rules(app):
        if declared_access(app.view_functions[rule.endpoint]) is Access.PUBLIC and "GET" in (
            rule.methods or ()
        ):
            answer = client.get(address(app, rule))
            assert answer.status_code < 500, rule
            answer.close()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_answer_carries_the_security_headers(app: Flask, client: FlaskClient) -> None:
    for path in ("/healthz", "/nothing-here"):
        answer = client.get(path)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_view_that_declares_nothing_answers_nobody(app: Flask, client: FlaskClient) -> None:
    app.view_functions["health.alive"] = lambda: "leaked"
    assert client.get("/healthz").status_code == 403


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_post_from_another_site_is_refused(client: FlaskClient) -> None:
    answer = client.post("/language/en", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
