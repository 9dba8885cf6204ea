"""Files that are not as they were written count as no index, and never stop the process."""

import gc
import random
import warnings
from pathlib import Path

import pytest
from engine_documents import of_round

from search.engines import Request, Unavailable
from search.engines.tantivy import TantivyEngine
from search.engines.whoosh import WhooshEngine


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("suffix", [".toc", ".seg", ""])
def test_damaged_files_count_as_no_index(tmp_path: Path, suffix: str, kept: float) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(of_round(1, 50))
    for path in engine.folders.current().iterdir():
        if path.name.endswith(suffix):
            path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    fresh = WhooshEngine(tmp_path)
    with warnings.catch_warnings():
        # Whoosh leaves a file open that it cannot read.
        warnings.simplefilter("ignore", ResourceWarning)
        with pytest.raises(Unavailable):
            fresh.versions()
        gc.collect()
        fresh.rebuild(of_round(3, 5))
        gc.collect()
    assert set(fresh.versions().values()) == {"3"}


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
@pytest.mark.parametrize(
    "suffix", ["meta.json", ".term", ".idx", ".pos", ".fast", ".store", ".fieldnorm", ""]
)
def test_cut_files_of_tantivy_count_as_no_index(tmp_path: Path, suffix: str, kept: float) -> None:
    engine = TantivyEngine(tmp_path)
    engine.rebuild(of_round(1, 50))
    for path in engine.folders.current().iterdir():
        if path.name.endswith(suffix):
            path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    fresh = TantivyEngine(tmp_path)
    with pytest.raises(Unavailable):
        fresh.versions()
    fresh.upsert(of_round(2, 5))
    with pytest.raises(Unavailable):
        fresh.commit()
    fresh.rebuild(of_round(3, 5))
    assert set(fresh.versions().values()) == {"3"}


def test_changed_bytes_in_files_of_tantivy_count_as_no_index(tmp_path: Path) -> None:
    chance = random.Random(2)
    for suffix in (".term", ".idx", ".pos", ".fast", ".store", ".fieldnorm"):
        engine = TantivyEngine(tmp_path / suffix)
        engine.rebuild(of_round(1, 50))
        path = next(engine.folders.current().glob(f"*{suffix}"))
        content = bytearray(path.read_bytes())
        content[chance.randrange(len(content) // 2)] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        fresh = TantivyEngine(tmp_path / suffix)
        with pytest.raises(Unavailable):
            fresh.search(Request())
        with pytest.raises(Unavailable):
            fresh.commit()


def test_writing_to_a_damaged_index_says_so(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(of_round(1, 5))
    for path in engine.folders.current().glob("*.toc"):
        path.write_bytes(b"")
    engine.upsert(of_round(2, 5))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        with pytest.raises(Unavailable):
            engine.commit()
        gc.collect()
