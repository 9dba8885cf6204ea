"""The census of words: every enum that people meet has words for each of its members."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from enum import StrEnum
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import pytest
from catalogue import ROOT
from flask import Flask

from marketplace.rule_packs import NAMES, Sourced, load
from marketplace.rule_packs.words import source_text
from wsgi import PACKAGES

ROAD = ("marketplace", "auctions", "payments", "transactions", "search")
# Where words are kept.
DRAWERS = (".texts", ".home.words")
# What only machines and operators' command lines see.
INTERNAL = {
    "auctions.fair_play.signals.records.TraceKind",
    "auctions.rules.words.Grid",
    "marketplace.access.Scope",
    "marketplace.access.Verb",
    "marketplace.rights.numbers.number.NumberKind",
    "marketplace.taxes.rules.TaxKind",
    "marketplace.web.Access",
    "payments.gateways.Phase",
    "payments.ledger.Layer",
    "payments.rules.CallStatus",
    "search.language.fields.Kind",
    "search.language.tokens.Mark",
    "transactions.comparables.adjustment.Observed",
    "transactions.comparables.values.SaleContext",
    "transactions.disclosure.rules.words.Family",
    "transactions.importing.cells.Problem",
}


def modules() -> Iterator[ModuleType]:
    for package in ROAD:
        for found in walk_packages([str(ROOT / package)], f"{package}."):
            yield import_module(found.name)


MODULES = list(modules())
NAMES_OF_MODULES = {module.__name__ for module in MODULES}


def name_of(kind: type[StrEnum]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


ENUMS = sorted(
    {
        thing
        for module in MODULES
        for thing in vars(module).values()
        if inspect.isclass(thing) and issubclass(thing, StrEnum) and thing.__module__ in NAMES_OF_MODULES
    },
    key=name_of,
)


def worded(kind: type[StrEnum]) -> set[StrEnum]:
    """The members of this very enum that some table of words has; equal values of another do not count."""
    tables = [
        table
        for module in MODULES
        if module.__name__.endswith(DRAWERS)
        for table in vars(module).values()
        if isinstance(table, dict)
    ]
    return {key for table in tables for key in table if type(key) is kind}


@pytest.mark.parametrize("kind", ENUMS, ids=name_of)
def test_every_member_has_words_or_is_internal(kind: type[StrEnum]) -> None:
    found = worded(kind)
    if name_of(kind) in INTERNAL:
        assert not found, "this has words and need not be called internal"
    else:
        assert [member.name for member in kind if member not in found] == []


@pytest.mark.parametrize("kind", [kind for kind in ENUMS if kind.__name__.endswith("Reason")], ids=name_of)
def test_every_refusal_has_its_sentence(kind: type[StrEnum]) -> None:
    if kind.__name__ == "EndReason":  # why an auction found no buyer; nobody is refused
        return
    refusals = [
        getattr(import_module(f"{package}.texts"), "REFUSALS", {})
        for package in PACKAGES
        if f"{package}.texts" in NAMES_OF_MODULES
    ]
    told = {key for table in refusals for key in table if type(key) is kind}
    assert set(kind) == told


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_sentence_of_a_refusal_breaks_on_a_stray_percent_sign(app: Flask) -> None:
    class Anything(dict[str, object]):
        def __missing__(self, _: str) -> str:
            return "1"

    for text in app.extensions["refusal_texts"].values():
        for language in ("en", "zh"):
            with app.test_request_context(headers={"Accept-Language": language}):
                assert str(text) % Anything()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", NAMES)
def test_the_sources_of_a_rule_pack_are_told_in_chinese(app: Flask, name: str) -> None:
    pack = load(name)
    numbers = [getattr(pack, field.name) for field in fields(pack)]
    sources = {number.source for number in numbers if isinstance(number, Sourced)}
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        told = {source: source_text(source) for source in sources}
    assert {source for source, text in told.items() if re.search("[A-Za-z]", text)} == set()
