"""Every template: parses, has the frame, obeys the content security policy, and protects its forms."""

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("marketplace", "auctions", "payments", "transactions", "search")
TEMPLATES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("templates/**/*.html") if path.is_file()
)
# The frame itself and what is only imported.
BARE = {"base.html", "macros.html", "charts.html"}
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
INLINE = (
    (re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE), "an inline script"),
    (re.compile(r"<style\b", re.IGNORECASE), "an inline style sheet"),
    (re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE), "a style attribute"),
    (re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE), "an event handler"),
    (re.compile(r"\bhx-on\b|[\"'(]js:|javascript:", re.IGNORECASE), "an expression that needs eval"),
    (re.compile(r"\|\s*safe\b"), "text that is not escaped"),
    (re.compile(r"autoescape\s+false", re.IGNORECASE), "text that is not escaped"),
    (re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE), "an address of another site"),
)
# Expressions may hold ">" and quotes, which would end a tag or an attribute for the patterns above.
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def source_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_template_parses_with_the_filters_there_are(app: Flask) -> None:
    for path in TEMPLATES:
        app.jinja_env.compile(path.read_text(encoding="utf-8"), name=name_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_page_has_the_frame_and_a_fragment_says_so_by_its_name(path: Path) -> None:
    extends = re.search(r"\{%-?\s*extends\s+(.+?)\s*-?%\}", source_of(path))
    framed = extends is not None and extends[1] in {'"base.html"', "'base.html'", "fragment_frame"}
    inherits = extends is not None and "/" in extends[1]
    assert framed or inherits or path.name.startswith("_") or path.name in BARE


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_nothing_stands_inline_that_the_policy_forbids(path: Path) -> None:
    source = source_of(path)
    plain = EXPRESSION.sub("", source)
    found = [
        what for pattern, what in INLINE if pattern.search(source if "safe" in pattern.pattern else plain)
    ]
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_form_that_changes_something_proves_that_it_is_ours(path: Path) -> None:
    for form in FORM.findall(source_of(path)):
        if re.search(r"<form\b[^>]*method=[\"']post", form, re.IGNORECASE):
            assert re.search(r"csrf_token|csrf\(\)|hidden_tag\(\)|for \w+ in form\b", form), form[:200]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_image_says_what_it_shows(path: Path) -> None:
    plain = EXPRESSION.sub("x", source_of(path))
    assert [tag for tag in re.findall(r"<img\b[^>]*>", plain) if " alt=" not in tag] == []
