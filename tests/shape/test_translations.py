"""Both languages are complete: whatever the sources say in English, the catalogue says in Chinese."""

import re

import pytest
from catalogue import PLACEHOLDER, PO, catalogue, extracted, first, messages

HAN = "\u4e00-\u9fff"
# ASCII punctuation that stands where Chinese has its own.
HALF_WIDTH = re.compile(rf"[{HAN}）”][,;:!?(]|[,;:!?)][{HAN}（“]|[{HAN}）”]\.(?:\s|$)")
# What is written alike in both languages.
ALIKE = {"receipt.json"}

# Each English term has one Chinese word, that of docs/domain.md.
TERMS = {
    r"\bdeposits?\b": "保证金|预授权",
    r"\bstart price\b": "起拍价",
    r"\breserve price\b": "保留价",
    r"\brule packs?\b": "规则包",
    r"\bmandates?\b": "委托",
    r"\bpledgor\b": "出质人",
    r"\bencumbrances\b": "权利负担",
    r"\bsurplus\b": "剩余价款",
    r"\bcommissions?\b": "佣金",
    r"\bright of first refusal\b": "优先购买权",
    r"\bsecond person\b": "另一",
    r"\balias(es)?\b": "竞买代号",
    r"\bapprovers?\b": "复核人",
    r"\bincrement\b": "加价",
    r"\bforfeited\b": "不予退还",
    r"\bsale-off\b": "变卖",
}


def test_the_catalogue_has_every_message_of_the_sources() -> None:
    have = {first(message.id) for message in messages()}
    lacking = {text: path for text, path in extracted().items() if text not in have}
    assert lacking == {}, "run `make translations` and translate what is new"


def test_the_catalogue_has_no_message_that_the_sources_lost() -> None:
    assert [first(message.id) for message in messages() if first(message.id) not in extracted()] == []
    assert list(catalogue().obsolete) == []


def test_every_message_is_translated_and_none_is_a_guess() -> None:
    assert [message.id for message in messages() if not first(message.string or "").strip()] == []
    assert [message.id for message in messages() if message.fuzzy] == []


def test_chinese_says_it_in_chinese() -> None:
    same = {first(message.id) for message in messages() if message.id == message.string}
    assert same == ALIKE


def test_both_sides_have_the_same_placeholders() -> None:
    def places(text: object) -> list[str]:
        return sorted(PLACEHOLDER.findall(first(text)))

    differing = [message.id for message in messages() if places(message.id) != places(message.string)]
    assert differing == []


def test_chinese_has_one_form_for_every_number() -> None:
    assert catalogue().num_plurals == 1
    plurals = [message for message in messages() if message.pluralizable]
    assert plurals
    assert [message.id for message in plurals if len(message.string or ()) != 1] == []


def test_chinese_has_its_own_punctuation() -> None:
    assert [text for text in map(translation, messages()) if HALF_WIDTH.search(text)] == []


@pytest.mark.parametrize("term", TERMS)
def test_a_term_has_one_word(term: str) -> None:
    chinese, english = re.compile(TERMS[term]), re.compile(term, re.IGNORECASE)
    differing = [
        (first(message.id), translation(message))
        for message in messages()
        if english.search(first(message.id)) and not chinese.search(translation(message))
    ]
    assert differing == []


def test_the_catalogue_is_sorted_and_says_nothing_of_the_machine_that_wrote_it() -> None:
    lines = PO.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("#:")] == []
    assert [line for line in lines if line.startswith('"POT-Creation-Date')] == [
        '"POT-Creation-Date: 2026-11-22 00:00+0000\\n"'
    ]
    ids = [first(message.id) for message in messages()]
    assert ids == sorted(ids)


def translation(message: object) -> str:
    return first(message.string)  # type: ignore[attr-defined]
