"""The demo's story, seen from the day on which somebody tries it."""

from datetime import timedelta

from demo import cast, loading, story


def test_lots_still_on_offer_are_planned_for_days_to_come() -> None:
    assert timedelta(days=10) + story.LATER > loading.BEGINS_AGO


def test_nobody_can_take_the_demos_account_for_a_real_one() -> None:
    assert "演示账户" in cast.BANK_ACCOUNT
    assert "demonstration" in cast.BANK_ACCOUNT
