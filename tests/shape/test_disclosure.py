"""Nobody reads the shared record but through the rules of disclosure: which module may touch its rows."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("marketplace", "auctions", "payments", "transactions", "search")

# They show what they read, so they ask what may be seen: each calls one of the names below.
SHOWING = {
    "transactions/candidates.py",
    "transactions/contest/views.py",
    "transactions/correcting/routes.py",
    "transactions/disclosure/opendata.py",
    "transactions/disclosure/queries.py",
    "transactions/hedonics/queries.py",
    "transactions/log/routes.py",
    "transactions/market/explorer.py",
    "transactions/market/filters.py",
    "transactions/sharing/service/reading.py",
    "transactions/valuations/materials.py",
}
ASKING = {"shown", "visible_to", "comparable_to", "for_model"}

# They are handed rows or selects by one of those, and build no question of their own about who may see what.
AFTER_SHOWING = {
    "transactions/exporting.py",
    "transactions/hedonics/loading.py",
    "transactions/log/proofs.py",
    "transactions/market/prices.py",
    "transactions/market/queries.py",
    "transactions/sharing/api/ocds.py",
    "transactions/sharing/api/reading.py",
    "transactions/sharing/documents.py",
}

# They write records, seal them, count them for a release or check them; what they read goes to no reader.
KEEPING = {
    "transactions/carrying/earlier.py",
    "transactions/carrying/reversals.py",
    "transactions/commands.py",
    "transactions/contest/service/opening.py",
    "transactions/correcting/invariants.py",
    "transactions/correcting/service.py",
    "transactions/disclosure/counting.py",
    "transactions/disclosure/invariants.py",
    "transactions/disclosure/service/noting.py",
    "transactions/disclosure/service/releasing.py",
    "transactions/disclosure/service/requesting.py",
    "transactions/invariants.py",
    "transactions/log/nodes.py",
    "transactions/log/walking.py",
    "transactions/models.py",
    "transactions/queries.py",
    "transactions/service.py",
    "transactions/sharing/invariants.py",
    "transactions/sharing/models.py",
    "transactions/sharing/queries.py",
    "transactions/sharing/service/submitting.py",
}


def touches(source: str) -> bool:
    """Whether a module knows the table of records, by its class or by its name in SQL."""
    if "TransactionRecord" not in source and "transaction_records" not in source:
        return False
    tree = ast.parse(source)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imported = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    in_sql = any(
        isinstance(text, str) and "transaction_records" in text and "from" in text.lower() for text in texts
    )
    return "TransactionRecord" in names | imported or in_sql


def asks(source: str) -> bool:
    """Whether a module calls a rule of disclosure, or defines one."""
    tree = ast.parse(source)
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    called = {function.id for function in calls if isinstance(function, ast.Name)}
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return bool(ASKING & (called | defined))


def modules() -> dict[str, str]:
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def test_only_known_modules_touch_the_rows_of_the_record() -> None:
    """A new one goes into a list above, once somebody has thought about what its readers may see."""
    touching = {name for name, source in modules().items() if touches(source)}
    assert touching - SHOWING - AFTER_SHOWING - KEEPING == set()


def test_what_shows_records_asks_the_rules_what_may_be_seen() -> None:
    sources = modules()
    assert {name for name in SHOWING if name in sources and not asks(sources[name])} == set()


def test_no_page_or_file_has_rows_that_did_not_pass_the_rules() -> None:
    """Doors are in the lists of those that show, never among those that keep."""
    doors = ("routes.py", "api.py", "exporting.py")
    assert not {name for name in KEEPING if name.endswith(doors) or "/routes/" in name or "/api/" in name}


def test_a_bypass_would_be_found() -> None:
    assert touches(
        "from transactions.models import TransactionRecord as Row\nquery = select(Row.price_minor)"
    )
    assert touches("session.execute(text('SELECT price_minor FROM transaction_records'))")
    assert not touches("from transactions.models import Checkpoint")
    assert not asks("rows = session.scalars(select(TransactionRecord))")
    assert asks("view = shown(record.facts(), reader, on)")
