"""Every failure known from elsewhere (1 to 37: bidding, clock and closing, money) has its named test."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
CASES = range(1, 38)
# Those after them concern live pages, files and people; some have tests already.
KNOWN = range(1, 48)
NAMED = re.compile(r"test_case_([0-9]{2})_[a-z0-9_]+")


def case_tests() -> dict[int, list[ast.FunctionDef]]:
    """The tests of each case, wherever they stand; `pytest -k case_07` runs those of one."""
    found: dict[int, list[ast.FunctionDef]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (name := NAMED.fullmatch(node.name)):
                found.setdefault(int(name[1]), []).append(node)
    return found


def test_every_case_has_its_test() -> None:
    assert set(CASES) <= set(case_tests()) <= set(KNOWN)


def test_every_such_test_says_what_went_wrong() -> None:
    silent = [test.name for tests in case_tests().values() for test in tests if not ast.get_docstring(test)]
    assert silent == []


def test_none_of_them_is_passed_over() -> None:
    """A test that is skipped, or expected to fail, would hide that its fault has come back."""
    decorators = [
        ast.unparse(decorator)
        for tests in case_tests().values()
        for test in tests
        for decorator in test.decorator_list
    ]
    assert [text for text in decorators if "skip" in text or "xfail" in text] == []
