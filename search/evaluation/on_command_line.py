"""`flask search evaluate`. Exit codes: 0 fine, 2 bad input."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

import click

from search.engines import Unavailable
from search.evaluation.reading import BadFolder, read_folder
from search.evaluation.running import Figures, evaluate
from search.evaluation.scratch import KINDS, NoEngine, kind_of, scratch


@click.command("evaluate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--engine", type=click.Choice(KINDS), help="By default the kind that SEARCH_URL names.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(folder: Path, engine: str | None, *, as_json: bool) -> None:
    """Index the documents of FOLDER for once, ask its queries, and measure the answers.

    FOLDER has corpus.jsonl (_id, title, text), queries.jsonl (_id, text) and qrels.tsv (query-id, corpus-id,
    score). No index and no database of the application is touched.
    """
    try:
        kind = engine or kind_of(os.environ)
        read = read_folder(folder)
        with scratch(kind, os.environ) as empty:
            figures = evaluate(empty, read)
    except (BadFolder, NoEngine, Unavailable) as error:
        _stop(str(error))
    if as_json:
        click.echo(json.dumps({"folder": folder.name, "engine": kind, **asdict(figures)}, ensure_ascii=False))
    else:
        click.echo(_text(folder.name, kind, figures))


def _text(name: str, kind: str, figures: Figures) -> str:
    return "\n".join(
        [
            f"{name}: {figures.documents} documents, {figures.queries} queries, {kind}",
            f"nDCG@10     {figures.ndcg_at_10:.4f}",
            f"recall@100  {figures.recall_at_100:.4f}",
            f"MRR@10      {figures.mrr_at_10:.4f}",
            f"indexed     {figures.documents_per_second:,.0f} documents/s",
            f"asked       p50 {figures.p50_ms:.1f} ms, p95 {figures.p95_ms:.1f} ms",
        ]
    )


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(2)
