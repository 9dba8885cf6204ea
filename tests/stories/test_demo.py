"""The demo's story, seen from the day on which somebody tries it."""

from datetime import timedelta

from demo import loading, story


def test_lots_still_on_offer_are_planned_for_days_to_come() -> None:
    assert timedelta(days=10) + story.LATER > loading.BEGINS_AGO
