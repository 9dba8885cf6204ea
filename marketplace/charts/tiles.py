"""A map of equal tiles: every unit has the same room, so that small ones can be read and reached."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.charts.axes import WIDTH

SHADES = 5
_GAP = 4


@dataclass(frozen=True, slots=True)
class Tile:
    """One unit of a map.

    Attributes:
        column, row: its place on the grid, from the upper left.
        short: the sign or the letters that stand on it; `name` in full.
        count: what its shade shows; `url` where it leads, or empty.
    """

    code: str
    column: int
    row: int
    short: str
    name: str
    count: int = 0
    url: str = ""
    chosen: bool = False
    told: str = ""


@dataclass(frozen=True, slots=True)
class TileMark:
    """A tile with its place and its shade, 0 (nothing) to `SHADES` (the most)."""

    across: int
    down: int
    shade: int
    tile: Tile


@dataclass(frozen=True, slots=True)
class TileMap:
    """What `charts.html` needs to draw a map of tiles; `limits` are the least counts of the shades."""

    width: int
    height: int
    side_across: int
    side_down: int
    marks: tuple[TileMark, ...]
    limits: tuple[int, ...]


def tile_map(tiles: Sequence[Tile], *, side_down: int = 54) -> TileMap | None:
    """Tiles on their grid; None without any. Shades part the units that have something into equal groups."""
    if not tiles:
        return None
    columns, rows = max(tile.column for tile in tiles) + 1, max(tile.row for tile in tiles) + 1
    side = (WIDTH + _GAP) // columns
    limits = shade_limits([tile.count for tile in tiles])
    marks = tuple(
        TileMark(
            across=tile.column * side,
            down=tile.row * (side_down + _GAP),
            shade=sum(1 for limit in limits if tile.count >= limit),
            tile=tile,
        )
        for tile in tiles
    )
    height = rows * (side_down + _GAP) - _GAP
    return TileMap(WIDTH, height, side - _GAP, side_down, marks, limits)


def shade_limits(counts: Sequence[int]) -> tuple[int, ...]:
    """The least counts of the shades 1, 2 …: at most `SHADES` different ones, the first the least count."""
    found = sorted(count for count in counts if count > 0)
    return tuple(sorted({found[len(found) * shade // SHADES] for shade in range(SHADES)})) if found else ()
