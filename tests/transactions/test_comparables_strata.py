"""Where the record is searched, in which order, and when that ends."""

from dataclasses import replace

from transactions.comparables.strata import ENOUGH, MOST_READ, Kind, Searched, Strip, enough, strata_of
from transactions.rules.words import AssetType

from .test_comparables import SUBJECT


def test_the_nearest_are_searched_first() -> None:
    found = {stratum.kind: stratum.strips for stratum in strata_of(replace(SUBJECT, country="CN"))}
    assert list(found) == list(Kind)
    assert found[Kind.SAME_FIELD] == (Strip(AssetType.INVENTION, 13),)
    assert {strip.asset_type for strip in found[Kind.SAME_FIELD_OTHER_TYPE]} == {
        AssetType.DESIGN,
        AssetType.PATENT,
        AssetType.UTILITY_MODEL,
    }
    assert [strip.technology_field for strip in found[Kind.SAME_SECTOR]] == [9, 10, 11, 12]
    assert found[Kind.SAME_TYPE] == (Strip(AssetType.INVENTION, without=(9, 10, 11, 12, 13)),)
    assert {strip.without for strip in found[Kind.OTHER_TYPE]} == {(13,)}
    assert [strip.country for strip in found[Kind.SAME_OFFICE]] == ["CN"] * 4


def test_what_is_not_known_is_not_searched_by() -> None:
    unknown = replace(SUBJECT, technology_field=None)
    assert [stratum.kind for stratum in strata_of(unknown)] == [Kind.SAME_TYPE, Kind.OTHER_TYPE]
    mark = replace(unknown, asset_type=AssetType.TRADEMARK)
    assert strata_of(mark)[0].strips == (Strip(AssetType.TRADEMARK),)
    assert len(strata_of(mark)) == 1


def test_the_search_ends_with_enough_sales_or_enough_read() -> None:
    def searched(read: int, sold: int) -> Searched:
        return Searched(Kind.SAME_FIELD, 1000, read, sold)

    assert not enough(())
    assert not enough((searched(100, ENOUGH - 1),))
    assert enough((searched(100, ENOUGH - 1), searched(3, 1)))
    assert enough((searched(MOST_READ, 0),))
