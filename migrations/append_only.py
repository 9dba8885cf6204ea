"""Triggers that keep history: an UPDATE or DELETE of a protected table fails in the database itself."""

from alembic import op

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history of % is only added to', TG_TABLE_NAME;
END $$
"""


def protect(table: str) -> None:
    """Refuse UPDATE, DELETE and (where the database knows it) TRUNCATE on `table`."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'history of {table} is only added to'); END"
            )
        return
    op.execute(_POSTGRESQL_FUNCTION)
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_history()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_history()"
    )


def unprotect(table: str) -> None:
    """Drop what `protect` made."""
    if op.get_bind().dialect.name == "sqlite":
        names = [f"{table}_no_update", f"{table}_no_delete"]
    else:
        names = [f"{table}_no_change ON {table}", f"{table}_no_truncate ON {table}"]
    for name in names:
        op.execute(f"DROP TRIGGER {name}")
