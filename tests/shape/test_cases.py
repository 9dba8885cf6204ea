"""Every failure known from elsewhere (numbers 1 to 24, bidding, clock and closing) has its named test."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
CASES = range(1, 25)
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
    assert sorted(case_tests()) == list(CASES)


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
