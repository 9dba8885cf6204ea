"""The schemas say what the facts are, OpenAPI what the routes are, releases what the standard wants."""

import json
from dataclasses import MISSING, fields
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from transactions.rules.checks import _COUNTS
from transactions.rules.corrections import CORRECTABLE
from transactions.rules.facts import SaleFacts
from transactions.rules.words import LegalEvent
from transactions.sharing.api.descriptions import described
from transactions.sharing.ocds_releases import EXTENSION_FIELDS
from transactions.sharing.rules.lines import PARENT_COUNTRY, PARENT_NUMBER, SET_HERE, TOLD
from transactions.sharing.schema_files import ADDRESS, NAMES, schema, validator

from .contributing import API, a_contributor, ask

PUBLISHED = Path(__file__).parent / "published"
HINTS = get_type_hints(SaleFacts)


def published(name: str) -> Any:
    return json.loads((PUBLISHED / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_one_and_leads_only_to_others(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$id"] == f"{ADDRESS}{name}.json"
    assert list(validator(name).iter_errors(None)) != []


def test_the_schema_of_a_sale_has_every_field_and_no_other() -> None:
    sale, shown = schema("sale"), schema("record")
    assert set(sale["properties"]) == {*TOLD, PARENT_NUMBER, PARENT_COUNTRY}
    assert set(shown["properties"]) == set(HINTS) - {"seller_parent"}
    needed = {one.name for one in fields(SaleFacts) if one.default is MISSING}
    assert set(sale["required"]) == needed - SET_HERE
    assert set(schema("changes")["properties"]) == set(TOLD) & CORRECTABLE


@pytest.mark.parametrize("which", ["sale", "record"])
@pytest.mark.parametrize("name", HINTS)
def test_a_field_is_in_the_schema_what_it_is_in_the_facts(which: str, name: str) -> None:
    described_as, hint = schema(which)["properties"].get(name), HINTS[name]
    if described_as is None:
        assert name in SET_HERE
        return
    kinds = described_as["type"] if isinstance(described_as["type"], list) else [described_as["type"]]
    assert ("null" in kinds) == (NoneType in get_args(hint))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        assert described_as["enum"] == [member.value for member in hint]
    elif bool in {hint, *get_args(hint)}:
        assert "boolean" in kinds
    elif int in {hint, *get_args(hint)} and "array" not in kinds:
        assert "integer" in kinds
    if name in _COUNTS:
        assert (described_as["minimum"], described_as["maximum"]) == _COUNTS[name]
    if name == "legal_events":
        assert described_as["items"]["enum"] == [event.value for event in LegalEvent]


def test_openapi_is_valid_and_names_exactly_the_routes(app: Flask, client: FlaskClient) -> None:
    served = ask(client, f"{API}/openapi.json").json
    rules = published("openapi-3.1-schema.json")
    assert list(Draft202012Validator(rules).iter_errors(served)) == []
    routes = {
        (rule.rule.replace("<uuid:", "{").replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("sharing_api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    told = {(path, method) for path, methods in described()["paths"].items() for method in methods}
    assert told == routes
    references = set(_references(served))
    assert references <= {f"{ADDRESS}{name}.json" for name in NAMES}
    for address in references:
        answer = ask(client, address)
        assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")
    assert ask(client, f"{ADDRESS}nothing.json").status_code == 404
    assert len(ask(client, f"{API}/schemas").json["schemas"]) == len(NAMES)
    assert ask(client, API).json["addresses"]["feed"] == f"{API}/feed"


def _references(document: Any) -> list[str]:
    if isinstance(document, dict):
        own = [document["$ref"]] if isinstance(document.get("$ref"), str) else []
        return own + [one for value in document.values() for one in _references(value)]
    if isinstance(document, list):
        return [one for value in document for one in _references(value)]
    return []


def errors_of_package(package: Any) -> list[str]:
    """Where a package is not what the standard says, formats included."""
    release = published("ocds-release-schema-1.1.5.json")
    registry: Registry[Any] = Registry().with_resources([(release["id"], DRAFT4.create_resource(release))])
    checker = Draft4Validator(
        published("ocds-release-package-schema-1.1.5.json"), registry=registry, format_checker=FormatChecker()
    )
    return [f"{list(error.absolute_path)}: {error.message}" for error in checker.iter_errors(package)]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_releases_are_what_the_standard_wants(app: Flask, client: FlaskClient) -> None:
    sender = a_contributor()
    sent = sender.send(
        client,
        sender.sale("sold", consent_tier="public", classes=["F04B"], start_price_minor=1, bidders=3),
        sender.sale("unsold", outcome="unsold", price_minor=None, channel="auction_dutch"),
        sender.sale("withdrawn", outcome="withdrawn", price_minor=None, channel="private_sale"),
        sender.sale("month", sold_on="2024-06-01", date_precision="month", currency="JPY"),
        sender.sale("sealed", consent_tier="sealed", seller_parent_number="1"),
        sender.sale("taken", channel="creditor_taking", sold_on=None, date_precision="unknown"),
    ).json["lines"]
    assert {line["code"] for line in sent} == {201}, sent
    ids = [line["receipt"]["record"] for line in sent]
    newer = sender.send(client, sender.correction("x", ids[0], price_minor=7)).json["lines"][0]["receipt"]
    sender.send(client, sender.reversal("y", newer["record"]))
    sender.send(client, sender.sale("again", previous=ids[1]))
    whole = ask(client, f"{API}/ocds/releases.json").json
    assert errors_of_package(whole) == []
    releases = {release["id"]: release for release in whole["releases"]}
    assert len(releases) == 8
    assert ids[4] not in releases
    first = releases[ids[0]]
    assert first["ocid"] == f"ocds-luochui-{ids[0]}"
    assert (first["tag"], first["tender"]["status"]) == (["tender", "award", "contract"], "complete")
    assert first["awards"][0]["value"] == {"amount": 100_000, "currency": "CNY"}
    assert first["tender"]["minValue"]["amount"] == 0.01
    assert first["tender"]["title"] == "A pump"
    assert releases[ids[1]]["tender"]["title"].startswith("Invention patent · ")
    assert (releases[ids[1]]["tag"], "awards" in releases[ids[1]]) == (["tender"], False)
    chain = [release for release in whole["releases"] if release["ocid"] == first["ocid"]]
    assert [release["tag"][-1] for release in chain] == ["contract", "contractUpdate", "contractTermination"]
    assert chain[2]["awards"][0]["status"] == "cancelled"
    (related,) = whole["releases"][-1]["relatedProcesses"]
    assert related["identifier"] == f"ocds-luochui-{ids[1]}"
    assert releases[ids[3]]["awards"][0]["value"] == {"amount": 10_000_000, "currency": "JPY"}
    assert releases[ids[3]]["tender"]["disposal"]["datePrecision"] == "month"
    assert "date" not in releases[ids[5]]["awards"][0]
    _pages_and_lines(client, whole["releases"], ids)


def _pages_and_lines(client: FlaskClient, releases: list[Any], ids: list[str]) -> None:
    paged, address = list[Any](), f"{API}/ocds/releases.json?limit=3"
    while address:
        page = ask(client, address).json
        assert errors_of_package(page) == []
        paged += page["releases"]
        address = page.get("links", {}).get("next", "").removeprefix("http://localhost:8000")
    assert paged == releases
    lines = ask(client, f"{API}/ocds/releases.jsonl")
    assert [json.loads(line) for line in lines.text.splitlines()] == releases
    assert lines.headers["Luochui-Next-Offset"] == "9"
    one = ask(client, f"{API}/ocds/releases/{ids[0]}.json").json
    assert (errors_of_package(one), one["releases"]) == ([], releases[:1])
    for missing in (f"releases/{ids[4]}.json", "releases.json?offset=99"):
        assert ask(client, f"{API}/ocds/{missing}").status_code == 404
    extension = ask(client, one["extensions"][0].removeprefix("http://localhost:8000")).json
    assert extension["compatibility"] == ["1.1"]
    patch = ask(client, f"{API}/ocds/extension/release-schema.json").json
    described_fields = patch["definitions"]["Tender"]["properties"]["disposal"]["properties"]
    assert set(described_fields) == set(EXTENSION_FIELDS.values())
    assert all(set(release["tender"]["disposal"]) <= set(described_fields) for release in releases)
