"""Small files, small functions, no floats in the money path: what the linters do not count."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("marketplace", "auctions", "payments", "transactions", "search")
FILE_LINES = 300
FUNCTION_LINES = 50
MEDIAN_FUNCTION_LINES = 12


def sources() -> list[Path]:
    """The Python files that git would ship, migrations' revisions aside."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        ROOT / name for name in listed.stdout.split() if "/versions/" not in name and (ROOT / name).exists()
    ]


def functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        (f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    ]


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {
        str(path): lines for path in sources() if (lines := len(path.read_text().splitlines())) > FILE_LINES
    }
    assert long == {}


def test_no_function_is_longer_than_a_page() -> None:
    product = [path for path in sources() if "tests" not in path.parts]
    assert [entry for path in product for entry in functions(path) if entry[1] > FUNCTION_LINES] == []


def test_the_typical_function_is_short() -> None:
    lines = sorted(size for path in sources() if "tests" not in path.parts for _, size in functions(path))
    assert lines[len(lines) // 2] <= MEDIAN_FUNCTION_LINES


@pytest.mark.parametrize("package", ["auctions", "payments", "marketplace"])
def test_no_float_comes_near_a_price(package: str) -> None:
    floats = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        if path.is_relative_to(ROOT / package)
        and path.name in {"rules.py", "money.py", "waterfall.py", "ledger.py"}
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]
    assert floats == []


def test_nothing_but_the_doors_knows_the_doors() -> None:
    importers = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in PACKAGES
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Import) and any(name.name in {"wsgi", "worker"} for name in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module in {"wsgi", "worker"})
    ]
    assert importers == []


def test_only_atomic_commits() -> None:
    committers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        if path.relative_to(ROOT).parts[0] in PACKAGES and path != ROOT / "marketplace/db.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
        and ast.unparse(node.func.value).endswith("session")
    ]
    assert committers == []
