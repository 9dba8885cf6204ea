"""Vendored files are what their manifest says; our own style sheets stay small and keep to the tokens."""

import hashlib
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
VENDOR = STATIC / "vendor"
SHEETS = sorted(STATIC.glob("*.css"))
LINE = re.compile(r"^\| `([^`]+)` \|.*\(`(licences/[^`]+)`\).*`([0-9a-f]{64})` \|$", re.MULTILINE)
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", re.IGNORECASE)


def manifest() -> dict[str, tuple[str, str]]:
    text = (VENDOR / "MANIFEST.md").read_text(encoding="utf-8")
    return {name: (licence, digest) for name, licence, digest in LINE.findall(text)}


def test_every_vendored_file_is_in_the_manifest_with_its_licence() -> None:
    files = {path.name for path in VENDOR.iterdir() if path.suffix in {".js", ".css"}}
    assert files == set(manifest())
    assert all((VENDOR / licence).is_file() for licence, _ in manifest().values())


def test_every_vendored_file_is_unchanged() -> None:
    for name, (_, digest) in manifest().items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_our_style_sheets_are_short(sheet: Path) -> None:
    assert len(sheet.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("sheet", [path for path in SHEETS if path.name not in {"tokens.css", "print.css"}])
def test_colours_come_from_the_tokens(sheet: Path) -> None:
    assert COLOUR.findall(sheet.read_text(encoding="utf-8")) == []


def test_the_two_ways_into_dark_mode_have_the_same_tokens() -> None:
    text = (STATIC / "tokens.css").read_text(encoding="utf-8")
    chosen = re.search(r'data-theme="dark"\] \{(.*?)\}', text, re.DOTALL)
    preferred = re.search(r'not\(\[data-theme="light"\]\) \{(.*?)\}', text, re.DOTALL)
    assert chosen is not None
    assert preferred is not None
    assert chosen[1].split() == preferred[1].split()
